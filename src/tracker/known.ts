import { sql } from '../database/statement.ts';

/**
 * What is known of the issue in a row named `tracked`, to be joined. Each issue is looked up in the index of the primary key,
 * which `limit` enforces: for a channel of a thousand PostgreSQL would otherwise read the whole table of issues.
 */
export const KNOWN = sql`lateral (
  select * from jira_issues where (tenant_id, site, issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id) limit 1
)`;
