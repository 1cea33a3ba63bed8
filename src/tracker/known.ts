import { sql } from '../database/statement.ts';

/**
 * A lateral join from a row named `tracked` to its row in `jira_issues`. With `limit 1`, PostgreSQL looks up each issue by the
 * primary key. Without it, PostgreSQL would read the whole table for a channel with a thousand issues.
 */
export const KNOWN = sql`lateral (
  select * from jira_issues where (tenant_id, site, issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id) limit 1
)`;
