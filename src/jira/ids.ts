import { z } from 'zod';
import { searchAndReconsileIssuesUsingJqlPost } from './api.ts';
import type { Connection } from './connection.ts';
import type { FoundBy } from './find.ts';
import { id } from './parse.ts';
import { inTrouble } from './reading.ts';
import { refused } from './refusal.ts';

const pageJson = z.object({ issues: z.array(z.object({ id })), nextPageToken: z.string().nullish() });

/**
 * See `ids` in `searches.ts`. Jira gives up to 5,000 issues a page when nothing but their ids is asked for.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-post
 */
export async function findIds(
  jira: Connection,
  jql: string,
  most: number,
): Promise<FoundBy<{ ids: readonly string[]; isComplete: boolean }>> {
  const ids = new Set<string>();
  let token: string | undefined;
  try {
    do {
      // One more than wanted tells whether there are more.
      const request = { jql, maxResults: most + 1, ...(token === undefined ? {} : { nextPageToken: token }) };
      const { status, json } = await jira.ask((client) => searchAndReconsileIssuesUsingJqlPost(client, request));
      if (status === 400) return refused(json);
      const page = status === 200 ? pageJson.safeParse(json) : undefined;
      if (!page?.success) throw jira.unreadable();
      for (const issue of page.data.issues) ids.add(issue.id);
      token = page.data.issues.length === 0 ? undefined : (page.data.nextPageToken ?? undefined);
    } while (token !== undefined && ids.size <= most);
  } catch (error) {
    return inTrouble(error);
  }
  return { state: 'known', value: { ids: [...ids].slice(0, most), isComplete: ids.size <= most } };
}
