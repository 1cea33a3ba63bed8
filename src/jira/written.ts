import { type IssueKey, parseKey, projectOf } from '../key.ts';
import type { Client } from './api.ts';
import type { Connection } from './connection.ts';
import { NOT_FOUND } from './reading.ts';
import { type Refused, refused } from './refusal.ts';
import type { JiraResponse } from './transport.ts';
import { asTrouble, type JiraTrouble } from './trouble.ts';

/** A write that Jira did not answer. `failed`: Jira changed nothing. `unknown`: Jira may have changed something. */
export type Broken = { state: 'failed'; trouble: JiraTrouble } | { state: 'unknown'; trouble: JiraTrouble };

/** Why nothing was written, or may not have been. Jira shows Maro no such issue, or JIRA_PROJECTS leaves its project out. */
export type Unwritten = Refused | Broken | { state: 'not found' } | { state: 'not allowed' };

/**
 * The result of a write to an issue. `refused`: Jira does not accept the change as it is. `failed`: nothing was changed, and
 * the same write may be sent again. `unknown`: the issue may have been changed, so read it before the write is sent again.
 */
export type Written = { state: 'done' } | Unwritten;

/** The outcome of a write for a caught error. @throws the error itself if it is not a JiraTrouble. */
export function broken(error: unknown): Broken {
  const trouble = asTrouble(error);
  return { state: trouble.undone ? 'failed' : 'unknown', trouble };
}

/** Sends one write to an issue, which is never repeated. `key` is validated because `question` puts it into a URL. */
export async function write(
  jira: Connection,
  key: IssueKey,
  question: (client: Client) => Promise<unknown>,
): Promise<{ state: 'answered'; json: unknown } | Unwritten> {
  if (parseKey(key) !== key) return NOT_FOUND;
  if (!jira.allows(projectOf(key))) return { state: 'not allowed' };
  let response: JiraResponse;
  try {
    response = await jira.ask(question);
  } catch (error) {
    return broken(error);
  }
  const { status, json } = response;
  if (status === 404) return NOT_FOUND;
  return status >= 400 ? refused(json) : { state: 'answered', json };
}

/** The same for a write to which Jira answers nothing. An answer that is not empty is none of Jira's. */
export async function writeOnly(
  jira: Connection,
  key: IssueKey,
  question: (client: Client) => Promise<unknown>,
): Promise<Written> {
  const answer = await write(jira, key, question);
  if (answer.state !== 'answered') return answer;
  return answer.json === undefined ? { state: 'done' } : { state: 'unknown', trouble: jira.unreadable() };
}
