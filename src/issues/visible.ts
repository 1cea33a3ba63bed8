import type { IssueKey } from '../key.ts';
import type { Services } from '../services.ts';
import type { Listing, TrackedIssue, TrackedIssues } from '../tracker/list.ts';

/** What is said, after its key, of an issue that may not be shown. */
export const NOT_VISIBLE = 'not visible to Maro anymore';

/** An issue that a channel tracks, as far as it may be shown: of one that may not, the key that people know. */
export type ShownIssue = (TrackedIssue & { visible: true }) | { visible: false; key: IssueKey };
export type ShownIssues = { issues: ShownIssue[]; counts: TrackedIssues['counts'] };

/**
 * Lists what a channel tracks, for people to see. Of an issue that Jira no longer shows, and of one that is outside of
 * JIRA_PROJECTS by the key it has now, only the key is left. One statement, and no call to Jira. @throws {DatabaseTrouble}
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
