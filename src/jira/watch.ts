import type { IssueKey } from '../key.ts';
import { addWatcher, removeWatcher } from './api.ts';
import type { Connection } from './connection.ts';
import { type Written, writeOnly } from './written.ts';

type Body = Parameters<typeof addWatcher>[1]['body'];

/** See `watch` in `acts.ts`. */
export async function watch(jira: Connection, key: IssueKey, accountId: string): Promise<Written> {
  // The body is a string, which jira.js declares as an object.
  return await writeOnly(jira, key, (client) =>
    addWatcher(client, { issueIdOrKey: key, body: accountId as unknown as Body }),
  );
}

/** See `unwatch` in `acts.ts`. */
export async function unwatch(jira: Connection, key: IssueKey, accountId: string): Promise<Written> {
  return await writeOnly(jira, key, (client) => removeWatcher(client, { issueIdOrKey: key, accountId }));
}
