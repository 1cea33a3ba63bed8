import { type Statement, sql } from '../database/statement.ts';

/**
 * A lateral join from a row named `tracked` to its row in `jira_issues`. With `limit 1`, PostgreSQL looks up each issue by the
 * primary key. Without it, PostgreSQL would read the whole table for a channel with a thousand issues.
 */
export const KNOWN = sql`lateral (
  select * from jira_issues where (tenant_id, site, issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id) limit 1
)`;

/** Whether the issue in a row named `known` is of one of these projects. Without projects, it may be of any. */
export function isIn(projects: readonly string[]): Statement {
  return projects.length === 0 ? sql`true` : sql`split_part(known.issue_key, '-', 1) = any (${projects}::text[])`;
}

/** The place of a row's status category in `STATUS_CATEGORIES`. */
export const PLACE = sql`case status_category when 'indeterminate' then 0 when 'new' then 1 else 2 end`;
