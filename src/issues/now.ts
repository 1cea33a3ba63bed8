import type { Issue } from '../issue.ts';
import type { Reading } from '../jira/reading.ts';
import type { JiraTrouble } from '../jira/trouble.ts';

/** What Jira says now about stored issues. */
export type Now = {
  issues: Issue[];
  /** The ids of those that may no longer be shown. */
  gone: string[];
  /** Why some or all could not be read. */
  trouble: JiraTrouble | undefined;
};

/** Sorts the readings of stored issues, by their ids. */
export function nowOf(readings: ReadonlyMap<string, Reading>): Now {
  const all = [...readings];
  return {
    issues: all.flatMap(([, reading]) => (reading.state === 'shown' ? [reading.issue] : [])),
    gone: all.flatMap(([id, { state }]) => (state === 'not found' || state === 'not allowed' ? [id] : [])),
    trouble: all.flatMap(([, reading]) => (reading.state === 'trouble' ? [reading.trouble] : []))[0],
  };
}
