import type { Jira } from '../jira/client.ts';
import { known } from '../jira/reading.ts';
import type { JiraTrouble } from '../jira/trouble.ts';
import type { Context } from '../services.ts';
import type { TrackedIssue, TrackedIssues } from '../tracker/list.ts';
import type { Change } from '../tracker/update.ts';
import { NOT_VISIBLE } from './visible.ts';

/** The most issues that are refreshed, newest first. */
const MOST_ISSUES = 1_000;
/** The most changes that are described. The others are only counted. */
const MOST_TOLD = 5;
/** The states of a reading that mean the issue may no longer be shown. */
const GONE: ReadonlySet<string> = new Set(['not found', 'not allowed']);

/** What reading issues again came to. */
export type Reread = {
  changes: Change[];
  /** Whether Jira said anything about any of the issues. */
  isRead: boolean;
  /** Why some or all issues could not be read. */
  trouble: JiraTrouble | undefined;
  /** The number of issues on another Jira site, which Maro cannot read. */
  elsewhere: number;
};

/**
 * Reads a channel's tracked issues from Jira again, stores the changes, and describes them in sentences.
 * @throws {DatabaseTrouble}
 */
export async function refresh(channel: string, context: Context): Promise<string> {
  const { tenant, services } = context;
  const listing = { tenant, channel, category: undefined, limit: MOST_ISSUES, offset: 0 };
  const { issues, counts } = await services.tracker.list(listing);
  if (issues.length === 0) return 'No issues to update.';
  const { changes, isRead, trouble, elsewhere } = await reread(issues, context);
  if (trouble !== undefined && !isRead) return trouble.with('The list is unchanged.');
  const told = changes.slice(0, MOST_TOLD).map((change) => describe(change, services.jira));
  const more = changes.length - told.length;
  const news = [
    ...told,
    ...(more > 0 ? [more === 1 ? '1 more change' : `${more.toLocaleString('en')} more changes`] : []),
  ];
  return [
    changes.length === 0 ? 'Up to date. Nothing changed in Jira.' : `Updated from Jira: ${news.join('; ')}.`,
    ...(trouble === undefined ? [] : [`Some issues could not be updated. ${trouble.message}`]),
    ...onAnotherSite(elsewhere),
    ...beyond(issues, counts),
  ].join(' ');
}

/**
 * Reads issues of Maro's Jira site again, and stores the changes.
 * @throws {DatabaseTrouble}
 */
export async function reread(
  issues: readonly TrackedIssue[],
  { tenant, services: { jira, tracker } }: Context,
): Promise<Reread> {
  const site = await known(jira.siteId());
  if (site.state === 'trouble') return { changes: [], isRead: false, trouble: site.trouble, elsewhere: 0 };
  const ours = issues.filter(({ siteId }) => siteId === site.value);
  const readings = await jira.readIds(ours.map(({ id }) => id));
  const seen = [...readings.values()].flatMap((reading) => (reading.state === 'shown' ? [reading.issue] : []));
  const gone = ours.filter(({ id }) => GONE.has(readings.get(id)?.state ?? ''));
  const trouble = [...readings.values()].find((reading) => reading.state === 'trouble')?.trouble;
  const elsewhere = issues.length - ours.length;
  if (trouble !== undefined && seen.length === 0) return { changes: [], isRead: false, trouble, elsewhere };
  return { changes: await tracker.update({ tenant, issues: seen, gone }), isRead: true, trouble, elsewhere };
}

function describe(change: Change, jira: Pick<Jira, 'allows'>): string {
  const { key, keyBefore, status, statusBefore, summary, summaryBefore, gone, goneBefore } = change;
  if (gone || !jira.allows(key)) return `${key} is ${NOT_VISIBLE}`;
  // The earlier key, status, and summary must not be shown either.
  if (goneBefore || !jira.allows(keyBefore)) return `${key} is visible again`;
  const facts = [
    ...(key === keyBefore ? [] : [`is now ${key}`]),
    ...(status === statusBefore ? [] : [`moved from ${statusBefore} to ${status}`]),
    ...(summary === summaryBefore ? [] : ['was renamed']),
  ];
  return `${keyBefore} ${facts.join(' and ')}`;
}

function onAnotherSite(others: number): string[] {
  if (others === 0) return [];
  return [
    others === 1
      ? '1 issue is on another Jira site and was not updated.'
      : `${others.toLocaleString('en')} issues are on another Jira site and were not updated.`,
  ];
}

function beyond(issues: readonly TrackedIssue[], counts: TrackedIssues['counts']): string[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return total <= issues.length ? [] : [`Only the first ${issues.length.toLocaleString('en')} issues were updated.`];
}
