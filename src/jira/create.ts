import { z } from 'zod';
import type { IssueKey } from '../key.ts';
import { createIssue, createIssues } from './api.ts';
import type { Connection } from './connection.ts';
import { bodyOf, complaintsAbout, type NewIssue } from './new-issue.ts';
import { id, issueKey } from './parse.ts';
import { complaints, type Refused, refused, refusedFor } from './refusal.ts';
import type { JiraResponse } from './transport.ts';
import { type Broken, broken } from './written.ts';

export type Created = { state: 'created'; id: string; key: IssueKey };

/**
 * The result of a create. `refused`: Jira does not accept the issue as it is. `failed`:
 * nothing was created, and the same create may be tried again. `unknown`: the issue may
 * have been created, so do not send it again; look for it with `findCreated`.
 */
export type Creation = Created | Refused | Broken;

/** The result of a bulk create. `issues` has one entry per requested issue, in the same order. */
export type Creations = { state: 'answered'; issues: (Created | Refused)[] } | Broken;

/**
 * Jira: "Creates upto 50 issues".
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulk-post
 */
const MOST_ISSUES = 50;

const created = z.object({ id, key: issueKey });
const createdMany = z.object({
  issues: z.array(created),
  errors: z.array(z.object({ failedElementNumber: z.int().nonnegative(), elementErrors: complaints })),
});

/** See `create` in `client.ts`. */
export async function create(jira: Connection, issue: NewIssue, requestId: string): Promise<Creation> {
  const refusal = refusalOf(jira, issue);
  if (refusal !== undefined) return refusal;
  let response: JiraResponse;
  try {
    response = await jira.ask((client) => createIssue(client, bodyOf(issue, requestId)));
  } catch (error) {
    return broken(error);
  }
  if (response.status >= 400) return refused(response.json);
  const parsed = created.safeParse(response.json);
  return parsed.success ? { state: 'created', ...parsed.data } : { state: 'unknown', trouble: jira.unreadable() };
}

/** See `createMany` in `client.ts`. */
export async function createMany(jira: Connection, issues: readonly NewIssue[], requestId: string): Promise<Creations> {
  const tooMany = `That’s ${issues.length} issues, and Jira’s limit is ${MOST_ISSUES}.`;
  const results = issues.map((issue): Created | Refused | undefined =>
    issues.length > MOST_ISSUES ? refusedFor({ fields: {}, messages: [tooMany] }) : refusalOf(jira, issue),
  );
  const sent = issues.flatMap((issue, index) => (results[index] === undefined ? [{ issue, index }] : []));
  if (sent.length > 0) {
    const issueUpdates = sent.map(({ issue, index }) => bodyOf(issue, requestIdOf(requestId, index)));
    let response: JiraResponse;
    try {
      response = await jira.ask((client) => createIssues(client, { issueUpdates }));
    } catch (error) {
      return broken(error);
    }
    const made = madeOf(response, sent.length);
    if (made === undefined) return { state: 'unknown', trouble: jira.unreadable() };
    for (const [place, { index }] of sent.entries()) results[index] = made[place];
  }
  return { state: 'answered', issues: results.filter((result) => result !== undefined) };
}

/** The request id stored in the issue at `index` of a bulk create. */
export function requestIdOf(requestId: string, index: number): string {
  return `${requestId}/${index}`;
}

/** One result per issue sent, in the same order; undefined if the answer does not account for every issue. */
function madeOf({ status, json }: JiraResponse, count: number): (Created | Refused)[] | undefined {
  const parsed = createdMany.safeParse(json);
  // If Jira refuses the whole request, the body has the shape of a single create's refusal.
  if (!parsed.success) return status < 400 ? undefined : Array<Refused>(count).fill(refused(json));
  const { issues, errors } = parsed.data;
  const failed = new Map(errors.map((error) => [error.failedElementNumber, error.elementErrors]));
  if (issues.length + failed.size !== count || [...failed.keys()].some((place) => place >= count)) return undefined;
  // Jira lists the created issues in the order in which they were sent.
  const standing = issues.values();
  return Array.from({ length: count }, (_, place) => {
    const complaint = failed.get(place);
    if (complaint !== undefined) return refused(complaint);
    return { state: 'created', ...(standing.next().value as z.infer<typeof created>) };
  });
}

function refusalOf(jira: Connection, issue: NewIssue): Refused | undefined {
  const complaints = complaintsAbout(issue);
  if (complaints !== undefined) return refusedFor(complaints);
  if (jira.allows(issue.project)) return undefined;
  return refusedFor({ fields: { project: `Maro isn’t allowed to create issues in ${issue.project}.` }, messages: [] });
}
