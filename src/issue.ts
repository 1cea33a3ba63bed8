import type { IssueKey } from './key.ts';

/**
 * Jira's status categories, the same in every language and on every site. Statuses' names are free text and translated,
 * so they are shown and never compared. https://support.atlassian.com/jira-cloud-administration/docs/what-are-issue-statuses-priorities-and-resolutions/
 */
export const STATUS_CATEGORIES = ['indeterminate', 'new', 'done'] as const;
export type StatusCategory = (typeof STATUS_CATEGORIES)[number];

/** What people call a category. */
export const CATEGORY_TITLE: Readonly<Record<StatusCategory, string>> = {
  indeterminate: 'In progress',
  new: 'To do',
  done: 'Done',
};

/** What Maro knows of an issue. Its texts are one line each, without control or direction marks, as `src/jira` reads them. */
export type Issue = {
  /** The address of the Jira site. */
  site: string;
  /** Jira's own id: it stays when the issue moves and gets another key. */
  id: string;
  key: IssueKey;
  summary: string;
  status: string;
  category: StatusCategory;
  assignee: string | undefined;
  type: string | undefined;
  priority: string | undefined;
  updatedAt: Date | undefined;
};
