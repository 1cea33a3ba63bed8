import { z } from 'zod';
import { type IssueKey, projectOf } from '../key.ts';
import { bulkFetchIssues, searchAndReconsileIssuesUsingJqlPost } from './api.ts';
import type { Connection } from './connection.ts';
import { REQUEST_PROPERTY } from './new-issue.ts';
import { id, issueKey } from './parse.ts';
import { KEYS_A_CALL } from './read.ts';

/** An issue that was created although Maro got no answer to its create call. */
export type Found = { id: string; key: IssueKey };

/**
 * The anchor issue was created at least this many minutes before the create call, so that Jira's
 * search index includes it even if the clocks of Maro and Jira differ.
 */
const BEFORE_MINUTES = 5;
/**
 * How many issues to compare to find the anchor, which is the one with the lowest
 * number. An issue that recently moved into the project has a number that is too high.
 */
const ANCHORS = 10;
/**
 * The maximum number of calls for 100 keys each after the anchor. If
 * issues continue beyond that, the answer is treated as unreadable.
 */
const MOST_WINDOWS = 100;

const searched = z.object({ issues: z.array(z.object({ key: issueKey })) });
const fetched = z.object({
  issues: z.array(
    z.object({ id, key: issueKey, properties: z.record(z.string(), z.unknown()).optional().default({}) }),
  ),
});
const property = z.object({ id: z.string() });

/** See `findCreated` in `client.ts`. @throws {JiraTrouble} */
export async function findCreated(
  jira: Connection,
  { project, sentAt }: { project: string; sentAt: Date },
  requestIds: readonly string[],
  now: Date = new Date(),
): Promise<Map<string, Found>> {
  const wanted = new Set(requestIds);
  const created = new Map<string, Found>();
  const { prefix, number } = await anchorOf(jira, project, minutesBetween(sentAt, now) + BEFORE_MINUTES);
  for (let window = 0; window < MOST_WINDOWS; window += 1) {
    const first = number + 1 + window * KEYS_A_CALL;
    const issues = await fetchProperties(jira, prefix, first);
    for (const { id, key, properties } of issues) {
      const request = property.safeParse(properties[REQUEST_PROPERTY]).data?.id;
      if (request !== undefined && wanted.has(request)) created.set(request, { id, key });
    }
    if (issues.length === 0 || created.size === wanted.size) return created;
  }
  throw jira.unreadable();
}

/**
 * The number of an issue that was already in the project `minutes` ago, or 0
 * if there was none, and the project's current key.
 */
async function anchorOf(
  jira: Connection,
  project: string,
  minutes: number,
): Promise<{ prefix: string; number: number }> {
  // JQL reads an absolute time in the time zone of Maro's Jira account, which Maro does not know.
  const jql = `project = "${project}" AND created <= "-${minutes}m" ORDER BY created DESC`;
  const request = { jql, fields: ['key'], maxResults: ANCHORS };
  const { status, json } = await jira.ask((client) => searchAndReconsileIssuesUsingJqlPost(client, request));
  const parsed = status === 200 ? searched.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  const keys = parsed.data.issues.map(({ key }) => key);
  // Issue keys in the answer use the project's current key.
  const prefix = keys[0] === undefined ? project : projectOf(keys[0]);
  const numbers = keys.filter((key) => projectOf(key) === prefix).map((key) => Number(key.slice(prefix.length + 1)));
  return { prefix, number: numbers.length === 0 ? 0 : Math.min(...numbers) };
}

/** The issues that exist among the hundred keys starting at number `first`, with Maro's property. */
async function fetchProperties(jira: Connection, prefix: string, first: number) {
  const issueIdsOrKeys = Array.from({ length: KEYS_A_CALL }, (_, i) => `${prefix}-${first + i}`);
  const request = { issueIdsOrKeys, fields: ['created'], properties: [REQUEST_PROPERTY] };
  const { status, json } = await jira.ask((client) => bulkFetchIssues(client, request));
  const parsed = status === 200 ? fetched.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.issues;
}

function minutesBetween(from: Date, to: Date): number {
  return Math.max(0, Math.ceil((to.getTime() - from.getTime()) / 60_000));
}
