import { adfText } from './adf.ts';
import { type Comment, jiraComment } from './comment.ts';
import type { Happening } from './happening.ts';
import type { ChangeItem } from './history.ts';
import { jiraIssue } from './issue.ts';
import type { Issue } from './issues.ts';
import { siteTime } from './time.ts';
import { jiraUser } from './user.ts';

/** Those fields of an issue come with a comment's events. `updated` is none of them. */
const withComment = ['summary', 'issuetype', 'project', 'assignee', 'priority', 'status'];

/**
 * The body of the webhook that tells what happened on the site at `site`. Atlassian describes it for issues only, so it follows
 * recorded ones: addresses and texts are those of REST API v2, and an issue's `self` lacks a part.
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
export function eventBody(happening: Happening, site: string): Record<string, unknown> {
  const { event, issue, by, at } = happening;
  const rest = `${site}/rest/api/2`;
  const head = { timestamp: at.getTime(), webhookEvent: event };
  switch (event) {
    case 'comment_created':
    case 'comment_updated':
    case 'comment_deleted':
      // Who deleted it is not told.
      return {
        ...head,
        comment: commentBody(happening.comment, issue, rest),
        issue: issueBody(issue, rest, (field) => withComment.includes(field)),
        eventType: 'primaryAction',
      };
    default:
      return {
        ...head,
        ...('history' in happening && { issue_event_type_name: typeOf(event, happening.history.items) }),
        ...(by && { user: jiraUser(by, rest) }),
        issue: issueBody(issue, rest, (field) => field !== 'comment'),
        ...('history' in happening && {
          changelog: { id: happening.history.id, items: happening.history.items.map(itemBody) },
        }),
      };
  }
}

/** Jira's own events are finer than those of webhooks: "issue_generic" is a transition. */
function typeOf(event: Happening['event'], items: readonly ChangeItem[]): string {
  if (event === 'jira:issue_created') return 'issue_created';
  const fields = items.map(({ field }) => field);
  if (fields.includes('Key')) return 'issue_moved';
  if (fields.includes('status')) return 'issue_generic';
  return fields.join() === 'assignee' ? 'issue_assigned' : 'issue_updated';
}

function itemBody(item: ChangeItem) {
  return item.field === 'assignee' ? { ...item, tmpFromAccountId: item.from, tmpToAccountId: item.to } : item;
}

function issueBody(issue: Issue, rest: string, select: (field: string) => boolean) {
  const { id, key, fields } = jiraIssue(issue, rest, select);
  for (const [name, value] of Object.entries(fields)) {
    if (['created', 'updated', 'resolutiondate'].includes(name) && typeof value === 'string') {
      fields[name] = siteTime(new Date(value));
    }
    if (name === 'description') fields[name] = value && adfText(value);
  }
  return { id, self: `${rest}/${id}`, key, fields };
}

function commentBody(comment: Comment, issue: Issue, rest: string) {
  const { created, updated, body } = comment;
  return {
    ...jiraComment(comment, issue, rest),
    body: adfText(body),
    created: siteTime(created),
    updated: siteTime(updated),
  };
}
