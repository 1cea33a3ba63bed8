import { csvLine, csvOf } from '../csv.ts';
import { CATEGORY_TITLE } from '../issue.ts';
import { browseUrl } from '../key.ts';
import type { FileSent } from '../slack/file.ts';
import type { Message } from '../slack/message.ts';
import { plainMrkdwn } from '../slack/text.ts';
import type { ChannelChange } from '../tracker/changes.ts';
import type { TrackedIssue } from '../tracker/list.ts';
import { isoIn } from '../zone.ts';
import { number } from './list.ts';

/** A table to export: its title for people, the name of its file, and its rows, of which the first is the header. */
export type Table = { title: string; name: string; rows: readonly (readonly string[])[] };

/** The most characters of the rows in a message. Slack refuses messages with more than about 13,000 in their blocks. */
const MOST_CHARACTERS = 9_000;
const A_WORKFLOW = 'a workflow';

/** The issues as rows. Times are in the time zone `zone`. `names`: the names of the people who tracked them. */
export function issueRows(
  issues: readonly TrackedIssue[],
  zone: string,
  names: ReadonlyMap<string, string>,
): string[][] {
  const time = (at: Date | undefined) => (at === undefined ? '' : isoIn(zone, at));
  const person = (user: string | undefined) => (user === undefined ? A_WORKFLOW : (names.get(user) ?? user));
  return [
    [
      ...['Key', 'Summary', 'Status', 'Category', 'Assignee', 'Type', 'Priority', `Updated in Jira (${zone})`],
      ...[`Tracked (${zone})`, 'Tracked by', 'Link', `As of (${zone})`],
    ],
    ...issues.map((issue) => [
      ...[issue.key, issue.summary, issue.status, CATEGORY_TITLE[issue.category], issue.assignee ?? ''],
      ...[issue.type ?? '', issue.priority ?? '', time(issue.updatedAt), time(issue.trackedAt)],
      ...[person(issue.trackedBy), browseUrl(issue.site, issue.key), time(issue.syncedAt)],
    ]),
  ];
}

/** The changes as rows, in the same way. */
export function changeRows(
  changes: readonly ChannelChange[],
  zone: string,
  names: ReadonlyMap<string, string>,
): string[][] {
  const person = ({ what, user, author }: ChannelChange) => {
    if (user !== undefined) return names.get(user) ?? user;
    return what === 'tracked' || what === 'untracked' ? A_WORKFLOW : (author ?? '');
  };
  return [
    [`Time (${zone})`, 'Key', 'Summary', 'Change', 'From', 'To', 'By', 'Link'],
    ...changes.map((change) => [
      ...[isoIn(zone, change.at), change.key, change.summary, change.what, change.from ?? '', change.to ?? ''],
      ...[person(change), browseUrl(change.site, change.key)],
    ]),
  ];
}

/** The content of the table's file. */
export function contentOf({ rows }: Table): string {
  return csvOf(rows);
}

/**
 * Says that the person got the file, or shows as many rows as a message can hold if Slack did not take it. `notes`: whole
 * sentences about what the table has.
 */
export function exportMessage(table: Table, sent: FileSent, notes: readonly string[]): Message {
  const said = (...sentences: string[]) => plainMrkdwn([...sentences, ...notes].join(' '));
  if (sent.state === 'sent') {
    return { text: said(`${table.title}: Maro sent you a CSV file, in your direct messages with Maro.`) };
  }
  if (sent.state === 'doubtful') {
    const what = 'Slack didn’t answer in time, so the file may or may not be in your direct messages with Maro.';
    return { text: said(what, 'Look there before you export again.') };
  }
  const { lines, count } = firstLines(table.rows);
  const total = table.rows.length - 1;
  const shown =
    count === total ? 'Here is what it has.' : `Here are the first ${number(count)} of its ${number(total)} rows.`;
  const text = said(`${table.title}: ${reasonOf(sent.code)}`, shown);
  return {
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: lines.join('\n') }] }],
      },
    ],
  };
}

function reasonOf(code: string): string {
  if (code === 'missing_scope') {
    return 'Maro may not send files in this workspace. Ask your Maro admin to allow it (code missing_scope).';
  }
  if (code === 'no_answer') return 'Slack didn’t take the file in time.';
  if (code === 'ratelimited') return 'Slack asked Maro to slow down, so there is no file. Export again in a minute.';
  if (/^(file_|storage_)/.test(code)) return `This workspace doesn’t allow this file (code ${code}).`;
  return `Slack didn’t take the file (code ${code}).`;
}

/** The header and as many whole rows as fit, and how many rows these are without the header. */
function firstLines(rows: Table['rows']): { lines: string[]; count: number } {
  const lines: string[] = [];
  let room = MOST_CHARACTERS;
  for (const row of rows) {
    const line = csvLine(row);
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
  }
  return { lines, count: Math.max(0, lines.length - 1) };
}
