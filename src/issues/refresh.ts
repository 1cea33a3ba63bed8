import type { Jira } from '../jira/client.ts';
import { known } from '../jira/reading.ts';
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

/**
 * Reads a channel's tracked issues from Jira again, stores the changes, and describes them in sentences.
 * @throws {DatabaseTrouble}
 */
export async function refresh(channel: string, { tenant, services: { jira, tracker } }: Context): Promise<string> {
  const { issues, counts } = await tracker.list({
    tenant,
    channel,
    category: undefined,
    limit: MOST_ISSUES,
    offset: 0,
  });
  if (issues.length === 0) return 'There is nothing to read from Jira.';
  const site = await known(jira.siteId());
  if (site.state === 'trouble') return site.trouble.with('The list is as it was.');

  const ours = issues.filter(({ siteId }) => siteId === site.value);
  const readings = await jira.readIds(ours.map(({ id }) => id));
  const seen = [...readings.values()].flatMap((reading) => (reading.state === 'shown' ? [reading.issue] : []));
  const gone = ours.filter(({ id }) => GONE.has(readings.get(id)?.state ?? ''));
  const trouble = [...readings.values()].find((reading) => reading.state === 'trouble')?.trouble;
  if (trouble !== undefined && seen.length === 0) return trouble.with('The list is as it was.');

  const changes = await tracker.update({ tenant, issues: seen, gone });
  const told = changes.slice(0, MOST_TOLD).map((change) => describe(change, jira));
  const more = changes.length - told.length;
  return [
    changes.length === 0
      ? 'Read from Jira just now: nothing has changed.'
      : `Read from Jira just now: ${told.join('; ')}`,
    more > 0 ? ` and ${more.toLocaleString('en')} more changes` : '',
    changes.length === 0 ? '' : '.',
    trouble === undefined ? '' : ` Not all could be read: ${trouble.message}`,
    unread(issues, ours),
    beyond(issues, counts),
  ].join('');
}

function describe(change: Change, jira: Pick<Jira, 'allows'>): string {
  const { key, keyBefore, status, statusBefore, summary, summaryBefore, gone, goneBefore } = change;
  if (gone || !jira.allows(key)) return `${key} is ${NOT_VISIBLE}`;
  // The earlier key, status, and summary must not be shown either.
  if (goneBefore || !jira.allows(keyBefore)) return `${key} is shown by Jira again`;
  const facts = [
    ...(key === keyBefore ? [] : [`was ${keyBefore}`]),
    ...(status === statusBefore ? [] : [`went from ${statusBefore} to ${status}`]),
    ...(summary === summaryBefore ? [] : ['has another summary']),
  ];
  return `${key} ${facts.join(' and ')}`;
}

function unread(all: readonly TrackedIssue[], ours: readonly TrackedIssue[]): string {
  const others = all.length - ours.length;
  return others === 0 ? '' : ` ${others.toLocaleString('en')} are on another Jira site and were not read.`;
}

function beyond(issues: readonly TrackedIssue[], counts: TrackedIssues['counts']): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return total <= issues.length ? '' : ` Only the newest ${issues.length.toLocaleString('en')} were read.`;
}
