import { z } from 'zod';
import { getCurrentUser, getMyPermissions, getServerInfo, searchProjects } from './api.ts';
import type { Connection } from './connection.ts';
import { momentIn } from './parse.ts';
import { type Known, known } from './reading.ts';
import type { RateLimit } from './transport.ts';

/**
 * The permissions that Maro uses. It cannot work without the first. The last three are for setting the requester as
 * the reporter, finding a person's account, and changing several issues at once, in this order.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-mypermissions-get
 */
export const PERMISSIONS = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'LINK_ISSUES',
  'ASSIGN_ISSUES',
  'EDIT_ISSUES',
  'TRANSITION_ISSUES',
  'ADD_COMMENTS',
  'MANAGE_WATCHERS',
  'MODIFY_REPORTER',
  'USER_PICKER',
  'BULK_CHANGE',
] as const;

/** What Jira says when it is asked how it does, and what Maro may do there. */
export type JiraCheckup = {
  /** How many milliseconds Jira's clock is ahead of this process's; undefined if Jira does not tell its time. */
  clock: Known<number | undefined>;
  /** Whether Jira takes the login. */
  login: Known<true>;
  /** Those of `PERMISSIONS` that the account has in no project. */
  lacking: Known<readonly string[]>;
  /** How many projects the account sees, and the keys of those in JIRA_PROJECTS that it does not see. */
  projects: Known<{ count: number; hidden: readonly string[] }>;
  /** The last time that Jira asked this process to slow down. */
  limit: RateLimit | undefined;
};

/** Asks Jira how it does, with four calls or, for more than fifty projects in JIRA_PROJECTS, some more. */
export async function checkup(jira: Connection): Promise<JiraCheckup> {
  const [clock, login, lacking, projects] = await Promise.all([
    known(readClock(jira)),
    known(logIn(jira)),
    known(readLacking(jira)),
    known(readProjects(jira)),
  ]);
  return { clock, login, lacking, projects, limit: jira.rateLimit() };
}

async function readClock(jira: Connection): Promise<number | undefined> {
  const sentAt = Date.now();
  const { json } = await jira.ask((client) => getServerInfo(client));
  const parsed = z.object({ serverTime: z.string().nullish() }).safeParse(json);
  const at = momentIn(parsed.data?.serverTime);
  return at === undefined ? undefined : at.getTime() - (sentAt + Date.now()) / 2;
}

async function logIn(jira: Connection): Promise<true> {
  const { status } = await jira.ask((client) => getCurrentUser(client));
  if (status !== 200) throw jira.unreadable();
  return true;
}

const permissionsJson = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });

async function readLacking(jira: Connection): Promise<readonly string[]> {
  const { status, json } = await jira.ask((client) => getMyPermissions(client, { permissions: [...PERMISSIONS] }));
  const parsed = status === 200 ? permissionsJson.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  const { permissions } = parsed.data;
  return PERMISSIONS.filter((key) => permissions[key]?.havePermission !== true);
}

/** Jira takes up to 50 keys a call. */
const KEYS_A_CALL = 50;
const pageJson = z.object({ total: z.int(), values: z.array(z.object({ key: z.string() })) });

async function readProjects(jira: Connection): Promise<{ count: number; hidden: readonly string[] }> {
  const allowed = [...jira.projects];
  if (allowed.length === 0) return { count: (await readPage(jira, { maxResults: 1 })).total, hidden: [] };
  const calls = Array.from({ length: Math.ceil(allowed.length / KEYS_A_CALL) }, (_, i) => {
    const keys = allowed.slice(i * KEYS_A_CALL, (i + 1) * KEYS_A_CALL);
    return readPage(jira, { keys, maxResults: KEYS_A_CALL });
  });
  const seen = new Set((await Promise.all(calls)).flatMap(({ values }) => values.map(({ key }) => key)));
  const hidden = allowed.filter((key) => !seen.has(key));
  return { count: allowed.length - hidden.length, hidden };
}

async function readPage(jira: Connection, parameters: { keys?: string[]; maxResults: number }) {
  const { status, json } = await jira.ask((client) => searchProjects(client, parameters));
  if (status === 404) return { total: 0, values: [] };
  const parsed = status === 200 ? pageJson.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data;
}
