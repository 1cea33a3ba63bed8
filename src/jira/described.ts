import { z } from 'zod';
import type { Issue } from '../issue.ts';
import type { IssueKey } from '../key.ts';
import { firstText } from './adf.ts';
import { getIssue } from './api.ts';
import type { Connection } from './connection.ts';
import { FIELDS, parseIssue } from './parse.ts';
import { type OfIssue, ofIssue } from './reading.ts';

/** An issue, and the first characters of its description in plain text; empty if it has none. */
export type DescribedIssue = { issue: Issue; description: string };

const LONGEST_DESCRIPTION = 500;

const describedJson = z.object({ fields: z.object({ description: z.unknown() }) });

/** See `describe` in `acts.ts`. */
export async function describe(jira: Connection, key: IssueKey): Promise<OfIssue<DescribedIssue>> {
  return await ofIssue(jira, key, async () => {
    const fields = [...FIELDS, 'description'];
    const { status, json } = await jira.ask((client) => getIssue(client, { issueIdOrKey: key, fields }));
    if (status === 404) return undefined;
    const issue = status === 200 ? parseIssue(json) : undefined;
    const described = describedJson.safeParse(json);
    if (issue === undefined || !described.success) throw jira.unreadable();
    const { url: site } = await jira.site.get();
    const description = firstText(described.data.fields.description, LONGEST_DESCRIPTION);
    return { issue: { ...issue, site }, description };
  });
}
