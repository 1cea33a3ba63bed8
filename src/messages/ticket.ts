import type { KnownBlock, RichTextElement, RichTextSection } from '@slack/types';
import type { Issue } from '../issue.ts';
import type { UntrackedKeys } from '../issues/untracked.ts';
import { NOT_VISIBLE } from '../issues/visible.ts';
import { browseUrl, parseKey } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import { button, fitting, LONGEST_SUMMARY, MOST_CHARACTERS, withNonce } from './blocks.ts';

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
 * not track; a button with the label `track` offers to track them. `askedBy` is named, and if there are no untracked keys,
 * a button offers to untrack the tickets. Text from Jira goes into rich text, where it cannot mention anyone.
 */
export function ticketMessage(
  tickets: readonly Ticket[],
  {
    note = '',
    untracked = { keys: [], isCertain: true },
    track = 'Try again',
    askedBy,
  }: { note?: string; untracked?: UntrackedKeys; track?: string; askedBy?: string | undefined } = {},
): Message {
  const { keys } = untracked;
  const value = withNonce(keys.join(' '));
  return {
    text: escapeText([tickets.map(heading).join(', '), note].filter((words) => words !== '').join(' · ')),
    blocks: [
      tickets.length === 1 ? card(tickets) : bulleted(tickets),
      ...(askedBy === undefined ? [] : [person('asked', 'Asked by ', askedBy)]),
      ...(note === '' ? [] : [paragraph('note', truncate(note, LONGEST_NOTE))]),
      ...(keys.length === 0 ? [] : [paragraph('untracked', notTracked(untracked))]),
      ...(keys.length === 0 || value.length > LONGEST_VALUE
        ? []
        : [{ type: 'actions' as const, block_id: 'retry', elements: [button('ticket:track', track, value)] }]),
      ...(askedBy === undefined || keys.length > 0 ? [] : untrackBlock(tickets.map(({ key }) => key))),
    ],
  };
}

/** The blocks that replace `UNTRACKED_BLOCKS`: the person who tracked the issues, and a button to untrack them. */
export function trackedBlocks(user: string, keys: readonly string[]): KnownBlock[] {
  return [person('tracked', 'Tracked in this channel now, by ', user), ...untrackBlock(keys)];
}

/** The blocks that replace `TRACKED_BLOCKS`: the person who untracked the issues, and a button to track them again. */
export function untrackedBlocks(user: string, keys: readonly string[]): KnownBlock[] {
  const again = button('ticket:track', 'Track again', withNonce(keys.join(' ')));
  return [
    person('untracked', 'No longer tracked in this channel, by ', user),
    { type: 'actions', block_id: 'retry', elements: [again] },
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

function untrackBlock(keys: readonly string[]): KnownBlock[] {
  const value = withNonce(keys.join(' '));
  if (value.length > LONGEST_VALUE) return [];
  const label = keys.length === 1 ? 'Untrack' : 'Untrack all';
  return [{ type: 'actions', block_id: 'untrack', elements: [button('ticket:untrack', label, value)] }];
}

function person(block_id: string, words: string, user: string): KnownBlock {
  return { type: 'rich_text', block_id, elements: [section(text(words), { type: 'user', user_id: user }, text('.'))] };
}

function notTracked({ keys, isCertain }: UntrackedKeys): string {
  const [only] = keys;
  const [is, are] = isCertain ? ['is not', 'are not'] : ['may not be', 'may not be'];
  return keys.length === 1
    ? `${only} ${is} tracked in this channel.`
    : `${keys.length} of these issues ${are} tracked in this channel.`;
}

function heading(ticket: Ticket): string {
  return 'unread' in ticket ? ticket.key : `${ticket.key} ${ticket.summary}`;
}

function card(tickets: readonly Ticket[]): KnownBlock {
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

function name(ticket: Ticket): RichTextElement {
  const url = 'unread' in ticket ? ticket.url : browseUrl(ticket.site, ticket.key);
  if (url === undefined) return { type: 'text', text: ticket.key, style: { bold: true } };
  return { type: 'link', url, text: ticket.key, style: { bold: true } };
}

function facts({ type, status, assignee }: Issue): string {
  return [type, status, assignee ?? 'nobody assigned']
    .filter((fact) => fact !== undefined)
    .map((fact) => truncate(fact, LONGEST_NAME))
    .join(' · ');
}

function paragraph(block_id: string, words: string): KnownBlock {
  return { type: 'rich_text', block_id, elements: [section(text(words))] };
}
