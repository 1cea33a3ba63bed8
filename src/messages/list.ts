import type { KnownBlock, PlainTextOption, SectionBlock } from '@slack/types';
import { decodeFilter, encodeFilter, type Filter } from '../filter.ts';
import { CATEGORY_TITLE, STATUS_CATEGORIES, type StatusCategory } from '../issue.ts';
import type { ShownIssue, ShownIssues } from '../issues/visible.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, plainMrkdwn, truncate } from '../slack/text.ts';
import type { TrackedIssues } from '../tracker/list.ts';
import { button, fitting, MOST_CHARACTERS, plain, withNonce } from './blocks.ts';
import type { Doing } from './doing.ts';
import { matchWords } from './filter.ts';
import { followWords, footerOf, readWords, trackedWords } from './footer.ts';
import { changesIn, newsWords } from './news.ts';
import { type Notice, noticeBlock } from './notice.ts';
import { row, rowWords } from './row.ts';

/** The part of the list that a message shows. The message's buttons carry it, so that any process can answer them. */
export type ListView = { category: StatusCategory | undefined; offset: number; filter?: Filter | undefined };

/** The action of the button that changes several issues. Its value is the encoded view. */
export const SEVERAL = 'list:several';

/** The most rows on a page. A page with long rows has fewer. */
export const PAGE = 15;
/** The most characters in the rows of a page, including their menus. The rest of the page has at most 2,000. */
const MOST_CHARACTERS_IN_ROWS = MOST_CHARACTERS - 2_000;
/**
 * The most characters of a list in words. Slack advises at most 4,000 in the text of a message.
 * https://docs.slack.dev/reference/methods/chat.postMessage/#truncating
 */
export const MOST_WORDS = 4_000;

/** Encodes a view for the value of a button, such as `indeterminate:15`, with its filter at the end. */
export function encodeView({ category, offset, filter }: ListView): string {
  return [category ?? 'all', offset, ...(filter === undefined ? [] : [encodeFilter(filter)])].join(':');
}

/** Decodes a value from `encodeView`. Any other value gives the first page of all issues. */
export function decodeView(value: string): ListView {
  const [, name, offset, filter = ''] = /^(\w+):(\d{1,9})(?::(\S+))?$/.exec(value) ?? [];
  const view = { category: STATUS_CATEGORIES.find((category) => category === name), offset: Number(offset ?? 0) };
  return filter === '' ? view : { ...view, filter: decodeFilter(filter) };
}

/**
 * A page of the issues that a channel tracks, grouped by status category, with the buttons and menus to act on them.
 * Among all issues, those that are done are folded into one line, unless there are no others. The rows of the
 * issues that Maro is changing show `doing`.
 */
export function listMessage(tracked: ShownIssues, view: ListView, notice?: Notice, doing?: Doing): Message {
  const { counts } = tracked;
  const news = view.category === undefined && view.offset === 0 && tracked.news?.count ? tracked.news : undefined;
  const done = view.category === undefined && isAnyOpen(counts) ? counts.done : 0;
  const total = countOf(counts, view.category) - done;
  const heading = headingFor(tracked, view.category, total);
  // Done issues come last, so the page ends where they begin.
  const issues = tracked.issues.slice(0, Math.max(0, total - view.offset));
  const footer = footerOf(issues.filter((issue) => issue.visible));
  const encoded = encodeView(view);
  const rows = fitting(
    MOST_CHARACTERS_IN_ROWS,
    issues.map((issue) => row(issue, encoded, footer, doing)),
  );
  const shown = issues.slice(0, rows.length);
  const words = [
    ...(notice === undefined ? [] : [notice.text]),
    `${heading}.`,
    ...(news === undefined ? [] : [`${changesIn(news.count)} since you last looked.`]),
    ...shown.map((issue) => `${rowWords(issue, doing)}.`),
  ];
  const facts = [
    ...where(total, rows.length, view),
    ...(footer === undefined ? [] : [...readWords(footer), trackedWords(footer)]),
    ...followWords(tracked.follows),
  ];
  return {
    text: escapeText(truncate(words.join(' '), MOST_WORDS)),
    blocks: [
      ...(notice === undefined ? [] : [noticeBlock(notice)]),
      tracked.filtered === undefined ? headed(heading, news) : unfiltering(heading, view),
      countInChannel(tracked) === 0 ? OFFERS : controls(counts, view, total),
      ...grouped(shown, rows),
      ...(done === 0 ? [] : [foldedBy('list:done', done, [], view.filter)]),
      ...(facts.length === 0 ? [] : [context(facts.join(' · '))]),
      ...paging(total, rows.length, view),
    ],
  };
}

/** The heading, and how much changed since the person's last visit, with a button that shows it. */
function headed(heading: string, news: TrackedIssues['news']): SectionBlock {
  const text = { type: 'mrkdwn' as const, text: `*${heading}*` };
  if (news === undefined) return { type: 'section', text };
  const accessory = button('changes:show', 'See changes', 'visit', { accessibility_label: 'See what changed' });
  return { type: 'section', text: { ...text, text: `${text.text}\n${newsWords(news.count, news.since)}` }, accessory };
}

