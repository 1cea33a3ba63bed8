import { z } from 'zod';
import type { IssueKey } from '../key.ts';
import { findAssignableUsers, findUsers } from './api.ts';
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

const listJson = z.array(z.unknown());

/** See `assignable` in `client.ts` and `assignableTo` in `acts.ts`. @throws {JiraTrouble} */
export async function findAssignable(
  jira: Connection,
  to: { project: string } | { issueKey: IssueKey },
  query: string,
): Promise<readonly Person[] | undefined> {
  const parameters = { ...to, query, maxResults: MOST_PEOPLE };
  const { status, json } = await jira.ask((client) => findAssignableUsers(client, parameters));
  if (status === 404 || status === 400) return undefined;
  const parsed = status === 200 ? listJson.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.flatMap((item) => {
    const { accountId, displayName } = person.safeParse(item).data ?? {};
    return accountId === undefined || displayName === undefined ? [] : [{ accountId, displayName }];
  });
}

/** A person as the search for users shows them. Whoever hides their address has none here. */
const addressed = person.extend({ emailAddress: z.string().nullish() });

/**
 * The person with this email address; undefined if Jira knows no such person, or more than one. Jira
 * finds people by their hidden addresses, too, so that a single person without an address is the one.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-search-get
 * @throws {JiraTrouble}
 */
export async function findPerson(jira: Connection, email: string): Promise<Person | undefined> {
  const { status, json } = await jira.ask((client) => findUsers(client, { query: email, maxResults: MOST_PEOPLE }));
  const parsed = status === 200 ? listJson.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  const found = parsed.data.flatMap((item) => addressed.safeParse(item).data ?? []);
  const own = found.filter(({ emailAddress }) => emailAddress?.toLowerCase() === email.toLowerCase());
  const hidden = parsed.data.length === 1 ? found.filter(({ emailAddress }) => !emailAddress) : [];
  const [account, ...others] = own.length > 0 ? own : hidden;
  if (account === undefined || others.length > 0) return undefined;
  return { accountId: account.accountId, displayName: account.displayName };
}
