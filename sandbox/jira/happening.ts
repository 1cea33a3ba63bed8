import type { Comment } from './comment.ts';
import type { History } from './history.ts';
import type { Issue } from './issues.ts';
import type { Person } from './seed.ts';

/** What happened to an issue, by the name that Jira's webhooks have for it. `by` is null when Jira names nobody. */
export type Happening = { issue: Issue; by: Person | null; at: Date } & (
  | { event: 'jira:issue_deleted' }
  /** The history of what a new issue has been given is none of the issue's. */
  | { event: 'jira:issue_created' | 'jira:issue_updated'; history: History }
  | {
      event: 'comment_created' | 'comment_updated' | 'comment_deleted';
      comment: Comment;
      /** Went with its issue. */
      withIssue?: boolean;
    }
);
