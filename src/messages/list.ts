import type { Button, KnownBlock, PlainTextOption, SectionBlock } from '@slack/types';
import { CATEGORY_TITLE, STATUS_CATEGORIES, type StatusCategory } from '../issue.ts';
import { NOT_VISIBLE, type ShownIssue, type ShownIssues } from '../issues/visible.ts';
import { isLink } from '../jira/description.ts';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, escapeWithin } from '../slack/text.ts';
import type { TrackedIssues } from '../tracker/list.ts';
import { button, dateToken, fitting, LONGEST_SUMMARY, MOST_CHARACTERS, withNonce } from './blocks.ts';

/** The part of the list that a message shows. The message's buttons carry it, so that any process can answer them. */
export type ListView = { category: StatusCategory | undefined; offset: number };

/** A sentence about what just happened, shown above the list. `undo` is the value of its Undo button. */
export type Notice = { text: string; undo?: string | undefined };

/** The most rows on a page. A page with long rows has fewer. */
export const PAGE = 15;
/** The most characters in the rows of a page, including their menus. The rest of the page has at most 2,000. */
const MOST_CHARACTERS_IN_ROWS = MOST_CHARACTERS - 2_000;
export const LONGEST_NAME = 40;
const LONGEST_NOTICE = 1_000;
/** The most characters in a message link. Slack's permalinks have about 100, but a workflow step can pass any text. */
const LONGEST_LINK = 255;
/**
 * Slack allows 150 characters in the value of an option.
 * https://docs.slack.dev/reference/block-kit/composition-objects/option-object
 */
const LONGEST_VALUE = 150;

/** Encodes a view for the value of a button, such as `indeterminate:15`. */
export function encodeView({ category, offset }: ListView): string {
  return `${category ?? 'all'}:${offset}`;
}

/** Decodes a value from `encodeView`. Any other value gives the first page of all issues. */
export function decodeView(value: string): ListView {
  const [, name, offset] = /^(\w+):(\d{1,9})$/.exec(value) ?? [];
  return { category: STATUS_CATEGORIES.find((category) => category === name), offset: Number(offset ?? 0) };
}

/** A page of the issues that a channel tracks, grouped by status category, with the buttons and menus to act on them. */
export function listMessage(tracked: ShownIssues, view: ListView, command: string, notice?: Notice): Message {
  const total = countOf(tracked, view.category);
  const heading =
    total === 0
      ? emptyList(view.category, command)
      : `${total === 1 ? '1 issue is' : `${number(total)} issues are`} tracked in this channel`;
  const rows = fitting(
    MOST_CHARACTERS_IN_ROWS,
    tracked.issues.map((issue) => row(issue, view)),
  );
  return {
    text: escapeText(notice === undefined ? heading : `${notice.text} ${heading}`),
    blocks: [
      ...(notice === undefined ? [] : [noticeBlock(notice)]),
      { type: 'section', text: { type: 'mrkdwn', text: total === 0 ? heading : `*${heading}*` } },
      controls(tracked, view, total),
      ...grouped(tracked.issues, rows),
      ...paging(total, rows.length, view),
    ],
  };
}

/** A message with a notice alone, and its Undo button if it has one. */
export function noticeMessage(notice: Notice): Message {
  return { text: escapeText(notice.text), blocks: [noticeBlock(notice)] };
}

/** Asks whether to untrack all issues of a category, and says how many there are. */
export function untrackManyMessage(
  counts: TrackedIssues['counts'],
  category: StatusCategory | undefined,
  command: string,
): Message {
  const total = countOf({ counts }, category);
  if (total === 0) return { text: emptyList(category, command) };
  const issues = total === 1 ? '1 issue' : `${number(total)} issues`;
  const which = category === undefined ? 'All' : `“${CATEGORY_TITLE[category]}”:`;
  const question = `${which} ${issues} would be taken off this channel's list. You can undo it afterwards.`;
  return {
    text: question,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: question } },
      {
        type: 'actions',
        elements: [
          button('untrack:all', `Untrack ${issues}`, withNonce(encodeView({ category, offset: 0 })), 'danger'),
          button('untrack:keep', 'Keep them', 'keep'),
        ],
      },
    ],
  };
}

function noticeBlock({ text, undo }: Notice): SectionBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: escapeWithin(text, LONGEST_NOTICE), verbatim: true },
    ...(undo === undefined ? {} : { accessory: button('list:undo', 'Undo', withNonce(undo)) }),
  };
}

