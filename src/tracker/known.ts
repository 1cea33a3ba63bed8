import { sql } from '../database/statement.ts';

/**
 * A lateral join to the `jira_issues` row of the issue in a row named `tracked`. `limit` makes PostgreSQL look up each issue in
 * the primary key's index. Without `limit` it would read the whole table for a channel with a thousand issues.
 */
export const KNOWN = sql`lateral (
  select * from jira_issues where (tenant_id, site, issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id) limit 1
)`;