/** The heading of a list with a filter, and a button that shows the list without it. */
function unfiltering(heading: string, { category }: ListView): SectionBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `*${plainMrkdwn(heading)}*`, verbatim: true },
    accessory: button('list:unfilter', 'Clear filter', encodeView({ category, offset: 0 }), {
      accessibility_label: 'Clear the filter, and show the other issues too',
    }),
  };
}

/** What an empty list offers. */
const OFFERS: KnownBlock = {
  type: 'actions',
  elements: [
    button('list:track', 'Track issues', 'track', { style: 'primary' }),
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
      value: encodeView({ ...view, category, offset: 0 }),
    }),
  );
  const chosen = options[categories.indexOf(view.category)];
  const share = button('list:share', 'Share', withNonce(encodeView(view)), {
    accessibility_label: 'Share the list with everyone in this channel',
  });
  const file = button('list:export', 'Export', encodeView(view), {
    accessibility_label: 'Export the list as a CSV file, to your direct messages with Maro',
  });
  return {
    type: 'actions',
    elements: [
      button('list:refresh', 'Refresh', encodeView(view), { accessibility_label: 'Refresh the list from Jira' }),
      ...(total === 0 ? [] : [share, file]),
      ...(total < 2
        ? []
        : [button(SEVERAL, 'Change several…', encodeView(view), { accessibility_label: 'Change several issues' })]),
      { type: 'static_select', action_id: 'list:category', options, ...(chosen ? { initial_option: chosen } : {}) },
    ],
  };
}

/**
 * Puts the rows under the titles of their categories. The issues that Maro must not show come
 * last. `rows[i]` is the row of `issues[i]`.
 */
export function grouped(issues: readonly ShownIssue[], rows: readonly SectionBlock[]): KnownBlock[] {
  return [...STATUS_CATEGORIES, undefined].flatMap((category) => {
    const group = rows.filter((_, index) => categoryOf(issues[index]) === category);
    if (group.length === 0) return [];
    return [context(`*${category === undefined ? 'Not visible' : CATEGORY_TITLE[category]}*`), ...group];
  });
}

function categoryOf(issue: ShownIssue | undefined): StatusCategory | undefined {
  return issue?.visible ? issue.category : undefined;
}

/**
 * The line that stands for the issues that are done, with words about them, as mrkdwn. Its button, whose action is `action`,
 * shows them, page by page.
 */
export function foldedBy(
  action: string,
  done: number,
  news: readonly string[] = [],
  filter: Filter | undefined = undefined,
): SectionBlock {
  const issues = [done === 1 ? '1 issue' : `${number(done)} issues`, ...news].join(' · ');
  const accessibility_label = `Show ${done === 1 ? '1 done issue' : `${number(done)} done issues`}`;
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `*${CATEGORY_TITLE.done}* · ${issues}` },
    accessory: button(action, 'Show', encodeView({ category: 'done', offset: 0, filter }), { accessibility_label }),
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

function paging(total: number, shown: number, view: ListView): KnownBlock[] {
  const { offset } = view;
  const next = offset + shown;
  const page = (action: string, label: string, to: number) =>
    button(action, label, encodeView({ ...view, offset: to }), { accessibility_label: `${label} page of issues` });
  const elements = [
    ...(offset > 0 ? [page('list:newer', 'Previous', Math.max(0, offset - PAGE))] : []),
    ...(next < total ? [page('list:older', 'Next', next)] : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

const NAMES: Readonly<Record<StatusCategory, string>> = { indeterminate: 'in-progress', new: 'to-do', done: 'done' };

/** How many issues the channel tracks, whichever of them a list shows. */
function countInChannel({ counts, filtered }: ShownIssues): number {
  return filtered?.total ?? countOf(counts, undefined);
}

/** The heading of a list of which `total` issues are shown, page by page: which part of the channel's issues, and by which filter. */
export function headingFor(
  tracked: Pick<ShownIssues, 'counts' | 'filtered'>,
  category: StatusCategory | undefined,
  total: number,
): string {
  const { counts, filtered } = tracked;
  if (filtered === undefined) return total === 0 ? nothingIn(category) : headingOf(counts, category);
  if (filtered.total === 0) return nothingIn(undefined);
  const isOpen = category === undefined && total < countOf(counts, undefined);
  return `${matchWords(filtered, isOpen ? 'open' : partOf(category), total)}, of ${number(filtered.total)}`;
}

/** What issues of a category are called, such as `in-progress`. Undefined for all of them. */
export function partOf(category: StatusCategory | undefined): string | undefined {
  return category && NAMES[category];
}

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
  return n < 1_000 ? String(n) : n.toLocaleString('en');
}
