import { z } from 'zod';
import type { IssueKey } from '../key.ts';
import { type AdfDocument, lengthOf } from './adf.ts';
import { addComment, getComments, getCommentsByIds } from './api.ts';
import type { Connection } from './connection.ts';
import { id, momentIn } from './parse.ts';
import { type OfIssue, ofIssue } from './reading.ts';
import { refusedFor } from './refusal.ts';
import { type Unwritten, write } from './written.ts';

/** The comment property that holds the operation's id, by which Maro finds a comment that it added. */
export const OPERATION_PROPERTY = 'maro.operation';

export type Commented = { state: 'commented'; id: string } | Unwritten;

/** https://jira.atlassian.com/browse/JRACLOUD-68949 */
const LONGEST_COMMENT = 32_767;
/** The largest page of comments. */
const COMMENTS_A_PAGE = 100;
/** The most pages of new comments that are searched: Jira takes the ids of up to 1,000 comments. */
const MOST_PAGES = 10;
/** The clocks of Maro and Jira differ by less than this. */
const CLOCKS_MS = 5 * 60_000;

const commentJson = z.object({ id });
const pageJson = z.object({ comments: z.array(z.object({ id, created: z.string() })), total: z.int() });
const propertyJson = z.object({ key: z.literal(OPERATION_PROPERTY), value: z.object({ id: z.string() }) });
const commentsJson = z.object({ values: z.array(z.object({ id, properties: z.array(z.unknown()).default([]) })) });

/** See `comment` in `acts.ts`. */
export async function comment(
  jira: Connection,
  key: IssueKey,
  body: AdfDocument,
  operationId: string,
): Promise<Commented> {
  const length = lengthOf(body);
  if (length > LONGEST_COMMENT) {
    const [most, has] = [LONGEST_COMMENT, length].map((count) => count.toLocaleString('en'));
    const tooLong = `This comment has ${has} characters, and Jira’s limit is ${most}.`;
    return refusedFor({ fields: { comment: tooLong }, messages: [] });
  }
  const properties = [{ key: OPERATION_PROPERTY, value: { id: operationId } }];
  const request = { issueIdOrKey: key, body: body as object, properties };
  const answer = await write(jira, key, (client) => addComment(client, request as Parameters<typeof addComment>[1]));
  if (answer.state !== 'answered') return answer;
  const parsed = commentJson.safeParse(answer.json);
  return parsed.success ? { state: 'commented', id: parsed.data.id } : { state: 'unknown', trouble: jira.unreadable() };
}

/**
 * See `commentOf` in `acts.ts`. Only "Get comments by IDs" is documented to answer with properties.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/#api-rest-api-3-comment-list-post
 */
export async function commentOf(
  jira: Connection,
  key: IssueKey,
  operationId: string,
  sentAt: Date,
): Promise<OfIssue<string | null>> {
  return await ofIssue(jira, key, async () => {
    const ids = await commentsSince(jira, key, new Date(sentAt.getTime() - CLOCKS_MS));
    if (ids === undefined || ids.length === 0) return ids && null;
    const request = { ids: ids.map(Number), expand: 'properties' };
    const { status, json } = await jira.ask((client) => getCommentsByIds(client, request));
    const parsed = status === 200 ? commentsJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    const found = parsed.data.values.find(({ properties }) =>
      properties.some((item) => propertyJson.safeParse(item).data?.value.id === operationId),
    );
    return found?.id ?? null;
  });
}

/** The ids of the comments that were added since then; undefined if Jira shows no such issue. @throws {JiraTrouble} */
async function commentsSince(jira: Connection, key: IssueKey, since: Date): Promise<string[] | undefined> {
  const ids = new Set<string>();
  let startAt = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const paging = { startAt, maxResults: COMMENTS_A_PAGE, orderBy: '-created' as const };
    const { status, json } = await jira.ask((client) => getComments(client, { issueIdOrKey: key, ...paging }));
    if (status === 404) return undefined;
    const parsed = status === 200 ? pageJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    const { comments, total } = parsed.data;
    const recent = comments.filter(({ created }) => (momentIn(created) ?? since) >= since);
    for (const each of recent) ids.add(each.id);
    startAt += comments.length;
    if (recent.length < comments.length || startAt >= total || comments.length === 0) return [...ids];
  }
  throw jira.unreadable();
}
