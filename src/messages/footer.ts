import type { TrackedIssue } from '../tracker/list.ts';
import { dateToken } from './blocks.ts';

/** What a list says once for its rows: when they were read from Jira, and who tracked them; undefined: a workflow. */
export type Footer = { readAt: Date; trackedBy: string | undefined; isBySeveral: boolean };

/** Rows that were read within this time of the newest one count as read together. */
const TOGETHER_MS = 5 * 60_000;
/** A reading that is this much older than the footer's is told by its day, and a later one by its time. */
const ANOTHER_DAY_MS = 12 * 3_600_000;

/** The footer of a list. It names the oldest of the rows that were read together, and the person who tracked most of the rows. */
export function footerOf(issues: readonly TrackedIssue[]): Footer | undefined {
  if (issues.length === 0) return undefined;
  const newest = Math.max(...issues.map(({ syncedAt }) => syncedAt.getTime()));
  const together = issues.map(({ syncedAt }) => syncedAt.getTime()).filter((at) => at >= newest - TOGETHER_MS);
  const byPerson = [...Map.groupBy(issues, ({ trackedBy }) => trackedBy)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  return { readAt: new Date(Math.min(...together)), trackedBy: byPerson[0]?.[0], isBySeveral: byPerson.length > 1 };
}

/** When the issues were read from Jira, as mrkdwn. */
export function readWords({ readAt }: Footer): string {
  return `Updated from Jira ${dateToken(readAt, '{date_short_pretty} at {time}')}`;
}

/** Who tracked the issues, as mrkdwn. */
export function trackedWords({ trackedBy, isBySeveral }: Footer): string {
  return `Tracked by ${nameOf(trackedBy)}${isBySeveral ? ' unless noted' : ''}`;
}

/** Whether an issue was read earlier than the footer says. */
export function isOlder({ syncedAt }: TrackedIssue, { readAt }: Footer): boolean {
  return syncedAt < readAt;
}

/** What a row says for itself because the footer does not hold for it: mrkdwn, and its width in letters as Slack shows it. */
export type Exception = { words: string; width: number };

/** `as of 12:00 PM`, and `as of Nov 20, 2026`. */
const TIME_WIDTH = 14;
const DAY_WIDTH = 18;
/** `by` and a name of usual length. */
const PERSON_WIDTH = 12;

/** What a row has to say for itself. */
export function exceptions(issue: TrackedIssue, footer: Footer): Exception[] {
  const { syncedAt, trackedBy } = issue;
  const isAnotherDay = footer.readAt.getTime() - syncedAt.getTime() > ANOTHER_DAY_MS;
  const [format, width] = isAnotherDay
    ? (['{date_short_pretty}', DAY_WIDTH] as const)
    : (['{time}', TIME_WIDTH] as const);
  return [
    ...(isOlder(issue, footer) ? [{ words: `as of ${dateToken(syncedAt, format)}`, width }] : []),
    ...(trackedBy === footer.trackedBy ? [] : [{ words: `by ${nameOf(trackedBy)}`, width: PERSON_WIDTH }]),
  ];
}

function nameOf(trackedBy: string | undefined): string {
  return trackedBy === undefined ? 'a workflow' : `<@${trackedBy}>`;
}
