import { z } from 'zod';
import { findAssignableUsers } from './api.ts';
import type { Connection } from './connection.ts';
import { line } from './parse.ts';

export type Person = { accountId: string; displayName: string };

const MOST_PEOPLE = 100;

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-assignable-search-get */
const person = z.object({
  accountId: z
    .string()
    .max(128)
    .regex(/^[!-~]+$/),
  displayName: line,
  active: z.literal(true),
  accountType: z.literal('atlassian').optional(),
});

/** See `assignable` in `client.ts`. @throws {JiraTrouble} */
export async function findAssignable(
  jira: Connection,
  project: string,
  query: string,
): Promise<readonly Person[] | undefined> {
  const parameters = { project, query, maxResults: MOST_PEOPLE };
  const { status, json } = await jira.ask((client) => findAssignableUsers(client, parameters));
  if (status === 404 || status === 400) return undefined;
  const parsed = status === 200 ? z.array(z.unknown()).safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.flatMap((item) => {
    const { accountId, displayName } = person.safeParse(item).data ?? {};
    return accountId === undefined || displayName === undefined ? [] : [{ accountId, displayName }];
  });
}
