import { z } from 'zod';
import { type IssueKey, projectOf } from '../key.ts';
import { getIssuePickerResource } from './api.ts';
import type { Connection } from './connection.ts';
import { issueKey, line } from './parse.ts';

/** An issue as Jira suggests it. */
export type Suggestion = { key: IssueKey; summary: string };

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-issue-picker-get */
const suggestionsJson = z.object({
  sections: z.array(z.object({ issues: z.array(z.unknown()).default([]) })),
});
const suggestionJson = z.object({ key: issueKey, summaryText: line });

/** Without a query of its own, Jira suggests only what Maro's account has looked at, which is nothing. */
const AMONG = 'updated >= "-52w" ORDER BY updated DESC';

/** See `picker` in `searches.ts`. @throws {JiraTrouble} */
export async function suggest(jira: Connection, query: string): Promise<readonly Suggestion[]> {
  const request = { query, currentJQL: AMONG, showSubTasks: true };
  const { status, json } = await jira.ask((client) => getIssuePickerResource(client, request));
  const parsed = status === 200 ? suggestionsJson.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  const found = new Map<IssueKey, Suggestion>();
  for (const item of parsed.data.sections.flatMap(({ issues }) => issues)) {
    const suggestion = suggestionJson.safeParse(item).data;
    if (suggestion === undefined || !jira.allows(projectOf(suggestion.key))) continue;
    found.set(suggestion.key, { key: suggestion.key, summary: suggestion.summaryText });
  }
  return [...found.values()];
}
