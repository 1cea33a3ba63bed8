import { z } from 'zod';
import { type IssueKey, projectOf } from '../key.ts';
import { id, issueKey } from './answer.ts';
import { bulkFetchIssues, searchAndReconsileIssuesUsingJqlPost } from './api.ts';
import type { Connection } from './connection.ts';
import { REQUEST_PROPERTY } from './new-issue.ts';
import { KEYS_A_CALL } from './read.ts';

/** An issue that stands although nobody heard that it was created. */
export type Found = { id: string; key: IssueKey };

/** How long before the create an issue was there, so that Jira's search has it by now and clocks may differ. */
const BEFORE_MINUTES = 5;
/** Issues of which the one with the lowest number counts: one that moved in lately has a number that is too high. */
const ANCHORS = 10;
/** So many hundreds of keys after the anchor that an answer which goes on is none. */
const MOST_WINDOWS = 100;

const searched = z.object({ issues: z.array(z.object({ key: issueKey })) });
const fetched = z.object({
  issues: z.array(
    z.object({ id, key: issueKey, properties: z.record(z.string(), z.unknown()).optional().default({}) }),
  ),
});
const property = z.object({ id: z.string() });

/** See `findCreated` of `Jira`. @throws {JiraTrouble} */
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

/** The number of an issue that was in the project `minutes` ago; 0 when there was none. */
async function anchorOf(
  jira: Connection,
  project: string,
  minutes: number,
): Promise<{ prefix: string; number: number }> {
  // Times of the day would be read in the time zone of Maro's login, which nobody knows.
  const jql = `project = "${project}" AND created <= "-${minutes}m" ORDER BY created DESC`;
  const request = { jql, fields: ['key'], maxResults: ANCHORS };
  const { status, json } = await jira.ask((client) => searchAndReconsileIssuesUsingJqlPost(client, request));
  const parsed = status === 200 ? searched.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  const keys = parsed.data.issues.map(({ key }) => key);
  // Jira answers with the key that the project has now.
  const prefix = keys[0] === undefined ? project : projectOf(keys[0]);
  const numbers = keys.filter((key) => projectOf(key) === prefix).map((key) => Number(key.slice(prefix.length + 1)));
  return { prefix, number: numbers.length === 0 ? 0 : Math.min(...numbers) };
}

/** Of the hundred keys from `first` on, those issues that there are, with Maro's property. */
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
