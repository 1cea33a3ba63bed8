import type { Button, KnownBlock, RichTextElement, RichTextSection } from '@slack/types';
import type { Issue } from '../issue.ts';
import type { UntrackedKeys } from '../issues/untracked.ts';
import { NOT_VISIBLE } from '../issues/visible.ts';
import { browseUrl, parseKey } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import { button, fitting, LONGEST_SUMMARY, MOST_CHARACTERS, withNonce } from './blocks.ts';
import { encodeIssueAct, MORE, MOVE, parseIssueAct } from './issue-act.ts';

/** An issue, or the key of an issue that could not be read, with a phrase that says why. */
export type Ticket = Issue | { key: string; url: string | undefined; unread: string };

const LONGEST_NOTE = 1_000;
const LONGEST_NAME = 60;
/** The most characters for the tickets. The note and the rest of the message have at most 1,500. */
const MOST_CHARACTERS_OF_TICKETS = MOST_CHARACTERS - 1_500;
/**
 * Slack allows 2,000 characters in the value of a button.
 * https://docs.slack.dev/reference/block-kit/block-elements/button-element
 */
const LONGEST_VALUE = 2_000;

/** The block_ids that are removed from a ticket's message when its issues are tracked. */
export const UNTRACKED_BLOCKS: readonly string[] = ['note', 'untracked', 'retry'];
/** The block_ids of the blocks that show the tickets. */
const TICKET_BLOCKS: readonly string[] = ['ticket', 'tickets'];
/** The block_ids that are removed from a ticket's message when its issues are untracked. */
export const TRACKED_BLOCKS: readonly string[] = ['untrack', 'tracked'];

const text = (words: string): RichTextElement => ({ type: 'text', text: words });
const section = (...elements: RichTextElement[]): RichTextSection => ({ type: 'rich_text_section', elements });

/**
 * A message that shows one ticket as a card, or several as a list. `untracked` are keys that the channel does
 * not track; a button with the label `track` offers to track them. `askedBy` is named on top, with `headline`, the words for
 * what that person did, such as `created PLAT-12`. If there are no untracked keys, a button offers to untrack the tickets.
 * Text from Jira goes into rich text, where it cannot mention anyone.
 */
export function ticketMessage(
  tickets: readonly Ticket[],
  {
    note = '',
    untracked = { keys: [], isCertain: true },
    track = 'Try again',
    askedBy,
    headline = '',
  }: {
    note?: string;
    untracked?: UntrackedKeys;
    track?: string;
    askedBy?: string | undefined;
    headline?: string;
  } = {},
): Message {
  const { keys } = untracked;
  const open = issueButtons(tickets);
  const about = askedBy === undefined || headline === '' ? '' : `<@${askedBy}> ${escapeText(headline)}: `;
  const words = about === '' ? tickets.map(heading) : tickets.map(tickets.length === 1 ? summaryOf : ({ key }) => key);
  return {
    text: about + escapeText([words.join(', '), note].filter((words) => words !== '').join(' · ')),
    blocks: [
      ...(askedBy === undefined ? [] : [headlineBlock(askedBy, headline, tickets)]),
      tickets.length === 1 ? card(tickets) : bulleted(tickets),
      ...(note === '' ? [] : [paragraph('note', truncate(note, LONGEST_NOTE))]),
      ...(keys.length === 0 ? [] : [paragraph('untracked', notTracked(untracked))]),
      ...(keys.length === 0
        ? actions('untrack', [...open, ...(askedBy === undefined ? [] : untrackButtons(tickets.map(({ key }) => key)))])
        : actions('retry', [...open, ...valued('ticket:track', track, keys)])),
    ],
  };
}

/** The buttons of a ticket's only issue, to open it in Jira and to act on it, in the blocks of a ticket's message. */
export function issueButtonsIn(blocks: readonly KnownBlock[] = []): Button[] {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return elements.filter(
    (element): element is Button =>
      element.type === 'button' && (element.url !== undefined || parseIssueAct(element.value ?? '') !== undefined),
  );
}

/** The blocks that replace `UNTRACKED_BLOCKS`: the person who tracked the issues, and a button to untrack them. */
export function trackedBlocks(user: string, keys: readonly string[], open: readonly Button[]): KnownBlock[] {
  return [
    person('tracked', 'Tracked in this channel by ', user),
    ...actions('untrack', [...open, ...untrackButtons(keys)]),
  ];
}

/** The blocks that replace `TRACKED_BLOCKS`: the person who untracked the issues, and a button to track them again. */
export function untrackedBlocks(user: string, keys: readonly string[], open: readonly Button[]): KnownBlock[] {
  return [
    person('untracked', 'Untracked in this channel by ', user),
    ...actions('retry', [...open, ...valued('ticket:track', 'Track again', keys)]),
  ];
}

/** Returns a ticket's message with each hidden issue reduced to its key. */
export function withoutHidden({ text: words, blocks = [] }: Message, isHidden: (key: string) => boolean): Message {
  const keys: string[] = [];
  const hide = (line: RichTextSection): RichTextSection => {
    const [name] = line.elements;
    const key = name !== undefined && 'text' in name && typeof name.text === 'string' ? parseKey(name.text) : undefined;
    if (key === undefined) return line;
    keys.push(key);
    return isHidden(key) ? section({ type: 'text', text: key, style: { bold: true } }, text(` ${NOT_VISIBLE}`)) : line;
  };
  const shown = blocks.map((block) => {
    if (block.type !== 'rich_text' || !TICKET_BLOCKS.includes(String(block.block_id))) return block;
    const elements = block.elements.map((element) => {
      if (element.type === 'rich_text_section') return hide(element);
      return element.type === 'rich_text_list' ? { ...element, elements: element.elements.map(hide) } : element;
    });
    return { ...block, elements };
  });
  return { text: keys.some(isHidden) ? keys.join(', ') : words, blocks: shown };
}