function controls(tracked: ShownIssues, view: ListView, total: number): KnownBlock {
  const all: PlainTextOption[] = [undefined, ...STATUS_CATEGORIES].map((category) => ({
    text: plain(`${category === undefined ? 'All' : CATEGORY_TITLE[category]} (${number(countOf(tracked, category))})`),
    value: encodeView({ category, offset: 0 }),
  }));
  const chosen = all[[undefined, ...STATUS_CATEGORIES].indexOf(view.category)];
  const share: Button[] = total === 0 ? [] : [button('list:share', 'Share', withNonce(encodeView(view)))];
  return {
    type: 'actions',
    elements: [
      button('list:refresh', 'Refresh', encodeView(view)),
      ...share,
      {
        type: 'static_select',
        action_id: 'list:category',
        options: all,
        ...(chosen ? { initial_option: chosen } : {}),
      },
    ],
  };
}

/**
 * Puts the rows under the titles of their categories. The issues that Maro must not show come
 * last. `rows[i]` is the row of `issues[i]`; the last issues may have no row.
 */
function grouped(issues: readonly ShownIssue[], rows: readonly SectionBlock[]): KnownBlock[] {
  return [...STATUS_CATEGORIES, undefined].flatMap((category) => {
    const group = rows.filter((_, index) => categoryOf(issues[index]) === category);
    if (group.length === 0) return [];
    const name = category === undefined ? 'Not visible' : CATEGORY_TITLE[category];
    const title: KnownBlock = { type: 'context', elements: [{ type: 'mrkdwn', text: `*${name}*` }] };
    return [title, ...group];
  });
}

function categoryOf(issue: ShownIssue | undefined): StatusCategory | undefined {
  return issue?.visible ? issue.category : undefined;
}

function row(issue: ShownIssue, view: ListView): SectionBlock {
  const untrack = withNonce(`untrack ${encodeView(view)} ${issue.key}`);
  const untracking = untrack.length <= LONGEST_VALUE ? [{ text: plain('Untrack'), value: untrack }] : [];
  if (!issue.visible) return rowOf(`*${issue.key}* ${NOT_VISIBLE}`, untracking);
  const { key, site, summary, status, assignee, trackedBy, trackedAt, syncedAt, messageLink } = issue;
  const who = trackedBy === undefined ? 'a workflow' : `<@${trackedBy}>`;
  const facts = [
    escapeWithin(status, LONGEST_NAME),
    ...(assignee === undefined ? [] : [escapeWithin(assignee, LONGEST_NAME)]),
    `tracked by ${who} ${dateToken(trackedAt)}`,
    `read ${dateToken(syncedAt)}`,
  ];
  const title = `<${browseUrl(site, key)}|${key}> ${escapeWithin(summary, LONGEST_SUMMARY)}`;
  return rowOf(`${title}\n${facts.join(' · ')}`, [
    { text: plain('Open in Jira'), value: 'open', url: browseUrl(site, key) },
    ...untracking,
    ...(isShortLink(messageLink)
      ? [{ text: plain('Where it was mentioned'), value: 'mention', url: messageLink }]
      : []),
  ]);
}

function rowOf(text: string, options: PlainTextOption[]): SectionBlock {
  const menu = options.length === 0 ? {} : { accessory: { type: 'overflow' as const, action_id: 'list:row', options } };
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true }, ...menu };
}

function paging(total: number, shown: number, view: ListView): KnownBlock[] {
  if (shown >= total && view.offset === 0) return [];
  const { category, offset } = view;
  const last = offset + shown;
  const newer = button('list:newer', 'Newer', encodeView({ category, offset: Math.max(0, offset - PAGE) }));
  const older = button('list:older', 'Older', encodeView({ category, offset: last }));
  const elements = [...(offset > 0 ? [newer] : []), ...(last < total ? [older] : [])];
  const where =
    offset >= total
      ? 'Nothing is left on this page'
      : `${number(offset + 1)} to ${number(last)} of ${number(total)}, newest first`;
  return [
    { type: 'context', elements: [{ type: 'mrkdwn', text: where }] },
    ...(elements.length === 0 ? [] : [{ type: 'actions' as const, elements }]),
  ];
}

/** The number of issues in a category, or in all categories. */
export function countOf({ counts }: Pick<TrackedIssues, 'counts'>, category: StatusCategory | undefined): number {
  return category === undefined ? counts.new + counts.indeterminate + counts.done : counts[category];
}

/** Whether the text is an https link that is short enough for an option's URL. */
function isShortLink(text: string | undefined): text is string {
  return text !== undefined && text.length <= LONGEST_LINK && isLink(text);
}

function plain(text: string): { type: 'plain_text'; text: string } {
  return { type: 'plain_text', text };
}

/** Formats a number with commas, such as `1,234`. */
export function number(n: number): string {
  return n.toLocaleString('en');
}

function emptyList(category: StatusCategory | undefined, command: string): string {
  if (category === undefined)
    return `No issues are tracked in this channel yet. Track some with \`${command} track KEY\`.`;
  return `No issues in “${CATEGORY_TITLE[category]}” are tracked in this channel.`;
}
