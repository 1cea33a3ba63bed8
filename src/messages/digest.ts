import type { RichTextBlock, RichTextElement, RichTextList, RichTextSection } from '@slack/types';
import { type DigestEvent, type DigestIssue, type DigestPart, STALE_DAYS } from '../digest.ts';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, harmless, truncate } from '../slack/text.ts';
import { fitting, LONGEST_SUMMARY, lengthOf, MOST_CHARACTERS, section, text } from './blocks.ts';
import { context, MOST_WORDS } from './list.ts';

/** What a digest tells, as the heading of a part and in the form that sets it. */
export const EVENT_TITLES: Readonly<Record<DigestEvent, string>> = {
  done: 'Done',
  reopened: 'Reopened',
  blocked: 'Blocked',
  new: 'New',
  left: 'Left a followed query',
  stale: `No update for ${STALE_DAYS} days`,
  unassigned: 'Unassigned',
  overdue: 'Overdue',
};

/** The most characters of the parts. The rest of the message has at most 1,000. */
const MOST_CHARACTERS_OF_PARTS = MOST_CHARACTERS - 1_000;
/** The most characters of a followed query's name. */
const LONGEST_QUERY = 60;
/** The most issues that the text names. More lines are tedious to read. */
const MOST_LINES = 100;

/** The message of a digest that tells something. */
export function digestMessage(parts: readonly DigestPart[]): Message {
  const keys = [...new Set(parts.flatMap(({ issues }) => issues.map(({ key }) => key)))];
  const counts = countsIn(parts);
  return {
    text: escapeText(truncate(`Digest: ${counts}. ${keys.join(', ')}`, MOST_WORDS)),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*Digest:* ${counts}` } },
      digestBlock(parts),
      context('`/maro changes` shows all changes. `/maro notify` sets what the digest tells, and when.'),
    ],
  };
}

/** How much a digest tells, such as `2 done, 1 stale`. */
function countsIn(parts: readonly DigestPart[]): string {
  return parts.map(({ event, issues }) => `${issues.length.toLocaleString('en')} ${event}`).join(', ');
}

/** The parts of a digest with links: a heading and a list for each. What does not fit into a message is counted. */
export function digestBlock(parts: readonly DigestPart[]): RichTextBlock {
  let room = MOST_CHARACTERS_OF_PARTS;
  const elements = parts.flatMap(({ event, issues }): (RichTextSection | RichTextList)[] => {
    const heading = section({ type: 'text', text: EVENT_TITLES[event], style: { bold: true } });
    room -= lengthOf(heading);
    const items = fitting(
      room,
      issues.map((issue) => issueItem(issue, event)),
    );
    room -= lengthOf(items);
    const more = issues.length - items.length;
    return [
      heading,
      ...(items.length === 0 ? [] : [{ type: 'rich_text_list' as const, style: 'bullet' as const, elements: items }]),
      ...(more === 0 ? [] : [section(text(`… and ${more.toLocaleString('en')} more`))]),
    ];
  });
  return { type: 'rich_text', elements };
}

/** The parts of a digest as plain lines: a heading for each, and a line for each issue, with its link. */
export function digestText(parts: readonly DigestPart[]): string {
  let left = MOST_LINES;
  const lines = parts.flatMap(({ event, issues }) => {
    const named = issues.slice(0, left);
    left -= named.length;
    const more = issues.length - named.length;
    return [
      `${EVENT_TITLES[event]}:`,
      ...named.map((issue) =>
        harmless(`${issue.key} · ${wordsOf(issue, event).join(' · ')} · ${browseUrl(issue.site, issue.key)}`),
      ),
      ...(more === 0 ? [] : [`… and ${more.toLocaleString('en')} more`]),
    ];
  });
  return lines.join('\n');
}

function issueItem(issue: DigestIssue, event: DigestEvent): RichTextSection {
  const link: RichTextElement = { type: 'link', url: browseUrl(issue.site, issue.key), text: issue.key };
  return section(link, text(` ${wordsOf(issue, event).join(' · ')}`));
}

/** The summary and the status of an issue, who works on it, and the followed query with which it came or that it left. */
function wordsOf({ summary, status, assignee, addedVia, left }: DigestIssue, event: DigestEvent): string[] {
  const joined = event === 'new' && addedVia !== undefined ? [`joined by ${truncate(addedVia, LONGEST_QUERY)}`] : [];
  return [
    ...[truncate(summary, LONGEST_SUMMARY), status],
    ...(assignee === undefined ? [] : [assignee]),
    ...joined,
    ...(left === undefined ? [] : [`left ${truncate(left.via, LONGEST_QUERY)}`]),
  ];
}
