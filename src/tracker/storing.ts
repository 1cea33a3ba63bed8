import { type Statement, sql } from '../database/statement.ts';
import { ISSUE_COLUMNS } from './issue-columns.ts';

/**
 * Parts of a statement that store what Jira says about issues, and their projects. They read `given`, an earlier part with
 * `ISSUE_COLUMNS` and `former_keys`, which holds keys separated by commas. `known` has the site, issue_id, and place
 * of what was written; every issue that is given is locked.
 */
export function storing(tenant: string, site: Statement): Statement {
  return sql`
      known as (
        insert into jira_issues as known (
          tenant_id, site, ${ISSUE_COLUMNS}, former_keys, synced_at, changes_since, history_read_to
        )
        select ${tenant}, ${site}, ${ISSUE_COLUMNS}, string_to_array(former_keys, ','), now(),
          coalesce(jira_updated_at, now()), coalesce(jira_updated_at, now())
        from given order by issue_id
        on conflict (tenant_id, site, issue_id) do update set
          issue_key = excluded.issue_key,
          former_keys = array(
            select distinct key from unnest(known.former_keys || known.issue_key || excluded.former_keys) as key
            where key <> excluded.issue_key
          ),
          summary = excluded.summary, status = excluded.status, status_category = excluded.status_category,
          assignee = excluded.assignee, assignee_id = excluded.assignee_id,
          due_date = excluded.due_date, type = excluded.type, priority = excluded.priority,
          jira_updated_at = excluded.jira_updated_at, synced_at = excluded.synced_at, gone_at = null
        where coalesce(excluded.jira_updated_at >= known.jira_updated_at, true)
        returning site, issue_id, place_of_category(status_category) as place
      ), project as (
        insert into jira_projects (tenant_id, site, project)
        select distinct ${tenant}, ${site}, split_part(issue_key, '-', 1) from given order by 3
        on conflict do nothing
      )`;
}
