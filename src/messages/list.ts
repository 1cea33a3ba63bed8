import type { KnownBlock, PlainTextOption, SectionBlock } from '@slack/types';
import { CATEGORY_TITLE, STATUS_CATEGORIES, type StatusCategory } from '../issue.ts';
import type { ShownIssue, ShownIssues } from '../issues/visible.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import type { TrackedIssues } from '../tracker/list.ts';
import { button, fitting, MOST_CHARACTERS, plain, withNonce } from './blocks.ts';
import { footerOf, readWords, trackedWords } from './footer.ts';
import { type Notice, noticeBlock } from './notice.ts';
import { row, rowWords } from './row.ts';

/** The part of the list that a message shows. The message's buttons carry it, so that any process can answer them. */
export type ListView = { category: StatusCategory | undefined; offset: number };

/** The most rows on a page. A page with long rows has fewer. */
export const PAGE = 15;
/** The most characters in the rows of a page, including their menus. The rest of the page has at most 2,000. */
const MOST_CHARACTERS_IN_ROWS = MOST_CHARACTERS - 2_000;
/**
 * The most characters of a list in words. Slack advises at most 4,000 in the text of a message.
 * https://docs.slack.dev/reference/methods/chat.postMessage/#truncating
 */
export const MOST_WORDS = 4_000;

/** Encodes a view for the value of a button, such as `indeterminate:15`. */
export function encodeView({ category, offset }: ListView): string {
  return `${category ?? 'all'}:${offset}`;
}

/** Decodes a value from `encodeView`. Any other value gives the first page of all issues. */
export function decodeView(value: string): ListView {
  const [, name, offset] = /^(\w+):(\d{1,9})$/.exec(value) ?? [];
  return { category: STATUS_CATEGORIES.find((category) => category === name), offset: Number(offset ?? 0) };
}

/**
 * A page of the issues that a channel tracks, grouped by status category, with the buttons and menus to act on them.
 * Among all issues, those that are done are folded into one line, unless there are no others.
 */
export function listMessage(tracked: ShownIssues, view: ListView, notice?: Notice): Message {
  const { counts } = tracked;
  const done = view.category === undefined && isAnyOpen(counts) ? counts.done : 0;
  const total = countOf(counts, view.category) - done;
  const heading = total === 0 ? nothingIn(view.category) : headingOf(counts, view.category);
  // Done issues come last, so the page ends where they begin.
  const issues = tracked.issues.slice(0, Math.max(0, total - view.offset));
  const footer = footerOf(issues.filter((issue) => issue.visible));
  const rows = fitting(
    MOST_CHARACTERS_IN_ROWS,
    issues.map((issue) => row(issue, encodeView(view), footer)),
  );
  const shown = issues.slice(0, rows.length);
  const words = [
    ...(notice === undefined ? [] : [notice.text]),
    `${heading}.`,
    ...shown.map((issue) => `${rowWords(issue)}.`),
  ];
  const facts = [
    ...where(total, rows.length, view),
    ...(footer === undefined ? [] : [readWords(footer), trackedWords(footer)]),
  ];
  return {
    text: escapeText(truncate(words.join(' '), MOST_WORDS)),
    blocks: [
      ...(notice === undefined ? [] : [noticeBlock(notice)]),
      { type: 'section', text: { type: 'mrkdwn', text: `*${heading}*` } },
      countOf(counts, undefined) === 0 ? OFFERS : controls(counts, view, total),
      ...grouped(shown, rows),
      ...(done === 0 ? [] : [folded(done)]),
      ...(facts.length === 0 ? [] : [context(facts.join(' · '))]),
      ...paging(total, rows.length, view),
    ],
  };
}

/** What an empty list offers. */
const OFFERS: KnownBlock = {
  type: 'actions',
  elements: [
    button('open:track', 'Track issues', 'track', { style: 'primary' }),
    button('open:create', 'Create an issue', 'create'),
  ],
};

