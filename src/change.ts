import type { StatusCategory } from './issue.ts';

/**
 * What can change in an issue. `moved`: it got another key. `hidden` and `visible`: Jira no longer shows it to Maro, and shows
 * it again. Only Jira's webhook reports a deleted comment or a deleted issue.
 */
export type KindOfChange =
  | ('status' | 'assignee' | 'priority' | 'summary' | 'moved')
  | ('due date' | 'flagged')
  | ('comment' | 'comment edited' | 'comment deleted')
  | ('deleted' | 'hidden' | 'visible');

/** A change of one issue, as Jira reports it. Each text is one line, as `src/jira` reads it. */
export type IssueChange = {
  /** Jira's id of the issue. */
  issueId: string;
  /** Made of Jira's ids. The same change has the same id, whichever way it is reported. */
  id: string;
  what: KindOfChange;
  at: Date;
  /** The account that made the change, if Jira names one. `name` is undefined if Jira hides it. */
  author: { id: string; name: string | undefined } | undefined;
  /** The value before and after; undefined if there was none, or for a comment. A due date is like `2026-11-20`. */
  from: string | undefined;
  to: string | undefined;
  /** Of a status: its category before and after, if Maro knows it. */
  fromCategory: StatusCategory | undefined;
  toCategory: StatusCategory | undefined;
  /** Whether Maro's own Jira account made the change. */
  byMaro: boolean;
};
