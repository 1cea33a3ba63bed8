import { isReading, type JiraRequest } from './transport.ts';

/**
 * The scope that an API token with scopes needs for a request. Each operation of the reference names its own, as in
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-assignable-search-get
 */
export function scopeOf(request: JiraRequest): 'read:jira-user' | 'read:jira-work' | 'write:jira-work' {
  if (/^\/rest\/api\/3\/(?:user|myself)(?:\/|$)/.test(request.url)) return 'read:jira-user';
  return isReading(request) ? 'read:jira-work' : 'write:jira-work';
}
