import { type Statement, sql } from '../database/statement.ts';

/**
 * A part of a statement that locks the rows of `jira_issues` for `issues`, a query for their site and issue_id, in the order of
 * their keys. A statement that changes which channels track an issue does so first. The category of the issue then cannot change
 * meanwhile, and no statement waits for a row of `tracked_issues` or a board while another waits for it. What
 * must wait for the locks needs the condition `LOCKED`.
 */
export function lockingIssues(tenant: string, issues: Statement): Statement {
  return sql`
    locked_issue as materialized (
      select issue.site, issue.issue_id from (${issues} order by 1, 2) as touched (site, issue_id)
      cross join lateral (
        select site, issue_id from jira_issues as i
        where (i.tenant_id, i.site, i.issue_id) = (${tenant}, touched.site, touched.issue_id)
        limit 1
        for no key update
      ) as issue
    )`;
}

/** A condition that is true once the issues are locked, for the statement with `lockingIssues`. */
export const LOCKED = sql`(select count(*) from locked_issue) >= 0`;
