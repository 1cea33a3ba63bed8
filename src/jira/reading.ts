import type { Issue } from '../issue.ts';
import { type IssueKey, parseKey, projectOf } from '../key.ts';
import type { Connection } from './connection.ts';
import { asTrouble, type JiraTrouble } from './trouble.ts';

/** What Jira says about one key or id: the issue, with its current key, or why Maro cannot show it. */
export type Reading = { state: 'shown'; issue: Issue } | Unread;
export type Unread = { state: 'not found' } | { state: 'not allowed' } | InTrouble;
export type InTrouble = { state: 'trouble'; trouble: JiraTrouble };

/** A value that Jira was asked for, or why Jira could not be asked. */
export type Known<T> = { state: 'known'; value: T } | InTrouble;

/**
 * A value that Jira was asked for about a project, or why Maro does not know it: Jira shows Maro no
 * such project, JIRA_PROJECTS leaves the project out, or Jira could not be asked.
 */
export type OfProject<T> = Known<T> | Unread;

/**
 * A value that Jira was asked for about an issue, or why Maro does not know it: Jira shows Maro no such
 * issue, JIRA_PROJECTS leaves its project out, or Jira could not be asked.
 */
export type OfIssue<T> = Known<T> | Unread;

export const NOT_FOUND = { state: 'not found' } as const satisfies Reading;

/** The outcome for a caught error. @throws the error itself if it is not a JiraTrouble. */
export function inTrouble(error: unknown): InTrouble {
  return { state: 'trouble', trouble: asTrouble(error) };
}

/** The value that Jira is asked for, or the trouble. @throws an error that is not a JiraTrouble. */
export async function known<T>(asking: Promise<T>): Promise<Known<T>> {
  return asking.then((value) => ({ state: 'known' as const, value }), inTrouble);
}

/**
 * Runs `ask` for an issue whose key is validated, because `ask` puts it into a URL. `ask` returns undefined if Jira shows
 * no such issue.
 */
export async function ofIssue<T>(
  jira: Pick<Connection, 'allows'>,
  key: IssueKey,
  ask: () => Promise<T | undefined>,
): Promise<OfIssue<T>> {
  if (parseKey(key) !== key) return NOT_FOUND;
  if (!jira.allows(projectOf(key))) return { state: 'not allowed' };
  try {
    const value = await ask();
    return value === undefined ? NOT_FOUND : { state: 'known', value };
  } catch (error) {
    return inTrouble(error);
  }
}
