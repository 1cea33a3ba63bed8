export type { Client } from 'jira.js/core';

/**
 * The jira.js functions that Maro calls. The package exports them only from an index of 1,500
 * modules, which takes 500 ms and 75 MB to load. The files of these functions take 150 ms and 30
 * MB, so Maro imports them directly. If a release of jira.js moves the files, the tests fail.
 */
type Api = typeof import('jira.js/cloud');

const index = import.meta.resolve('jira.js/cloud');
const importApi = (name: string) => import(new URL(`api/${name}.js`, index).href);
const [issues, search, links, projects, users, server] = await Promise.all(
  ['issues', 'issueSearch', 'issueRemoteLinks', 'projects', 'userSearch', 'serverInfo'].map(importApi),
);

export const {
  bulkFetchIssues,
  createIssue,
  createIssues,
  getCreateIssueMetaIssueTypeId,
  getCreateIssueMetaIssueTypes,
  getIssue,
}: Pick<
  Api,
  | 'bulkFetchIssues'
  | 'createIssue'
  | 'createIssues'
  | 'getCreateIssueMetaIssueTypeId'
  | 'getCreateIssueMetaIssueTypes'
  | 'getIssue'
> = issues;
export const { searchAndReconsileIssuesUsingJqlPost }: Pick<Api, 'searchAndReconsileIssuesUsingJqlPost'> = search;
export const { createOrUpdateRemoteIssueLink }: Pick<Api, 'createOrUpdateRemoteIssueLink'> = links;
export const { searchProjects }: Pick<Api, 'searchProjects'> = projects;
export const { findAssignableUsers, findUsers }: Pick<Api, 'findAssignableUsers' | 'findUsers'> = users;
export const { getServerInfo }: Pick<Api, 'getServerInfo'> = server;
