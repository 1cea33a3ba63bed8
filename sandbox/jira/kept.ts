import type { Comment } from './comment.ts';
import type { History } from './history.ts';
import type { Issue } from './issues.ts';
import { maro, type Person, type Seed } from './seed.ts';

type KeptHistory = Omit<History, 'author' | 'created'> & { author: string | null; created: string };
type KeptComment = Omit<Comment, 'author' | 'updateAuthor' | 'created' | 'updated'> &
  Record<'author' | 'updateAuthor', string | null> &
  Record<'created' | 'updated', string>;

/**
 * An issue without what the seed has: its project, type, status, parent, and people by their ids. Times are in ISO 8601.
 * Histories, comments and watchers are missing in what was kept before there were any.
 */
type KeptIssue = Omit<
  Issue,
  'project' | 'type' | 'status' | 'assignee' | 'parent' | 'created' | 'updated' | 'histories' | 'comments' | 'watchers'
> &
  Record<'project' | 'type' | 'status' | 'created' | 'updated', string> &
  Record<'assignee' | 'parent', string | null> & {
    histories?: KeptHistory[];
    comments?: KeptComment[];
    watchers?: string[];
  };

/** What of a site outlives a run. `ids` has every key that ever was, in upper case, with the id of its issue. */
export type KeptJira = {
  issues: KeptIssue[];
  ids: Record<string, string>;
  nextId: number;
  nextHistoryId?: number;
  nextCommentId?: number;
};

export function keepIssue(issue: Issue): KeptIssue {
  const { project, type, status, assignee, parent, created, updated, histories, comments } = issue;
  return {
    ...issue,
    project: project.id,
    type: type.id,
    status: status.id,
    assignee: assignee?.accountId ?? null,
    parent: parent?.id ?? null,
    histories: histories.map((history) => ({
      ...history,
      author: history.author?.accountId ?? null,
      created: history.created.toISOString(),
    })),
    comments: comments.map((comment) => ({
      ...comment,
      author: comment.author?.accountId ?? null,
      updateAuthor: comment.updateAuthor?.accountId ?? null,
      created: comment.created.toISOString(),
      updated: comment.updated.toISOString(),
    })),
    created: created.toISOString(),
    updated: updated.toISOString(),
  };
}

/** The issues of an earlier run, in their order. @throws a sentence when the seed lacks something that an issue names. */
export function restoreIssues(kept: readonly KeptIssue[], { projects, people }: Seed): Issue[] {
  const accounts = [...Object.values(people), maro];
  const restored = kept.map((issue): Issue => {
    const lacks = (what: string) => new Error(`${issue.key} has a ${what} that this Jira does not have.`);
    const project = projects.find(({ id }) => id === issue.project);
    if (project === undefined) throw lacks('project');
    const type = project.types.find(({ id }) => id === issue.type);
    if (type === undefined) throw lacks('type');
    const status = project.statuses.find(({ id }) => id === issue.status);
    if (status === undefined) throw lacks('status');
    const assignee = Object.values(people).find(({ accountId }) => accountId === issue.assignee) ?? null;
    if (issue.assignee !== null && assignee === null) throw lacks('assignee');
    const [created, updated] = [new Date(issue.created), new Date(issue.updated)];
    const histories = (issue.histories ?? []).map((history) => restoreHistory(history, accounts));
    const comments = (issue.comments ?? []).map((comment) => restoreComment(comment, accounts));
    const { watchers = [] } = issue;
    return { ...issue, project, type, status, assignee, parent: null, histories, comments, watchers, created, updated };
  });
  const byId = new Map(restored.map((issue) => [issue.id, issue]));
  for (const { id, parent } of kept) {
    const issue = byId.get(id);
    if (issue && parent !== null) issue.parent = byId.get(parent) ?? null;
  }
  return restored;
}

function restoreHistory({ author, created, ...history }: KeptHistory, accounts: readonly Person[]): History {
  return { ...history, author: accountOf(author, accounts), created: new Date(created) };
}

function restoreComment(comment: KeptComment, accounts: readonly Person[]): Comment {
  return {
    ...comment,
    author: accountOf(comment.author, accounts),
    updateAuthor: accountOf(comment.updateAuthor, accounts),
    created: new Date(comment.created),
    updated: new Date(comment.updated),
  };
}

/** Somebody whom the seed does not have any more is nobody. */
function accountOf(id: string | null, accounts: readonly Person[]): Person | null {
  return accounts.find(({ accountId }) => accountId === id) ?? null;
}
