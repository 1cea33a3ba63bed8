import { z } from 'zod';
import type { IssueChange } from '../change.ts';
import type { Issue } from '../issue.ts';
import { projectOf } from '../key.ts';
import type { Connection } from './connection.ts';
import { changesInComment, changesInHistory, deletedComment, deletedIssue, type Reader } from './history.ts';
import { id, momentIn, parseIssue } from './parse.ts';

/**
 * What an event of Jira's webhook says. `doubtful`: ids of issues that Maro's account may not be allowed to see any
 * more, or that Maro cannot read in the event. They have to be read from Jira.
 */
export type JiraEvent = { issues: Issue[]; gone: string[]; changes: IssueChange[]; doubtful: string[] };

const NOTHING: JiraEvent = { issues: [], gone: [], changes: [], doubtful: [] };

const eventJson = z.object({
  webhookEvent: z.string(),
  timestamp: z.number(),
  user: z.unknown().optional(),
  issue: z.object({ id, self: z.string().optional() }).loose().optional(),
  changelog: z
    .object({ id: z.union([id, z.number()]), items: z.array(z.unknown()) })
    .nullish()
    .catch(undefined),
  comment: z.unknown().optional(),
});

/**
 * What the body of a webhook says about an issue of our site; undefined if Maro cannot read the body. Events that Maro does not
 * use, and those of projects that JIRA_PROJECTS leaves out, say nothing.
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/
 * @throws {JiraTrouble} if the site is not known yet and Jira cannot be asked.
 */
export async function readEvent(
  jira: Connection,
  json: unknown,
  readerOf: () => Promise<Reader>,
): Promise<JiraEvent | undefined> {
  const parsed = eventJson.safeParse(json);
  if (!parsed.success) return undefined;
  const { webhookEvent: name, timestamp, user, issue: item, changelog, comment } = parsed.data;
  const at = momentIn(timestamp);
  if (item === undefined || at === undefined) return NOTHING;
  const host = URL.parse(item.self ?? '')?.host;
  if (host !== undefined && !(await jira.site.has(host))) return NOTHING;
  const { url: site } = await jira.site.get();
  if (name === 'jira:issue_deleted') {
    return { ...NOTHING, gone: [item.id], changes: [deletedIssue(item.id, at, user, await readerOf())] };
  }
  if (name === 'comment_created' || name === 'comment_updated') {
    return { ...NOTHING, changes: changesInComment(item.id, comment, await readerOf()) };
  }
  if (name === 'comment_deleted') {
    return { ...NOTHING, changes: deletedComment(item.id, comment, at, user, await readerOf()) };
  }
  if (name !== 'jira:issue_updated' && name !== 'jira:issue_created') return NOTHING;
  const issue = parseIssue(item);
  if (issue === undefined || changelog?.items.some(isAboutSecurity)) return { ...NOTHING, doubtful: [item.id] };
  if (!jira.allows(projectOf(issue.key))) return { ...NOTHING, gone: [issue.id] };
  const changes =
    changelog === null || changelog === undefined
      ? []
      : changesInHistory(issue.id, { ...changelog, created: timestamp, author: user }, await readerOf());
  return { ...NOTHING, issues: [{ ...issue, site }], changes };
}

const changedFieldJson = z.object({ field: z.string().optional(), fieldId: z.string().optional() });

/** Whether the change is about who may see the issue. */
function isAboutSecurity(json: unknown): boolean {
  const item = changedFieldJson.safeParse(json);
  return item.success && [item.data.field?.toLowerCase(), item.data.fieldId].includes('security');
}
