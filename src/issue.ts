import type { IssueKey } from './key.ts';

/**
 * Jira's status categories, which are the same in every language and on every site. Names of
 * statuses are free text and may be translated, so Maro shows them and never compares them.
 * https://support.atlassian.com/jira-cloud-administration/docs/what-are-issue-statuses-priorities-and-resolutions/
 */
export const STATUS_CATEGORIES = ['indeterminate', 'new', 'done'] as const;
export type StatusCategory = (typeof STATUS_CATEGORIES)[number];

export const CATEGORY_TITLE: Readonly<Record<StatusCategory, string>> = {
  indeterminate: 'In progress',
  new: 'To do',
  done: 'Done',
};

/**
 * What Maro knows about an issue. Each text is one line without control
 * characters or direction marks, as `src/jira` reads it.
 */
export type Issue = {
  /** The address of the Jira site for links, without a trailing slash. A site may get another one. */
  site: string;
  /** Jira's id, which stays the same when the issue moves and gets another key. */
  id: string;
  key: IssueKey;
  summary: string;
  status: string;
  category: StatusCategory;
  assignee: string | undefined;
  /** Jira's id of the assignee's account, where it was asked for. */
  assigneeId?: string | undefined;
  type: string | undefined;
  priority: string | undefined;
  updatedAt: Date | undefined;
  /** The day on which the issue is due, such as `2026-11-20`, where it was asked for. */
  dueDate?: string | undefined;
};
