import type { Filter } from '../filter.ts';
import { type IssueKey, parseKey } from '../key.ts';
import type { Services } from '../services.ts';
import type { AskedChanges, ChannelChange, ChannelChanges } from '../tracker/changes.ts';
import type { AskedHome, Home } from '../tracker/home.ts';
import type { Listing, TrackedIssue, TrackedIssues } from '../tracker/list.ts';
import { isoDayIn } from '../zone.ts';
import { matchingOf, type NamedFilter } from './filter.ts';
import { type Overdue, overdueOf } from './overdue.ts';

/** The phrase that follows the key of an issue that Maro must not show. */
export const NOT_VISIBLE = 'not visible to Maro anymore';

/** An issue that a channel tracks. Of an issue that Maro must not show, only the key is left. */
export type ShownIssue =
  | (TrackedIssue & { visible: true; overdue?: Overdue | undefined })
  | { visible: false; key: IssueKey };
export type ShownIssues = Omit<TrackedIssues, 'issues'> & {
  issues: ShownIssue[];
  /** The filter that the issues and the counts passed, and how many issues the channel tracks. */
  filtered?: (NamedFilter & { total: number }) | undefined;
};

/**
 * Lists the issues that a channel tracks, for people to see. With `visitor`, this is a visit of that person, unless there is
 * a filter. An issue is overdue when the day on which it is due is over in `zone`, which is UTC unless it is given. An issue is
 * reduced to its key if Jira no longer shows it, or if its current key is outside JIRA_PROJECTS; with a
 * filter, it is left out. Runs one statement, and calls Jira only for the person whom a filter names.
 * @throws {DatabaseTrouble}
 * @throws {Trouble} see `matchingOf`.
 */
export async function listShown(
  {
    visitor,
    filter,
    zone = 'UTC',
    ...listing
  }: Omit<Listing, 'visit'> & { visitor?: string | undefined; filter?: Filter | undefined; zone?: string },
  services: Pick<Services, 'tracker' | 'jira' | 'slack'>,
): Promise<ShownIssues> {
  const { tracker, jira } = services;
  const today = isoDayIn(zone, new Date());
  const visibly = (issue: TrackedIssue): ShownIssue => ({ ...issue, visible: true, overdue: overdueOf(issue, today) });
  if (filter !== undefined) {
    const matching = await matchingOf(filter, services);
    const { issues, counts, total } = await tracker.filtered({ ...listing, matching });
    return { issues: issues.map(visibly), counts, filtered: { filter, name: matching.name, total } };
  }
  const visit = visitor === undefined ? undefined : { user: visitor, projects: jira.allowedProjects };
  const { issues, ...rest } = await tracker.list({ ...listing, visit });
  const shown = issues.map((issue): ShownIssue => {
    const { key, goneAt } = issue;
    return goneAt === undefined && jira.allows(key) ? visibly(issue) : { visible: false, key };
  });
  return { issues: shown, ...rest };
}

/**
 * What changed in a channel's issues, for people to see: only issues of projects that JIRA_PROJECTS allows, without
 * the keys that they had in other projects. Runs one statement, and does not call Jira.
 * @throws {DatabaseTrouble}
 */
export async function changesShown(
  asked: Omit<AskedChanges, 'projects'>,
  { tracker, jira }: Pick<Services, 'tracker' | 'jira'>,
): Promise<ChannelChanges> {
  const { changes, ...rest } = await tracker.changes({ ...asked, projects: jira.allowedProjects });
  return { changes: withoutSecretKeys(changes, jira), ...rest };
}

/**
 * What a person's Home tab shows: only issues of projects that JIRA_PROJECTS allows. Runs one statement, and does not call Jira.
 * @throws {DatabaseTrouble}
 */
export async function homeShown(
  asked: Omit<AskedHome, 'projects'>,
  { tracker, jira }: Pick<Services, 'tracker' | 'jira'>,
): Promise<Home> {
  const { changes, ...rest } = await tracker.home({ ...asked, projects: jira.allowedProjects });
  return { changes: withoutSecretKeys(changes, jira), ...rest };
}

/** The changes without the keys that issues had in projects which JIRA_PROJECTS leaves out. */
function withoutSecretKeys(changes: readonly ChannelChange[], jira: Pick<Services['jira'], 'allows'>): ChannelChange[] {
  const mayShow = (key: string | undefined) => {
    const parsed = parseKey(key ?? '');
    return parsed !== undefined && jira.allows(parsed);
  };
  return changes.map((change) =>
    change.what === 'moved' && !mayShow(change.from) ? { ...change, from: undefined } : change,
  );
}
