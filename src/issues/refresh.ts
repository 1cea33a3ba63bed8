import type { Jira } from '../jira/client.ts';
import { known } from '../jira/reading.ts';
import type { JiraTrouble } from '../jira/trouble.ts';
import type { Context } from '../services.ts';
import { unformatted } from '../slack/text.ts';
import type { TrackedIssue, TrackedIssues } from '../tracker/list.ts';
import type { Difference } from '../tracker/update.ts';
import { nowOf } from './now.ts';
import { NOT_VISIBLE } from './visible.ts';

/** The most issues that are refreshed, newest first. */
const MOST_ISSUES = 1_000;
/** The most changes that are described. The others are only counted. */
const MOST_TOLD = 5;

/** The result of reading issues again. */
export type Reread = {
  differences: Difference[];
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
  const { differences, isRead, trouble, elsewhere } = await reread(issues, context);
  if (trouble !== undefined && !isRead) return trouble.with('The list is unchanged.');
  const told = differences.slice(0, MOST_TOLD).map((difference) => describe(difference, services.jira));
  const more = differences.length - told.length;
  const news = [
    ...told,
    ...(more > 0 ? [more === 1 ? '1 more change' : `${more.toLocaleString('en')} more changes`] : []),
  ];
  return [
    differences.length === 0 ? 'Up to date. Nothing changed in Jira.' : `Updated from Jira: ${news.join('; ')}.`,
    ...(trouble === undefined ? [] : [`Some issues couldn’t be updated. ${trouble.message}`]),
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
  if (site.state === 'trouble') return { differences: [], isRead: false, trouble: site.trouble, elsewhere: 0 };
  const ours = issues.filter(({ siteId }) => siteId === site.value);
  const { issues: seen, gone, trouble } = nowOf(await jira.readIds(ours.map(({ id }) => id)));
  const elsewhere = issues.length - ours.length;
  if (trouble !== undefined && seen.length === 0) return { differences: [], isRead: false, trouble, elsewhere };
  const state = { tenant, site: site.value, issues: seen, gone, changes: [], from: { kind: 'state' as const } };
  return { differences: await tracker.update(state), isRead: true, trouble, elsewhere };
}

function describe(difference: Difference, jira: Pick<Jira, 'allows'>): string {
  const { key, keyBefore, status, statusBefore, summary, summaryBefore, gone, goneBefore } = difference;
  if (gone || !jira.allows(key)) return `${key} is ${NOT_VISIBLE}`;
  // The earlier key, status, and summary must not be shown either.
  if (goneBefore || !jira.allows(keyBefore)) return `${key} is visible again`;
  const facts = [
    ...(key === keyBefore ? [] : [`is now ${key}`]),
    ...(status === statusBefore ? [] : [`moved from ${unformatted(statusBefore)} to ${unformatted(status)}`]),
    ...(summary === summaryBefore ? [] : ['was renamed']),
  ];
  return `${keyBefore} ${facts.join(' and ')}`;
}

function onAnotherSite(others: number): string[] {
  if (others === 0) return [];
  return [
    others === 1
      ? '1 issue is on another Jira site and wasn’t updated.'
      : `${others.toLocaleString('en')} issues are on another Jira site and weren’t updated.`,
  ];
}

function beyond(issues: readonly TrackedIssue[], counts: TrackedIssues['counts']): string[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return total <= issues.length ? [] : [`Only the first ${issues.length.toLocaleString('en')} issues were updated.`];
}
