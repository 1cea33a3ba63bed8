import type { Filter } from '../filter.ts';
import type { StatusCategory } from '../issue.ts';
import type { Services } from '../services.ts';
import type { TrackedIssue } from '../tracker/list.ts';
import { listShown, type ShownIssues } from './visible.ts';

/** The issues of one statement. */
const PAGE = 1_000;

/** The part of a channel's list that is exported. */
export type Exporting = {
  tenant: string;
  channel: string;
  category: StatusCategory | undefined;
  filter: Filter | undefined;
};

/** All issues of a part of a list that people may see, in the list's order, and how many others are left out. */
export type Exported = { tracked: ShownIssues; issues: TrackedIssue[]; leftOut: number };

/**
 * Reads a part of a channel's list, page by page. An issue that comes to another page meanwhile is there once.
 * @throws {DatabaseTrouble}
 * @throws {Trouble} see `matchingOf`.
 */
export async function exported(
  asked: Exporting,
  services: Pick<Services, 'tracker' | 'jira' | 'slack'>,
): Promise<Exported> {
  const issues = new Map<string, TrackedIssue>();
  const hidden = new Set<string>();
  for (let offset = 0; ; offset += PAGE) {
    const tracked = await listShown({ ...asked, limit: PAGE, offset }, services);
    for (const issue of tracked.issues) {
      if (issue.visible) issues.set(`${issue.siteId} ${issue.id}`, issue);
      else hidden.add(issue.key);
    }
    if (tracked.issues.length < PAGE) return { tracked, issues: [...issues.values()], leftOut: hidden.size };
  }
}
