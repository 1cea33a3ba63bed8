import type { KnownBlock, RichTextElement, RichTextSection } from '@slack/types';
import type { Issue } from '../issue.ts';
import { NOT_VISIBLE } from '../issues/visible.ts';
import { browseUrl, parseKey } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import { button, drawn, fitting, LONGEST_SUMMARY, MOST_CHARACTERS } from './blocks.ts';

/** An issue as far as it could be read just now. */
export type Ticket = Issue | { key: string; url: string | undefined; unread: string };

const LONGEST_NOTE = 1_000;
const LONGEST_NAME = 60;
/** A line of a list; a summary alone has 255 characters. */
/** For the tickets; the note and what else is there take 1,500 at most. */
const MOST_CHARACTERS_OF_TICKETS = MOST_CHARACTERS - 1_500;
/** Slack: a button's value has 2,000 characters. https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const LONGEST_VALUE = 2_000;

/** The blocks of a ticket's message that go when its issues are tracked after all. */
export const UNTRACKED_BLOCKS: readonly string[] = ['note', 'untracked', 'retry'];
/** Those that show the tickets. */
const TICKET_BLOCKS: readonly string[] = ['ticket', 'tickets'];
/** Those that go when they are taken off the list. */
export const TRACKED_BLOCKS: readonly string[] = ['untrack', 'tracked'];

const text = (words: string): RichTextElement => ({ type: 'text', text: words });
const section = (...elements: RichTextElement[]): RichTextSection => ({ type: 'rich_text_section', elements });

/** Keys that the channel should track and does not, or may not: then nobody could look. */
export type Untracked = { keys: readonly string[]; isCertain: boolean };

/**
 * Tickets for everybody in a channel: one as a card with all that is known of it, several as a list. For what the channel should
 * track and does not, a button tries again. Jira's words are rich text, in which nothing pings.
 */
export function ticketMessage(
  tickets: readonly Ticket[],
  {
    note = '',
    untracked = { keys: [], isCertain: true },
    askedBy,
  }: { note?: string; untracked?: Untracked; askedBy?: string | undefined } = {},
): Message {
  const { keys } = untracked;
  const value = drawn(keys.join(' '));
  return {
    text: escapeText([tickets.map(heading).join(', '), note].filter((words) => words !== '').join(' · ')),
    blocks: [
      tickets.length === 1 ? card(tickets) : bulleted(tickets),
      ...(askedBy === undefined ? [] : [person('asked', 'Asked by ', askedBy)]),
      ...(note === '' ? [] : [paragraph('note', truncate(note, LONGEST_NOTE))]),
      ...(keys.length === 0 ? [] : [paragraph('untracked', notTracked(untracked))]),
      ...(keys.length === 0 || value.length > LONGEST_VALUE
        ? []
        : [{ type: 'actions' as const, block_id: 'retry', elements: [button('ticket:track', 'Try again', value)] }]),
      ...(askedBy === undefined || keys.length > 0 ? [] : untrackBlock(tickets.map(({ key }) => key))),
    ],
  };
}

/** In place of the reason why the issues were not tracked; they can be taken off again. */
export function trackedBlocks(user: string, keys: readonly string[]): KnownBlock[] {
  return [person('tracked', 'Tracked in this channel now, by ', user), ...untrackBlock(keys)];
}

/** In place of Untrack; they can be tracked again. */
export function untrackedBlocks(user: string, keys: readonly string[]): KnownBlock[] {
  const again = button('ticket:track', 'Track again', drawn(keys.join(' ')));
  return [
    person('untracked', 'No longer tracked in this channel, by ', user),
    { type: 'actions', block_id: 'retry', elements: [again] },
  ];
}

/** A ticket's message in which nothing but their keys is left of the issues that are hidden. */
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
  const value = drawn(keys.join(' '));
  if (value.length > LONGEST_VALUE) return [];
  const label = keys.length === 1 ? 'Untrack' : 'Untrack all';
  return [{ type: 'actions', block_id: 'untrack', elements: [button('ticket:untrack', label, value)] }];
}

function person(block_id: string, words: string, user: string): KnownBlock {
  return { type: 'rich_text', block_id, elements: [section(text(words), { type: 'user', user_id: user }, text('.'))] };
}

function notTracked({ keys, isCertain }: Untracked): string {
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
