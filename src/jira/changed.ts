import { z } from 'zod';
import type { IssueChange } from '../change.ts';
import type { Issue } from '../issue.ts';
import { projectOf } from '../key.ts';
import { bulkFetchIssues, getBulkChangelogs, getComments, searchAndReconsileIssuesUsingJqlPost } from './api.ts';
import type { Connection } from './connection.ts';
import { changesInComment, changesInHistory, type Reader } from './history.ts';
import { FIELDS, id, parseBulk, parseIssue } from './parse.ts';
import { KEYS_A_CALL } from './read.ts';

/** An issue as it is now, and what changed in it, oldest first as far as Jira's answers say. */
export type ChangedIssue = { issue: Issue; changes: IssueChange[] };

/** A page of changed issues, or that Jira refuses to search these projects. */
export type ChangedPage = { state: 'page'; issues: ChangedIssue[] } | { state: 'refused' };

/** Issues with their histories are large. */
const ISSUES_A_PAGE = 50;
/** Jira: the changelogs of up to 1,000 issues, up to 10,000 changelogs a page. */
const CHANGELOGS_A_PAGE = 1_000;
/** The comments that are read again of an issue that has more than its answer shows: the newest. */
const MOST_COMMENTS = 100;

const pageJson = z.object({ issues: z.array(z.unknown()), nextPageToken: z.string().nullish() });
const changedJson = z.object({
  id,
  fields: z.object({
    comment: z
      .object({ comments: z.array(z.unknown()), total: z.number().catch(0) })
      .nullish()
      .catch(undefined),
  }),
  changelog: z
    .object({ histories: z.array(z.unknown()), total: z.number().catch(0) })
    .nullish()
    .catch(undefined),
});
const commentsJson = z.object({ comments: z.array(z.unknown()) });
const changelogsJson = z.object({
  issueChangeLogs: z.array(z.object({ issueId: id, changeHistories: z.array(z.unknown()).catch([]) })),
  nextPageToken: z.string().nullish(),
});

/**
 * The issues of these projects that Jira updated in the last `minutes` minutes, by Jira's clock, page by page, the earliest
 * update first. Each page is one call, and one more for histories that came truncated.
 * @throws {JiraTrouble}
 */
export async function* changedIn(
  jira: Connection,
  { projects, minutes, reader }: { projects: readonly string[]; minutes: number; reader: () => Promise<Reader> },
): AsyncGenerator<ChangedPage> {
  const quoted = projects.map((project) => `"${project}"`).join(', ');
  const jql = `project in (${quoted}) AND updated >= "-${minutes}m" ORDER BY updated ASC`;
  let token: string | undefined;
  do {
    const request = {
      ...{ jql, fields: [...FIELDS, 'comment'], expand: 'changelog', maxResults: ISSUES_A_PAGE },
      ...(token === undefined ? {} : { nextPageToken: token }),
    };
    const { status, json } = await jira.askPatiently((client) => searchAndReconsileIssuesUsingJqlPost(client, request));
    if (status === 400) return void (yield { state: 'refused' });
    const page = status === 200 ? pageJson.safeParse(json) : undefined;
    if (!page?.success) throw jira.unreadable();
    yield { state: 'page', issues: await changed(jira, page.data.issues, reader) };
    token = page.data.nextPageToken ?? undefined;
  } while (token !== undefined);
}

/**
 * Reads up to a hundred issues by their ids, with all their changes. Issues that Jira does not show are left out.
 * Two calls, and one for each issue with more comments than an answer shows.
 * @throws {JiraTrouble}
 */
export async function changedByIds(
  jira: Connection,
  ids: readonly string[],
  reader: () => Promise<Reader>,
): Promise<ChangedIssue[]> {
  const request = { issueIdsOrKeys: ids.slice(0, KEYS_A_CALL), fields: [...FIELDS, 'comment'] };
  const { status, json } = await jira.askPatiently((client) => bulkFetchIssues(client, request));
  const items = status === 200 ? parseBulk(json) : undefined;
  if (items === undefined) throw jira.unreadable();
  return await changed(jira, items, reader);
}

async function changed(
  jira: Connection,
  items: readonly unknown[],
  readerOf: () => Promise<Reader>,
): Promise<ChangedIssue[]> {
  const { url: site } = await jira.site.get();
  const issues = items.flatMap((item) => {
    const [issue, more] = [parseIssue(item), changedJson.safeParse(item)];
    return issue === undefined || !more.success || !jira.allows(projectOf(issue.key))
      ? []
      : [{ issue: { ...issue, site }, comment: more.data.fields.comment, changelog: more.data.changelog }];
  });
  if (issues.length === 0) return [];
  const reader = await readerOf();
  const truncated = issues.filter(({ changelog }) => isTruncated(changelog?.histories, changelog?.total));
  const histories = await readHistories(
    jira,
    truncated.map(({ issue }) => issue.id),
  );
  return await Promise.all(
    issues.map(async ({ issue, comment, changelog }) => {
      const comments = isTruncated(comment?.comments, comment?.total)
        ? await readComments(jira, issue.id)
        : (comment?.comments ?? []);
      const changes = [
        ...(histories.get(issue.id) ?? changelog?.histories ?? []).flatMap((json) =>
          changesInHistory(issue.id, json, reader),
        ),
        ...comments.flatMap((json) => changesInComment(issue.id, json, reader)),
      ];
      return { issue, changes };
    }),
  );
}

/** Whether an answer has fewer items than there are, or does not say. */
function isTruncated(items: readonly unknown[] | undefined, total: number | undefined): boolean {
  return items === undefined || items.length < (total ?? 0);
}

/** All histories of these issues, by the ids of the issues. */
async function readHistories(jira: Connection, ids: readonly string[]): Promise<Map<string, unknown[]>> {
  const histories = new Map<string, unknown[]>();
  if (ids.length === 0) return histories;
  let token: string | undefined;
  do {
    const request = {
      ...{ issueIdsOrKeys: [...ids], maxResults: CHANGELOGS_A_PAGE },
      ...(token === undefined ? {} : { nextPageToken: token }),
    };
    const { status, json } = await jira.askPatiently((client) => getBulkChangelogs(client, request));
    const page = status === 200 ? changelogsJson.safeParse(json) : undefined;
    if (!page?.success) throw jira.unreadable();
    for (const { issueId, changeHistories } of page.data.issueChangeLogs) {
      histories.set(issueId, [...(histories.get(issueId) ?? []), ...changeHistories]);
    }
    token = page.data.nextPageToken ?? undefined;
  } while (token !== undefined);
  return histories;
}

/** The newest comments of the issue; none if Jira no longer shows the issue. */
async function readComments(jira: Connection, issueId: string): Promise<unknown[]> {
  const request = { issueIdOrKey: issueId, orderBy: '-created', maxResults: MOST_COMMENTS } as const;
  const { status, json } = await jira.askPatiently((client) => getComments(client, request));
  if (status === 404) return [];
  const parsed = status === 200 ? commentsJson.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.comments;
}
