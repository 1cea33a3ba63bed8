import type { DataTableBlock, KnownBlock } from '@slack/types';
import type { Filter } from '../filter.ts';
import type { StatusCategory } from '../issue.ts';
import { NOT_VISIBLE, type ShownIssue, type ShownIssues } from '../issues/visible.ts';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, plainMrkdwn, truncate } from '../slack/text.ts';
import { button, dateToken, LONGEST_SUMMARY } from './blocks.ts';
import { failingWords, footerOf, isOlder } from './footer.ts';
import { context, countOf, encodeView, headingFor, issuesOf, MOST_WORDS, nothingIn, number, PAGE } from './list.ts';
import { rowWords } from './row.ts';

/**
 * Slack allows 100 rows in a table, and 10,000 characters in all its
 * cells. A data table may have one row more.
 * https://docs.slack.dev/reference/block-kit/blocks/table-block
 * https://docs.slack.dev/reference/block-kit/blocks/data-table-block
 */
const TABLE_ROWS = 100;
/** The most issues in a shared table, whose first row is the header. */
export const MOST_SHARED = TABLE_ROWS - 1;
/** The rest is for the header. */
const TABLE_CHARACTERS = 9_500;
/** The most characters of a status or a name. */
const LONGEST_NAME = 40;

/** What a shared list shows: the issues of a category and a filter or all, and the person who shared it. Its Refresh button carries it. */
export type Share = { category: StatusCategory | undefined; filter?: Filter | undefined; user: string };

/** Decodes the value of the Refresh button. */
export function decodeShare(value: string): { view: string; user: string } {
  const [view = '', user = ''] = value.split(' ');
  return { view, user };
}

/** The list as a table for everyone in the channel, in the order of the list, with as many issues as fit. */
export function sharedMessage(tracked: ShownIssues, { category, filter, user }: Share): Message {
  const { issues, counts } = tracked;
  const total = countOf(counts, category);
  const isAll = category === undefined && filter === undefined;
  const what = isAll ? issuesOf(counts, category) : headingFor(tracked, category, total);
  const rows: DataTableBlock['rows'] = [];
  // The issues that Maro must not show come last.
  const ordered = [...issues.filter(({ visible }) => visible), ...issues.filter(({ visible }) => !visible)];
  let room = TABLE_CHARACTERS;
  for (const issue of ordered) {
    room -= lengthOf(issue);
    if (room < 0 || rows.length === MOST_SHARED) break;
    rows.push(tableRow(issue));
  }
  const heading = `<@${user}> shared `;
  const words = ordered.slice(0, rows.length).map((issue) => `${rowWords(issue)}.`);
  const facts = [...more(total - rows.length), ...asOf(issues)];
  return {
    text: `${heading}${escapeText(truncate([`${what}.`, ...words].join(' '), MOST_WORDS))}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `${heading}*${plainMrkdwn(what)}*` } },
      ...table(rows, what, category, filter),
      ...(facts.length === 0 ? [] : [context(facts.join(' · '))]),
      {
        type: 'actions',
        elements: [
          button('share:refresh', 'Refresh', `${encodeView({ category, offset: 0, filter })} ${user}`, {
            accessibility_label: 'Refresh this shared list from Jira for everyone',
          }),
        ],
      },
    ],
  };
}

function table(
  rows: DataTableBlock['rows'],
  caption: string,
  category: StatusCategory | undefined,
  filter: Filter | undefined,
): KnownBlock[] {
  if (rows.length === 0) return filter === undefined ? [context(`${nothingIn(category)}.`)] : [];
  const titles = ['Issue', 'Summary', 'Status', 'Assignee'].map(cell);
  return [{ type: 'data_table', caption, page_size: PAGE, rows: [titles, ...rows] }];
}

function more(count: number): string[] {
  return count > 0 ? [`… and ${number(count)} more`] : [];
}

/** When the issues were read from Jira, and how many of them were read earlier. */
function asOf(issues: readonly ShownIssue[]): string[] {
  const visible = issues.filter((issue) => issue.visible);
  const footer = footerOf(visible);
  if (footer === undefined) return [];
  const older = visible.filter((issue) => isOlder(issue, footer)).length;
  return [
    `As of ${dateToken(footer.readAt, '{date_short_pretty} at {time}')}`,
    ...failingWords(footer),
    ...(older === 0 ? [] : [older === 1 ? '1 issue is older' : `${number(older)} issues are older`]),
  ];
}

function lengthOf(issue: ShownIssue): number {
  if (!issue.visible) return issue.key.length + NOT_VISIBLE.length + 2;
  const { key, site, summary, status, assignee = '–' } = issue;
  return key.length + browseUrl(site, key).length + summary.length + status.length + assignee.length;
}

function tableRow(issue: ShownIssue): DataTableBlock['rows'][number] {
  if (!issue.visible) return [issue.key, NOT_VISIBLE, '', ''].map(cell);
  const { key, site, summary, status, assignee } = issue;
  return [
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url: browseUrl(site, key), text: key }] }],
    },
    cell(truncate(summary, LONGEST_SUMMARY)),
    cell(truncate(status, LONGEST_NAME)),
    cell(truncate(assignee ?? 'Unassigned', LONGEST_NAME)),
  ];
}

function cell(text: string): { type: 'raw_text'; text: string } {
  // Slack rejects an empty cell.
  return { type: 'raw_text', text: text === '' ? '–' : text };
}
