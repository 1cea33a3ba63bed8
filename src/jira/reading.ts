import type { Issue } from '../issue.ts';
import { asTrouble, type JiraTrouble } from './trouble.ts';

/** What Jira says about one key or id: the issue, with its current key, or why Maro cannot show it. */
export type Reading = { state: 'shown'; issue: Issue } | Unread;
export type Unread = { state: 'not found' } | { state: 'not allowed' } | { state: 'trouble'; trouble: JiraTrouble };

export const NOT_FOUND = { state: 'not found' } as const satisfies Reading;

/** The reading for a caught error. @throws the error itself if it is not a JiraTrouble. */
export function inTrouble(error: unknown): Reading & { state: 'trouble' } {
  return { state: 'trouble', trouble: asTrouble(error) };
}
