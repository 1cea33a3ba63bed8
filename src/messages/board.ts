import type { KnownBlock } from '@slack/types';
import type { ShownIssue, ShownIssues } from '../issues/visible.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import type { ChannelChange } from '../tracker/changes.ts';
import { button, fitting, MOST_CHARACTERS, withoutNonce } from './blocks.ts';
import { ageOf, type Exception, failingWords, followWords, footerOf, readWords } from './footer.ts';
import { context, countOf, encodeView, foldedBy, grouped, headingOf, MOST_WORDS, nothingIn, number } from './list.ts';
import { boardRow, rowWords } from './row.ts';

/**
 * The most rows of a board, which is to be read at a glance. With its headings, it stays below the 50 blocks that
 * Slack allows in a message. https://docs.slack.dev/reference/block-kit/blocks/
 */
export const BOARD_ROWS = 20;
/** The most characters in the rows. The rest of the board has at most 2,000. */
const MOST_CHARACTERS_IN_ROWS = MOST_CHARACTERS - 2_000;
/** A board that waited longer than this says so. */
const LATE_SECONDS = 60;
/** Opens the list for the person alone. */
export const OPEN_LIST = 'board:list';
export const REFRESH_BOARD = 'board:refresh';

/** What a board shows: the first issues of the list, and what changed today, newest first. */
export type BoardContent = { tracked: ShownIssues; today: readonly ChannelChange[] };

/**
 * The board of a channel, for everybody in it: like the list, with what changed today marked. `content` is what counts
 * when two boards are compared: not when Jira was last asked. `lateSeconds`: how long the changes waited.
 */
export function boardMessage(
  { tracked, today }: BoardContent,
  { lateSeconds }: { lateSeconds: number },
): { message: Message; content: string } {
  const { counts } = tracked;
  const open = counts.new + counts.indeterminate;
  const total = countOf(counts, undefined);
  const heading = total === 0 ? nothingIn(undefined) : headingOf(counts, undefined);
  // Done issues come last.
  const issues = tracked.issues.slice(0, Math.min(open, BOARD_ROWS));
  const footer = footerOf(issues.filter((issue) => issue.visible));
  const latest = latestByKey(today);
  const noteOf = (issue: ShownIssue): Exception[] => [
    ...(issue.visible && footer !== undefined ? ageOf(issue, footer) : []),
    ...(issue.visible ? todayOf(latest.get(issue.key)) : []),
  ];
  const rows = fitting(
    MOST_CHARACTERS_IN_ROWS,
    issues.map((issue) => boardRow(issue, noteOf(issue))),
  );
  const shown = issues.slice(0, rows.length);
  const words = [`${heading}.`, ...shown.map((issue) => `${rowWords(issue)}.`)];
  const text = escapeText(truncate(words.join(' '), MOST_WORDS));
  const blocks: KnownBlock[] = [
    { type: 'section', text: { type: 'mrkdwn', text: `*${heading}*` } },
    BUTTONS,
    ...grouped(shown, rows),
    ...(rows.length < open
      ? [context(`1–${number(rows.length)} of ${number(open)} · *Open list* shows them all`)]
      : []),
    ...(counts.done === 0 ? [] : [foldedBy(OPEN_LIST, counts.done, doneToday(today))]),
  ];
  const followed = followWords(tracked.follows);
  const facts = [
    ...(footer === undefined ? [] : readWords(footer)),
    ...(lateSeconds < LATE_SECONDS ? [] : [lateWords(lateSeconds)]),
    ...followed,
  ];
  return {
    message: { text, blocks: [...blocks, ...(facts.length === 0 ? [] : [context(facts.join(' · '))])] },
    content: JSON.stringify(
      [text, blocks, footer === undefined ? [] : failingWords(footer), ...followed],
      withoutNonces,
    ),
  };
}

/** The values of menus have random suffixes, which are not part of what a board says. */
function withoutNonces(name: string, value: unknown): unknown {
  return name === 'value' && typeof value === 'string' ? withoutNonce(value) : value;
}

const BUTTONS: KnownBlock = {
  type: 'actions',
  elements: [
    button(REFRESH_BOARD, 'Refresh', 'board', { accessibility_label: 'Refresh the board from Jira for everyone' }),
    button('open:track', 'Track', 'track', { accessibility_label: 'Track issues in this channel' }),
    button(OPEN_LIST, 'Open list', encodeView({ category: undefined, offset: 0 }), {
      accessibility_label: 'Open the whole list for you alone',
    }),
  ],
};

/** The most telling change of each issue: that it is new, else that it moved, else the newest one. */
function latestByKey(today: readonly ChannelChange[]): ReadonlyMap<string, ChannelChange> {
  const byKey = new Map<string, ChannelChange>();
  for (const change of today) {
    const known = byKey.get(change.key);
    if (known === undefined || weightOf(change) > weightOf(known)) byKey.set(change.key, change);
  }
  return byKey;
}

function weightOf({ what }: ChannelChange): number {
  return what === 'tracked' || what === 'joined' ? 2 : what === 'status' ? 1 : 0;
}

const TODAY: Readonly<Partial<Record<ChannelChange['what'], string>>> = {
  tracked: 'new today',
  joined: 'new today',
  status: 'moved today',
  comment: 'comment today',
};
const TODAY_WIDTH = 13;

function todayOf(change: ChannelChange | undefined): Exception[] {
  if (change === undefined || change.what === 'untracked' || change.what === 'left') return [];
  return [{ words: `*${TODAY[change.what] ?? 'changed today'}*`, width: TODAY_WIDTH }];
}

/** How many issues were done today, and not reopened. */
function doneToday(today: readonly ChannelChange[]): string[] {
  const moves = Map.groupBy(
    today.filter(({ what }) => what === 'status'),
    ({ key }) => key,
  );
  const done = [...moves.values()].filter(([newest]) => newest?.toCategory === 'done').length;
  return done === 0 ? [] : [`*${number(done)} done today*`];
}

function lateWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const late = minutes <= 1 ? 'a minute' : `${number(minutes)} minutes`;
  return `The last changes came here ${late} late`;
}

/** Answers the person who asked for the board; mrkdwn. `news`: what Refresh found, in sentences. */
export function boardWords({ link, isNew, notes, news }: BoardAnswer): string {
  const what = isNew ? `The <${link}|board> is in this channel.` : `The <${link}|board> is up to date.`;
  return [what, ...[...news, ...notes].map(escapeText)].join(' ');
}

export type BoardAnswer = { link: string; isNew: boolean; notes: readonly string[]; news: readonly string[] };
