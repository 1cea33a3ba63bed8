import type { IssueKey } from '../key.ts';
import type { Services } from '../services.ts';
import type { Listing, TrackedIssue, TrackedIssues } from '../tracker/list.ts';

/** The phrase that follows the key of an issue that Maro must not show. */
export const NOT_VISIBLE = 'not visible to Maro anymore';

/** An issue that a channel tracks. Of an issue that Maro must not show, only the key is left. */
export type ShownIssue = (TrackedIssue & { visible: true }) | { visible: false; key: IssueKey };
export type ShownIssues = { issues: ShownIssue[]; counts: TrackedIssues['counts'] };

/**
 * Lists the issues that a channel tracks, for people to see. An issue is reduced to its key if Jira no longer
 * shows it, or if its current key is outside JIRA_PROJECTS. Runs one statement, and does not call Jira.
 * @throws {DatabaseTrouble}
 */
export async function listShown(
  listing: Listing,
  { tracker, jira }: Pick<Services, 'tracker' | 'jira'>,
): Promise<ShownIssues> {
  const { issues, counts } = await tracker.list(listing);
  const shown = issues.map((issue): ShownIssue => {
    const { key, goneAt } = issue;
    return goneAt === undefined && jira.allows(key) ? { ...issue, visible: true } : { visible: false, key };
  });
  return { issues: shown, counts };
}
