import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Jira, startJira } from './index.ts';

/** The fields that Maro asks for. */
export const fields = ['summary', 'status', 'assignee', 'issuetype', 'priority', 'updated', 'duedate'];
/** Jira's answer for an issue that is missing or forbidden. */
export const notFound = {
  errorMessages: ['Issue does not exist or you do not have permission to see it.'],
  errors: {},
};

/** A stand-in that stops with the test. */
export async function started(t: TestContext): Promise<Jira> {
  const jira = await startJira();
  t.after(() => jira.stop());
  return jira;
}

/** The header of Basic authentication. */
export function basic(email: string, token: string): string {
  return `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;
}

type Options = {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  authorization?: string | null;
};

/** A request with the right login, unless `authorization` says otherwise; `path` may be a whole address. */
export async function ask(jira: Jira, path: string, options: Options = {}): Promise<Response> {
  const { method = options.body === undefined ? 'GET' : 'POST', body } = options;
  const { authorization = basic(jira.email, jira.apiToken) } = options;
  return await fetch(path.startsWith('http') ? path : `${jira.url}/rest/api/3/${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(authorization !== null && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

export type WireIssue = { id: string; key: string; self: string; fields: Record<string, unknown> };

/** GET issue, which must succeed. */
export async function issue(jira: Jira, idOrKey: string, query = ''): Promise<WireIssue> {
  const response = await ask(jira, `issue/${idOrKey}${query}`);
  assert.equal(response.status, 200, idOrKey);
  return (await response.json()) as WireIssue;
}

/** The issues of a bulkfetch, which must succeed and name no errors. */
export async function bulkfetch(jira: Jira, issueIdsOrKeys: string[], wanted: string[] = fields): Promise<WireIssue[]> {
  const response = await ask(jira, 'issue/bulkfetch', { body: { issueIdsOrKeys, fields: wanted } });
  assert.equal(response.status, 200);
  const { issues, issueErrors } = (await response.json()) as { issues: WireIssue[]; issueErrors: unknown[] };
  assert.deepEqual(issueErrors, []);
  return issues;
}

export function keys(issues: WireIssue[]): string[] {
  return issues.map(({ key }) => key);
}

/** Waits for the condition, at most some seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    assert.ok(tries < 1000, 'the condition never held');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
