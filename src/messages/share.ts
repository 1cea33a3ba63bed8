import type { TableBlock } from '@slack/types';
import { CATEGORY_TITLE, type StatusCategory } from '../issue.ts';
import { NOT_VISIBLE, type ShownIssue, type ShownIssues } from '../issues/visible.ts';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { truncate } from '../slack/text.ts';
import { LONGEST_SUMMARY } from './blocks.ts';
import { countOf, number } from './list.ts';

/**
 * Slack allows 100 rows in a table, and 10,000 characters in all its
 * cells. https://docs.slack.dev/reference/block-kit/blocks/table-block
 */
const TABLE_ROWS = 100;
/** The most characters of a status or a name. */
const LONGEST_NAME = 40;
/** The rest is for the header. */
const TABLE_CHARACTERS = 9_500;

/** The list as a table for everyone in the channel, newest first, with as many issues as fit. */
export function sharedMessage(tracked: ShownIssues, category: StatusCategory | undefined, user: string): Message {
  const total = countOf(tracked.counts, category);
  const which = category === undefined ? '' : ` in “${CATEGORY_TITLE[category]}”`;
  const heading = `<@${user}> shares the ${total === 1 ? 'issue' : `${number(total)} issues`}${which} that this channel tracks`;
  let room = TABLE_CHARACTERS;
  const shown: TableBlock['rows'] = [];
  for (const issue of tracked.issues) {
    room -= lengthOf(issue);
    if (room < 0 || shown.length === TABLE_ROWS - 1) break;
    shown.push(tableRow(issue));
  }
  const more = total - shown.length;
  return {
    text: heading,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: heading } },
      {
        type: 'table',
        rows: [['Issue', 'Summary', 'Status', 'Assignee'].map((title) => cell(title)), ...shown],
        column_settings: [{}, { is_wrapped: true }],
      },
      ...(more > 0
        ? [{ type: 'context' as const, elements: [{ type: 'mrkdwn' as const, text: `… and ${number(more)} more` }] }]
        : []),
    ],
  };
}

function lengthOf(issue: ShownIssue): number {
  if (!issue.visible) return issue.key.length + NOT_VISIBLE.length + 2;
  const { key, site, summary, status, assignee = '–' } = issue;
  return key.length + browseUrl(site, key).length + summary.length + status.length + assignee.length;
}

function tableRow(issue: ShownIssue): TableBlock['rows'][number] {
  if (!issue.visible) return [issue.key, NOT_VISIBLE, '', ''].map(cell);
  const { key, site, summary, status, assignee } = issue;
  return [
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url: browseUrl(site, key), text: key }] }],
    },
    cell(truncate(summary, LONGEST_SUMMARY)),
    cell(truncate(status, LONGEST_NAME)),
    cell(truncate(assignee ?? '–', LONGEST_NAME)),
  ];
}

function cell(text: string): { type: 'raw_text'; text: string } {
  // Slack rejects an empty cell.
  return { type: 'raw_text', text: text === '' ? '–' : text };
}
