export type { Client } from 'jira.js/core';

/**
 * The jira.js functions that Maro calls. The package exports them only from an index of 1,500
 * modules, which takes 500 ms and 75 MB to load. The files of these functions take 150 ms and 30
 * MB, so Maro imports them directly. If a release of jira.js moves the files, the tests fail.
 */
type Api = typeof import('jira.js/cloud');

const index = import.meta.resolve('jira.js/cloud');
const importApi = (name: string) => import(new URL(`api/${name}.js`, index).href);
const [
  issues,
  search,
  links,
  projects,
  users,
  server,
  comments,
  myself,
  statuses,
  permissions,
  watchers,
  filters,
  bulk,
] = await Promise.all(
  [
    ...['issues', 'issueSearch', 'issueRemoteLinks', 'projects', 'userSearch', 'serverInfo'],
    ...[
      'issueComments',
      'myself',
      'workflowStatuses',
      'permissions',
      'issueWatchers',
      'filters',
      'issueBulkOperations',
    ],
  ].map(importApi),
);

export const {
  assignIssue,
  bulkFetchIssues,
  createIssue,
  createIssues,
  doTransition,
  editIssue,
  getBulkChangelogs,
  getCreateIssueMetaIssueTypeId,
  getCreateIssueMetaIssueTypes,
  getEditIssueMeta,
  getIssue,
  getTransitions,
}: Pick<
  Api,
  | 'assignIssue'
  | 'bulkFetchIssues'
  | 'createIssue'
  | 'createIssues'
  | 'doTransition'
  | 'editIssue'
  | 'getBulkChangelogs'
  | 'getCreateIssueMetaIssueTypeId'
  | 'getCreateIssueMetaIssueTypes'
  | 'getEditIssueMeta'
  | 'getIssue'
  | 'getTransitions'
> = issues;
export const {
  countIssues,
  getIssuePickerResource,
  searchAndReconsileIssuesUsingJqlPost,
}: Pick<Api, 'countIssues' | 'getIssuePickerResource' | 'searchAndReconsileIssuesUsingJqlPost'> = search;
export const { getFiltersPaginated }: Pick<Api, 'getFiltersPaginated'> = filters;
export const { createOrUpdateRemoteIssueLink }: Pick<Api, 'createOrUpdateRemoteIssueLink'> = links;
export const { searchProjects }: Pick<Api, 'searchProjects'> = projects;
export const { findAssignableUsers, findUsers }: Pick<Api, 'findAssignableUsers' | 'findUsers'> = users;
export const {
  addComment,
  getComments,
  getCommentsByIds,
}: Pick<Api, 'addComment' | 'getComments' | 'getCommentsByIds'> = comments;
export const {
  getAvailableTransitions,
  getBulkOperationProgress,
  submitBulkEdit,
  submitBulkTransition,
}: Pick<Api, 'getAvailableTransitions' | 'getBulkOperationProgress' | 'submitBulkEdit' | 'submitBulkTransition'> = bulk;
export const { addWatcher, removeWatcher }: Pick<Api, 'addWatcher' | 'removeWatcher'> = watchers;
export const { getCurrentUser }: Pick<Api, 'getCurrentUser'> = myself;
export const { getMyPermissions }: Pick<Api, 'getMyPermissions'> = permissions;
export const { getStatuses }: Pick<Api, 'getStatuses'> = statuses;
export const { getServerInfo }: Pick<Api, 'getServerInfo'> = server;
