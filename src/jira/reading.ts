import type { Issue } from '../issue.ts';
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

export const NOT_FOUND = { state: 'not found' } as const satisfies Reading;

/** The outcome for a caught error. @throws the error itself if it is not a JiraTrouble. */
export function inTrouble(error: unknown): InTrouble {
  return { state: 'trouble', trouble: asTrouble(error) };
}

/** The value that Jira is asked for, or the trouble. @throws an error that is not a JiraTrouble. */
export async function known<T>(asking: Promise<T>): Promise<Known<T>> {
  return asking.then((value) => ({ state: 'known' as const, value }), inTrouble);
}
