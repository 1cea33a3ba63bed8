import type { Issue } from '../issue.ts';
import { asTrouble, type JiraTrouble } from './trouble.ts';

/** What Jira says of one key: the issue, under the key it has now; or why there is none to show. */
export type Reading = { state: 'shown'; issue: Issue } | Unread;
export type Unread = { state: 'not found' } | { state: 'not allowed' } | { state: 'trouble'; trouble: JiraTrouble };

export const NOT_FOUND = { state: 'not found' } as const satisfies Reading;

/** @throws what is not Jira's trouble. */
export function inTrouble(error: unknown): Reading & { state: 'trouble' } {
  return { state: 'trouble', trouble: asTrouble(error) };
}