function untrackButtons(keys: readonly string[]): Button[] {
  return valued('ticket:untrack', keys.length === 1 ? 'Untrack' : 'Untrack all', keys);
}

/** A button with these keys as its value, unless they are too many for it. */
function valued(action_id: string, label: string, keys: readonly string[]): Button[] {
  const value = withNonce(keys.join(' '));
  return value.length > LONGEST_VALUE ? [] : [button(action_id, label, value)];
}

function issueButtons(tickets: readonly Ticket[]): Button[] {
  const [ticket, ...others] = tickets;
  const url = ticket === undefined || others.length > 0 ? undefined : urlOf(ticket);
  if (ticket === undefined || url === undefined) return [];
  const key = parseKey(ticket.key);
  return [
    { ...button('ticket:open', 'Open', 'open'), url },
    ...(key === undefined || 'unread' in ticket
      ? []
      : [
          button(MOVE, 'Move to…', encodeIssueAct({ action: MOVE, key }), {
            accessibility_label: `Move ${key} to another status`,
          }),
          button(MORE, 'More…', encodeIssueAct({ action: MORE, key }), {
            accessibility_label: `More for ${key}: assign, comment, priority`,
          }),
        ]),
  ];
}

function actions(block_id: string, elements: Button[]): KnownBlock[] {
  return elements.length === 0 ? [] : [{ type: 'actions', block_id, elements }];
}

/** The person, and what the person did. The keys of the tickets are links. */
function headlineBlock(user: string, headline: string, tickets: readonly Ticket[]): KnownBlock {
  if (headline === '') return person('asked', 'Requested by ', user);
  const keys = new Map(tickets.map((ticket) => [ticket.key, ticket]));
  const parts = headline.split(/(\s+)/).map((part): RichTextElement => {
    const ticket = keys.get(part);
    return ticket === undefined ? text(part) : name(ticket);
  });
  const words = parts.filter((part) => part.type !== 'text' || part.text !== '');
  return {
    type: 'rich_text',
    block_id: 'asked',
    elements: [section({ type: 'user', user_id: user }, text(' '), ...words)],
  };
}

function person(block_id: string, words: string, user: string): KnownBlock {
  return { type: 'rich_text', block_id, elements: [section(text(words), { type: 'user', user_id: user }, text('.'))] };
}

function notTracked({ keys, isCertain }: UntrackedKeys): string {
  const [only] = keys;
  const [is, are] = isCertain ? ['isn’t', 'aren’t'] : ['might not be', 'might not be'];
  return keys.length === 1
    ? `${only} ${is} tracked in this channel.`
    : `${keys.length} of these issues ${are} tracked in this channel.`;
}

function heading(ticket: Ticket): string {
  return 'unread' in ticket ? ticket.key : `${ticket.key} ${ticket.summary}`;
}

function summaryOf(ticket: Ticket): string {
  return 'unread' in ticket ? ticket.key : ticket.summary;
}

/** The block that shows the only ticket of a message. */
export function card(tickets: readonly Ticket[]): KnownBlock {
  return {
    type: 'rich_text',
    block_id: 'ticket',
    elements: tickets.flatMap((ticket) =>
      'unread' in ticket
        ? [section(name(ticket), text(`\n${ticket.unread}`))]
        : [section(name(ticket), text(` ${ticket.summary}\n${facts(ticket)}`))],
    ),
  };
}

function bulleted(tickets: readonly Ticket[]): KnownBlock {
  const items = tickets.map((ticket) =>
    'unread' in ticket
      ? section(name(ticket), text(` ${ticket.unread}`))
      : section(name(ticket), text(` ${truncate(ticket.summary, LONGEST_SUMMARY)} · ${facts(ticket)}`)),
  );
  const shown = fitting(MOST_CHARACTERS_OF_TICKETS, items);
  const more = items.length - shown.length;
  return {
    type: 'rich_text',
    block_id: 'tickets',
    elements: [
      { type: 'rich_text_list', style: 'bullet', elements: shown },
      ...(more > 0 ? [section(text(`… and ${more} more`))] : []),
    ],
  };
}

function urlOf(ticket: Ticket): string | undefined {
  return 'unread' in ticket ? ticket.url : browseUrl(ticket.site, ticket.key);
}

function name(ticket: Ticket): RichTextElement {
  const url = urlOf(ticket);
  if (url === undefined) return { type: 'text', text: ticket.key, style: { bold: true } };
  return { type: 'link', url, text: ticket.key, style: { bold: true } };
}

function facts({ type, status, assignee }: Issue): string {
  return [type, status, assignee ?? 'Unassigned']
    .filter((fact) => fact !== undefined)
    .map((fact) => truncate(fact, LONGEST_NAME))
    .join(' · ');
}

function paragraph(block_id: string, words: string): KnownBlock {
  return { type: 'rich_text', block_id, elements: [section(text(words))] };
}
