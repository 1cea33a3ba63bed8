import type { Jira } from '../jira/client.ts';
import { NOT_FOUND, type Reading } from '../jira/reading.ts';
import type { IssueKey } from '../key.ts';

/**
 * Wraps the Jira client for one run of a workflow, so that an issue that one step has read is not read again by a later step.
 */
export function rememberIssues(jira: Jira): Jira {
  const known = new Map<IssueKey, Reading>();
  return {
    ...jira,
    async read(keys) {
      const unknown = keys.filter((key) => !known.has(key));
      const readings = unknown.length === 0 ? new Map<IssueKey, Reading>() : await jira.read(unknown);
      for (const [key, reading] of readings) if (reading.state === 'shown') known.set(key, reading);
      return new Map([...new Set(keys)].map((key) => [key, readings.get(key) ?? known.get(key) ?? NOT_FOUND]));
    },
  };
}
