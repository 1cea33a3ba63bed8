import type { Endpoint } from './endpoint.ts';

export type Scope = 'read:jira-work' | 'write:jira-work' | 'read:jira-user';

export const scopes: readonly Scope[] = ['read:jira-work', 'write:jira-work', 'read:jira-user'];

/**
 * The scope that a token with scopes needs for an endpoint: `security` of the operation in REST API v3. `npm run check:jira`
 * compares this table with that document.
 */
export const scopeOf: Record<Endpoint, Scope | undefined> = {
  serverInfo: undefined,
  myself: 'read:jira-user',
  issue: 'read:jira-work',
  bulkfetch: 'read:jira-work',
  create: 'write:jira-work',
  bulk: 'write:jira-work',
  issueTypes: 'read:jira-work',
  fields: 'read:jira-work',
  picker: 'read:jira-work',
  remoteLinks: 'read:jira-work',
  remoteLink: 'write:jira-work',
  transitions: 'read:jira-work',
  transition: 'write:jira-work',
  edit: 'write:jira-work',
  editmeta: 'read:jira-work',
  assign: 'write:jira-work',
  comment: 'write:jira-work',
  commentsByIds: 'read:jira-work',
  watchers: 'read:jira-work',
  watch: 'write:jira-work',
  unwatch: 'write:jira-work',
  filters: 'read:jira-work',
  bulkTransitions: 'read:jira-work',
  bulkTransition: 'write:jira-work',
  bulkEdit: 'write:jira-work',
  bulkProgress: 'read:jira-work',
  projects: 'read:jira-work',
  search: 'read:jira-work',
  count: 'read:jira-work',
  changelogs: 'read:jira-work',
  comments: 'read:jira-work',
  statuses: 'read:jira-work',
  permissions: 'read:jira-work',
  assignable: 'read:jira-user',
  users: 'read:jira-user',
  other: undefined,
};
