import { z } from 'zod';
import type { Issue } from '../issue.ts';
import { projectOf } from '../key.ts';
import { searchAndReconsileIssuesUsingJqlPost } from './api.ts';
import type { Connection } from './connection.ts';
import { FIELDS, parseIssue } from './parse.ts';

/** The maximum number of epics to offer: Slack shows a hundred options. */
const MOST_EPICS = 100;

const found = z.object({ issues: z.array(z.unknown()) });

/** See `epics` in `client.ts`. `type` is the id of the project's epic type. @throws {JiraTrouble} */
export async function findEpics(
  jira: Connection,
  project: string,
  type: string,
): Promise<readonly Issue[] | undefined> {
  const { url: site } = await jira.site.get();
  const jql = `project = "${project}" AND issuetype = ${type} AND statusCategory != Done ORDER BY updated DESC`;
  const request = { jql, fields: FIELDS, maxResults: MOST_EPICS };
  const { status, json } = await jira.ask((client) => searchAndReconsileIssuesUsingJqlPost(client, request));
  // Jira answers 400 if the JQL names a project or a type that it does not know.
  if (status === 400) return undefined;
  const parsed = status === 200 ? found.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.issues
    .flatMap((item) => parseIssue(item) ?? [])
    .filter(({ key }) => jira.allows(projectOf(key)))
    .map((issue) => ({ ...issue, site }));
}
