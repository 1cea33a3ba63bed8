import type { Issue } from '../issue.ts';
import { conditionOf, quoted, within, wordsCondition } from '../jira/jql.ts';
import { parseKey, parseProjectKey } from '../key.ts';
import type { Services } from '../services.ts';
import { truncate } from '../slack/text.ts';

/** What a person searches for: words, or a query in JQL. */
export type Search = { kind: 'words' | 'jql'; typed: string };

/** The first issues that a search found. `isComplete`: there are no others. `jql` finds all of them. */
export type Found = { issues: readonly Issue[]; isComplete: boolean; jql: string };

/** Words give the issues that were updated last first. JQL has its own order. */
const NEWEST_FIRST = 'ORDER BY updated DESC';
const LONGEST_REASON = 300;

/**
 * Searches Jira, in one project if `project` names it, and otherwise in all that JIRA_PROJECTS allows. A key finds its issue.
 * `because` is whole sentences that say why nothing was searched. One call for up to a hundred issues, and one more for words
 * that look like a key but are none.
 */
export async function search(
  { kind, typed, project, most }: Search & { project?: string | undefined; most: number },
  jira: Services['jira'],
): Promise<Found | { because: string }> {
  const key = project === undefined ? undefined : parseProjectKey(project);
  if (project !== undefined && key === undefined) return { because: '“Project” isn’t a project key, such as PLAT.' };
  if (key !== undefined && !jira.allowsProject(key)) return { because: `Maro isn’t allowed to show issues of ${key}.` };
  const parsed = kind === 'jql' ? conditionOf(typed) : { ...wordsCondition(typed), order: NEWEST_FIRST };
  if ('error' in parsed) return { because: parsed.error };
  const projects = key === undefined ? jira.allowedProjects : [key];
  const issue = kind === 'words' ? parseKey(typed.trim()) : undefined;
  if (issue !== undefined) {
    const jql = within(`key = ${quoted(issue)}`, projects);
    const found = await jira.find(jql, most);
    // Jira refuses a key that no issue has. The words can be the name of something else, such as ISO-9001.
    if (found.state === 'known' && found.value.issues.length > 0) return { ...found.value, jql };
  }
  const jql = `${within(parsed.condition, projects)} ${parsed.order}`.trim();
  const found = await jira.find(jql, most);
  if (found.state === 'trouble') return { because: found.trouble.message };
  if (found.state === 'refused')
    return { because: `Jira refused the search. ${truncate(found.reason, LONGEST_REASON)}` };
  return { ...found.value, jql };
}
