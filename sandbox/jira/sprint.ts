import type { Issue } from './issues.ts';
import type { Sprint } from './seed.ts';

/**
 * The custom field that holds the sprints of an issue. Its number differs between sites.
 * https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
 */
export const SPRINT = 'customfield_10020';

/** The sprint of an issue; undefined if it is in none. */
export function sprintOf({ fields }: Pick<Issue, 'fields'>): Sprint | undefined {
  return (fields[SPRINT] as Sprint[] | null | undefined)?.[0];
}
