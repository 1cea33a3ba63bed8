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
  projects: 'read:jira-work',
  search: 'read:jira-work',
  assignable: 'read:jira-user',
  users: 'read:jira-user',
  other: undefined,
};
