import { plainMrkdwn, truncate } from '../slack/text.ts';
import type { TrackedIssue, TrackedIssues } from '../tracker/list.ts';
import { dateToken } from './blocks.ts';

/** What a list says once for its rows. */
export type Footer = {
  /** When the rows were read from Jira, or up to when all changes in them were. */
  readAt: Date;
  /** Since when Maro cannot read their Jira site, and why; undefined if it has read some of them since. */
  failing: TrackedIssue['failing'];
  /** Who tracked them; undefined: a workflow. */
  trackedBy: string | undefined;
  isBySeveral: boolean;
};

/** How the sync with Jira goes, as mrkdwn. Undefined: it has never run. */
export function syncWords(sync: { deltaAt: Date | undefined; failing: TrackedIssue['failing'] } | undefined): string {
  const read = sync?.deltaAt && `Updated from Jira ${dateToken(sync.deltaAt, MOMENT)}`;
  const said = [...(read ? [read] : []), ...failingWords({ failing: sync?.failing })];
  return said.length === 0 ? 'Maro hasn’t read changes from Jira yet.' : said.join(' · ');
}

const MOMENT = '{date_short_pretty} at {time}';
/** What Jira does instead of answering, by the kind of the JiraTrouble. */
const FAILURES: Readonly<Record<string, string>> = {
  no_answer: 'Jira hasn’t answered',
  rate_limited: 'Jira has asked Maro to slow down',
  login_refused: 'Jira has refused Maro’s login',
};

/** The most characters of a followed query's name. */
const LONGEST_NAME = 40;

/** Rows that were read within this time of the newest one count as read together. */
const TOGETHER_MS = 5 * 60_000;
/** A row that was read this much earlier than the footer says shows the day of its reading. Other rows show the time. */
const ANOTHER_DAY_MS = 12 * 3_600_000;

/** The footer of a list. It names the oldest of the rows that were read together, and the person who tracked most of the rows. */
export function footerOf(issues: readonly TrackedIssue[]): Footer | undefined {
  if (issues.length === 0) return undefined;
  const newest = Math.max(...issues.map(({ syncedAt }) => syncedAt.getTime()));
  const together = issues.filter(({ syncedAt }) => syncedAt.getTime() >= newest - TOGETHER_MS);
  const readAt = new Date(Math.min(...together.map(({ syncedAt }) => syncedAt.getTime())));
  const failing = together.find(
    (issue) => issue.failing !== undefined && issue.failing.since >= issue.syncedAt,
  )?.failing;
  const byPerson = [...Map.groupBy(issues, ({ trackedBy }) => trackedBy)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  return { readAt, failing, trackedBy: byPerson[0]?.[0], isBySeveral: byPerson.length > 1 };
}

/** When the issues were read from Jira, and since when Maro cannot read it, as mrkdwn. */
export function readWords(footer: Footer): string[] {
  return [`Updated from Jira ${dateToken(footer.readAt, MOMENT)}`, ...failingWords(footer)];
}

/** Since when Maro cannot read Jira, such as `Jira hasn’t answered since today at 9:14 AM`, as mrkdwn. */
export function failingWords({ failing }: Pick<Footer, 'failing'>): string[] {
  if (failing === undefined) return [];
  return [
    `${FAILURES[failing.trouble] ?? 'Maro hasn’t been able to read Jira'} since ${dateToken(failing.since, MOMENT)}`,
  ];
}

/** Who tracked the issues, as mrkdwn. */
export function trackedWords({ trackedBy, isBySeveral }: Footer): string {
  return `Tracked by ${nameOf(trackedBy)}${isBySeveral ? ' unless noted' : ''}`;
}

/** What a channel follows, and which of it is in trouble, for the footer of its list, as mrkdwn. */
export function followWords(follows: TrackedIssues['follows'] = []): string[] {
  if (follows.length === 0) return [];
  const names = (some: typeof follows) => some.map(({ name }) => plainMrkdwn(truncate(name, LONGEST_NAME))).join(', ');
  const refused = follows.filter(({ trouble }) => trouble !== null);
  return [
    `Follows ${names(follows)}`,
    ...(refused.length === 0
      ? []
      : [`:warning: Maro can’t follow ${names(refused)} now, so those issues stay as they were`]),
  ];
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
  const { trackedBy } = issue;
  return [
    ...ageOf(issue, footer),
    ...(trackedBy === footer.trackedBy ? [] : [{ words: `by ${nameOf(trackedBy)}`, width: PERSON_WIDTH }]),
  ];
}

/** When a row was read from Jira, if that is earlier than the footer says. */
export function ageOf(issue: TrackedIssue, footer: Footer): Exception[] {
  if (!isOlder(issue, footer)) return [];
  const { syncedAt } = issue;
  const isAnotherDay = footer.readAt.getTime() - syncedAt.getTime() > ANOTHER_DAY_MS;
  const [format, width] = isAnotherDay
    ? (['{date_short_pretty}', DAY_WIDTH] as const)
    : (['{time}', TIME_WIDTH] as const);
  return [{ words: `as of ${dateToken(syncedAt, format)}`, width }];
}

function nameOf(trackedBy: string | undefined): string {
  return trackedBy === undefined ? 'a workflow' : `<@${trackedBy}>`;
}
