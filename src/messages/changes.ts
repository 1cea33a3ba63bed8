import type { RichTextElement, RichTextList, RichTextSection } from '@slack/types';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import type { ChannelChange, ChannelChanges } from '../tracker/changes.ts';
import { dayWords } from '../zone.ts';
import { button, fitting, LONGEST_SUMMARY, MOST_CHARACTERS, section, text } from './blocks.ts';
import { context, encodeView, MOST_WORDS } from './list.ts';
import { changesIn, sinceWords } from './news.ts';

/** The most changes that a message tells. More of them are counted. */
export const MOST_CHANGES = 100;
/** The most characters of the changes. The rest of the message has at most 1,000. */
const MOST_CHARACTERS_OF_CHANGES = MOST_CHARACTERS - 1_000;
const LONGEST_VALUE = 60;

/** The period that a person asked for, as words that follow a number of changes, such as `today`. Undefined: since the last visit. */
export type Period = { words: string } | undefined;

/** What happened in a channel's issues, grouped by issue, newest first. */
export function changesMessage({ changes, total, since, isFirst }: ChannelChanges, period: Period): Message {
  const heading = `${total === 0 ? 'No changes' : changesIn(total)} ${period?.words ?? sinceWords(since, isFirst)}`;
  const groups = byIssue(changes);
  const parts = fitting(MOST_CHARACTERS_OF_CHANGES, groups.map(issueWithChanges));
  const told = groups.slice(0, parts.length).flat();
  const words = groups.map((group) => `${group[0]?.key ?? ''}: ${group.map((change) => sentence(change)).join('; ')}.`);
  return {
    text: escapeText(truncate([`${plainHeading(total, period)}.`, ...words].join(' '), MOST_WORDS)),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${heading}*` } },
      ...(parts.length === 0 ? [] : [{ type: 'rich_text' as const, elements: parts.flat() }]),
      ...(told.length < total ? [context(`${changesIn(total - told.length)} more`)] : []),
      {
        type: 'actions',
        elements: [button('list:newer', 'Show the list', encodeView({ category: undefined, offset: 0 }))],
      },
    ],
  };
}

function plainHeading(total: number, period: Period): string {
  return `${total === 0 ? 'No changes' : changesIn(total)} ${period?.words ?? 'since you last looked'}`;
}

/** The changes of each issue, in the order of their first. */
export function byIssue(changes: readonly ChannelChange[]): ChannelChange[][] {
  return [...Map.groupBy(changes, ({ key }) => key).values()];
}

/** An issue, and below it what changed, as parts of a rich text. */
export function issueWithChanges(changes: readonly ChannelChange[]): (RichTextSection | RichTextList)[] {
  const [first] = changes;
  if (first === undefined) return [];
  const { key, site, summary } = first;
  const name: RichTextElement = summary === '' ? text(key) : { type: 'link', url: browseUrl(site, key), text: key };
  const items = changes.map((change) =>
    section(...sentenceParts(change), text(' · '), {
      type: 'date',
      timestamp: Math.floor(change.at.getTime() / 1000),
      format: '{date_short_pretty} at {time}',
      fallback: change.at.toISOString().slice(0, 16).replace('T', ' '),
    }),
  );
  return [
    section(name, ...(summary === '' ? [] : [text(` ${truncate(summary, LONGEST_SUMMARY)}`)])),
    { type: 'rich_text_list', style: 'bullet', elements: items },
  ];
}

function sentenceParts(change: ChannelChange): RichTextElement[] {
  const { user, what } = change;
  if (user !== undefined && what === 'joined') {
    return [{ type: 'user', user_id: user }, text(` tracked it by following ${shortened(change.to)}`)];
  }
  if (user !== undefined) return [{ type: 'user', user_id: user }, text(` ${deedOf(change)}`)];
  if (what === 'tracked' || what === 'untracked') return [text(`A workflow ${deedOf(change)}`)];
  return [text(sentence(change))];
}

/** What a sentence about a change says. */
type Sayable = Pick<ChannelChange, 'what' | 'author' | 'from' | 'to'>;

/** A change as a sentence without a period, such as `Ana moved it from To Do to Done`. */
export function sentence(change: Sayable): string {
  const { what, author = 'Someone' } = change;
  if (what === 'hidden') return 'It is not visible to Maro anymore';
  if (what === 'visible') return 'It is visible to Maro again';
  if (what === 'joined') return `It joined by ${shortened(change.to)}`;
  if (what === 'left') return `It left ${shortened(change.to)}`;
  return `${author} ${deedOf(change)}`;
}

function shortened(value: string | undefined): string {
  return truncate(value ?? '', LONGEST_VALUE);
}

/** What somebody did, without the subject. */
function deedOf({ what, from, to }: Sayable): string {
  const [old, now] = [from, to].map((value) => (value === undefined ? undefined : truncate(value, LONGEST_VALUE)));
  switch (what) {
    case 'status':
      return old === undefined ? `moved it to ${now}` : `moved it from ${old} to ${now}`;
    case 'assignee':
      return now === undefined ? `unassigned ${old}` : `assigned it to ${now}`;
    case 'priority':
      if (now === undefined) return 'removed the priority';
      return old === undefined ? `set the priority to ${now}` : `changed the priority from ${old} to ${now}`;
    case 'due date':
      if (now === undefined) return 'removed the due date';
      return old === undefined
        ? `set the due date to ${dayWords(now)}`
        : `changed the due date from ${dayWords(old)} to ${dayWords(now)}`;
    case 'flagged':
      return now === undefined ? 'removed the flag' : 'flagged it';
    case 'summary':
      return old === undefined ? 'renamed it' : `renamed it from “${old}”`;
    case 'moved':
      return old === undefined ? 'moved it to another project' : `moved it here from ${old}`;
    case 'comment':
      return 'commented';
    case 'comment edited':
      return 'edited a comment';
    case 'comment deleted':
      return 'deleted a comment';
    case 'deleted':
      return 'deleted it in Jira';
    case 'tracked':
      return 'tracked it';
    case 'untracked':
      return 'stopped tracking it';
    default:
      return 'changed it';
  }
}
