import { type Answer, errorCollection, issueNotFound, json } from './answer.ts';
import { numberIn } from './body.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { type Issue, isHidden } from './issues.ts';
import type { Person } from './seed.ts';
import { jiraTime } from './time.ts';
import { jiraUser } from './user.ts';

/** A comment on an issue. `author` is null when Jira names nobody. */
export type Comment = {
  id: string;
  author: Person | null;
  updateAuthor: Person | null;
  /** In Atlassian Document Format. */
  body: object;
  created: Date;
  updated: Date;
  /** Who may read it, when not everybody who sees the issue may. */
  visibility?: { type: 'role' | 'group'; value: string };
  /** Whether customers of a service project see it. True in other projects. */
  jsdPublic: boolean;
  /** What apps have put on the comment. */
  properties?: Record<string, unknown>;
};

/** REST API v3, Comment. Its properties come only if they are asked for. */
export function jiraComment(comment: Comment, issue: Issue, rest: string, withProperties = false) {
  const { properties = {}, id, author, updateAuthor, body, created, updated, visibility, jsdPublic } = comment;
  return {
    self: `${rest}/issue/${issue.id}/comment/${id}`,
    id,
    ...(author && { author: jiraUser(author, rest) }),
    body,
    ...(updateAuthor && { updateAuthor: jiraUser(updateAuthor, rest) }),
    created: jiraTime(created),
    updated: jiraTime(updated),
    ...(visibility && { visibility: { ...visibility, identifier: visibility.value } }),
    jsdPublic,
    ...(withProperties && { properties: Object.entries(properties).map(([key, value]) => ({ key, value })) }),
  };
}

/** The field `comment` of an issue: the oldest first, and no more than `most`. */
export function jiraComments(issue: Issue, rest: string, most: number) {
  const page = issue.comments.slice(0, most);
  return {
    comments: page.map((comment) => jiraComment(comment, issue, rest)),
    self: `${rest}/issue/${issue.id}/comment`,
    maxResults: page.length,
    total: issue.comments.length,
    startAt: 0,
  };
}

/** REST API v3, "Get comments": 100 a page. */
const commentsByDefault = 100;

/** GET issue/{issueIdOrKey}/comment */
export function listComments(call: Call, { rest, issues, seesIssues, mostAPage }: Site): Answer {
  const { query } = call;
  const issue = issues.find(call.idOrKey);
  if (!seesIssues || !issue || isHidden(issue)) return issueNotFound();
  if (query.get('expand')) return notPlayed('expand');
  const orderBy = query.get('orderBy') ?? 'created';
  if (!/^[+-]?created$/.test(orderBy)) return errorCollection(400, `The value '${orderBy}' of orderBy is invalid.`);
  const ordered = orderBy.startsWith('-') ? issue.comments.toReversed() : issue.comments;
  const startAt = numberIn(query, 'startAt', 0);
  const maxResults = Math.min(numberIn(query, 'maxResults', commentsByDefault, 1), commentsByDefault, mostAPage);
  const page = ordered.slice(startAt, startAt + maxResults);
  const comments = page.map((comment) => jiraComment(comment, issue, rest));
  return json(200, { startAt, maxResults, total: ordered.length, comments });
}
