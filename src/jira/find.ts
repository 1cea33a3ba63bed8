import { z } from 'zod';
import type { Issue } from '../issue.ts';
import { projectOf } from '../key.ts';
import { countIssues, searchAndReconsileIssuesUsingJqlPost } from './api.ts';
import type { Connection } from './connection.ts';
import { FIELDS, parseIssue } from './parse.ts';
import { inTrouble, type Known } from './reading.ts';
import { type Refused, refused } from './refusal.ts';

/** What Jira found for a query, or why it does not take the query. */
export type FoundBy<T> = Known<T> | Refused;

/** Jira returns up to 5,000 issues a page if only their ids are wanted, and fewer if more is. */
const ISSUES_A_PAGE = 100;

const countJson = z.object({ count: z.int().nonnegative() });
const pageJson = z.object({ issues: z.array(z.unknown()), nextPageToken: z.string().nullish() });

/** See `count` in `searches.ts`. */
export async function count(jira: Connection, jql: string): Promise<FoundBy<number>> {
  try {
    const { status, json } = await jira.ask((client) => countIssues(client, { jql }));
    if (status === 400) return refused(json);
    const parsed = status === 200 ? countJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    return { state: 'known', value: parsed.data.count };
  } catch (error) {
    return inTrouble(error);
  }
}

/**
 * See `find` in `searches.ts`.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-post
 */
export async function find(
  jira: Connection,
  jql: string,
  most: number,
): Promise<FoundBy<{ issues: readonly Issue[]; isComplete: boolean }>> {
  // An issue that changes its place in the order between two calls can come twice.
  const found = new Map<string, Issue>();
  let seen = 0;
  let token: string | undefined;
  try {
    const { url: site } = await jira.site.get();
    do {
      const request = {
        ...{ jql, fields: FIELDS, maxResults: Math.min(ISSUES_A_PAGE, most - seen) },
        ...(token === undefined ? {} : { nextPageToken: token }),
      };
      const { status, json } = await jira.ask((client) => searchAndReconsileIssuesUsingJqlPost(client, request));
      if (status === 400) return refused(json);
      const page = status === 200 ? pageJson.safeParse(json) : undefined;
      if (!page?.success) throw jira.unreadable();
      for (const item of page.data.issues) {
        const issue = parseIssue(item);
        if (issue !== undefined && jira.allows(projectOf(issue.key))) found.set(issue.id, { ...issue, site });
      }
      seen += page.data.issues.length;
      token = page.data.issues.length === 0 ? undefined : (page.data.nextPageToken ?? undefined);
    } while (token !== undefined && seen < most);
  } catch (error) {
    return inTrouble(error);
  }
  return { state: 'known', value: { issues: [...found.values()], isComplete: token === undefined } };
}