function controls(counts: TrackedIssues['counts'], view: ListView, total: number): KnownBlock {
  const categories = [undefined, ...STATUS_CATEGORIES];
  const options = categories.map(
    (category): PlainTextOption => ({
      text: plain(
        `${category === undefined ? 'All' : CATEGORY_TITLE[category]} (${number(countOf(counts, category))})`,
      ),
      value: encodeView({ category, offset: 0 }),
    }),
  );
  const chosen = options[categories.indexOf(view.category)];
  const share = button('list:share', 'Share', withNonce(encodeView(view)), {
    accessibility_label: 'Share the list with everybody in this channel',
  });
  return {
    type: 'actions',
    elements: [
      button('list:refresh', 'Refresh', encodeView(view), { accessibility_label: 'Refresh the list from Jira' }),
      ...(total === 0 ? [] : [share]),
      { type: 'static_select', action_id: 'list:category', options, ...(chosen ? { initial_option: chosen } : {}) },
    ],
  };
}

/**
 * Puts the rows under the titles of their categories. The issues that Maro must not show come
 * last. `rows[i]` is the row of `issues[i]`.
 */
function grouped(issues: readonly ShownIssue[], rows: readonly SectionBlock[]): KnownBlock[] {
  return [...STATUS_CATEGORIES, undefined].flatMap((category) => {
    const group = rows.filter((_, index) => categoryOf(issues[index]) === category);
    if (group.length === 0) return [];
    return [context(`*${category === undefined ? 'Not visible' : CATEGORY_TITLE[category]}*`), ...group];
  });
}

function categoryOf(issue: ShownIssue | undefined): StatusCategory | undefined {
  return issue?.visible ? issue.category : undefined;
}

/** The line that stands for the issues that are done. Its button shows them, page by page. */
function folded(done: number): SectionBlock {
  const issues = done === 1 ? '1 issue' : `${number(done)} issues`;
  const accessibility_label = `Show ${done === 1 ? '1 done issue' : `${number(done)} done issues`}`;
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `*${CATEGORY_TITLE.done}* · ${issues}` },
    accessory: button('list:done', 'Show', encodeView({ category: 'done', offset: 0 }), { accessibility_label }),
  };
}

/** Which rows of how many a page shows, if it does not show all. */
function where(total: number, shown: number, { offset }: ListView): string[] {
  if (shown >= total && offset === 0) return [];
  return [
    offset >= total
      ? 'No issues left on this page'
      : `${number(offset + 1)}–${number(offset + shown)} of ${number(total)}`,
  ];
}

function paging(total: number, shown: number, { category, offset }: ListView): KnownBlock[] {
  const next = offset + shown;
  const page = (action: string, label: string, to: number) =>
    button(action, label, encodeView({ category, offset: to }), { accessibility_label: `${label} page of issues` });
  const elements = [
    ...(offset > 0 ? [page('list:newer', 'Previous', Math.max(0, offset - PAGE))] : []),
    ...(next < total ? [page('list:older', 'Next', next)] : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

const NAMES: Readonly<Record<StatusCategory, string>> = { indeterminate: 'in-progress', new: 'to-do', done: 'done' };

/** Says which part of the channel's issues a list shows, such as `12 done issues of 46`. */
export function headingOf(counts: TrackedIssues['counts'], category: StatusCategory | undefined): string {
  const total = countOf(counts, undefined);
  if (category !== undefined) return `${issuesOf(counts, category)} of ${number(total)}`;
  if (!isAnyOpen(counts)) return `${issuesOf(counts, category)}, ${counts.done === 1 ? 'done' : 'all done'}`;
  if (counts.done === 0) return issuesOf(counts, category);
  const open = total - counts.done;
  return `${open === 1 ? '1 open issue' : `${number(open)} open issues`} of ${number(total)}`;
}

/** The number of issues in a category or in all, such as `12 done issues` or `1 tracked issue`. */
export function issuesOf(counts: TrackedIssues['counts'], category: StatusCategory | undefined): string {
  const count = countOf(counts, category);
  return `${number(count)} ${category === undefined ? 'tracked' : NAMES[category]} ${count === 1 ? 'issue' : 'issues'}`;
}

export function nothingIn(category: StatusCategory | undefined): string {
  return category === undefined ? 'No issues tracked in this channel yet' : `No ${NAMES[category]} issues`;
}

function isAnyOpen(counts: TrackedIssues['counts']): boolean {
  return counts.new + counts.indeterminate > 0;
}

/** The number of issues in a category, or in all categories. */
export function countOf(counts: TrackedIssues['counts'], category: StatusCategory | undefined): number {
  return category === undefined ? counts.new + counts.indeterminate + counts.done : counts[category];
}

export function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] };
}

/** Formats a number with commas, such as `1,234`. */
export function number(n: number): string {
  return n.toLocaleString('en');
}
