import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { Issue } from '../issue.ts';
import { ISSUE_COLUMNS, valuesOf } from './issue-columns.ts';
import { siteOf } from './site.ts';

/** What Jira now says about issues of one site that Maro has stored. */
export type Knowledge = {
  tenant: string;
  issues: readonly Issue[];
  /** Issues that are no longer visible to Maro: Jira does not show them, or JIRA_PROJECTS leaves them out. */
  gone: readonly { site: string; id: string }[];
};

/** An issue whose key, summary, or status changed, or that became visible or invisible to Maro. */
export type Change = {
  key: string;
  keyBefore: string;
  summary: string;
  summaryBefore: string;
  status: string;
  statusBefore: string;
  /** The issue is no longer visible to Maro, which has deleted its summary, status, assignee, type, and priority. */
  gone: boolean;
  /** The issue was not visible to Maro the last time that Maro read it. */
  goneBefore: boolean;
};

/** The columns of a `Change`. The old values come from the rows that `before` has locked. */
const CHANGE = sql`
  issue.issue_key as key, before.key_before as "keyBefore", issue.summary, before.summary_before as "summaryBefore",
  issue.status, before.status_before as "statusBefore", issue.gone_at is not null as gone, before.gone_before as "goneBefore"`;

/**
 * Stores what Jira now says. An issue with an earlier update time in Jira than the stored one changes nothing. An
 * issue without an update time, and an issue in `gone`, always counts. Rows are locked in the order in which `track`
 * writes them, because otherwise the two could deadlock. One statement.
 * @returns the changes that people can see, sorted by key.
 */
export async function update(database: Database, { tenant, issues, gone }: Knowledge): Promise<Change[]> {
  const all = [...issues, ...gone.map(({ site, id }) => ({ site, id }))];
  const [first] = all;
  if (first === undefined) return [];
  const rows = await database.run<Change>(sql`
      with given as (
        select ${siteOf(tenant, first.site)} as site, given.* from unnest(${valuesOf(all)}) as given (${ISSUE_COLUMNS})
      ), before as (
        select given.*, issue.issue_key as key_before, issue.summary as summary_before, issue.status as status_before,
          issue.gone_at is not null as gone_before
        from given join jira_issues as issue using (site, issue_id)
        where issue.tenant_id = ${tenant} and coalesce(given.jira_updated_at >= issue.jira_updated_at, true)
        order by site, issue_id
        for update of issue
      ), seen as (
        update jira_issues as issue set
          issue_key = before.issue_key,
          former_keys = array(
            select distinct key from unnest(issue.former_keys || issue.issue_key) as key where key <> before.issue_key
          ),
          summary = before.summary, status = before.status, status_category = before.status_category,
          assignee = before.assignee, type = before.type, priority = before.priority,
          jira_updated_at = before.jira_updated_at, synced_at = now(), gone_at = null
        from before
        where issue.tenant_id = ${tenant} and (issue.site, issue.issue_id) = (before.site, before.issue_id)
          and before.issue_key is not null
        returning ${CHANGE}
      ), vanished as (
        update jira_issues as issue set
          summary = '', status = '', assignee = null, type = null, priority = null,
          gone_at = coalesce(issue.gone_at, now()), synced_at = now()
        from before
        where issue.tenant_id = ${tenant} and (issue.site, issue.issue_id) = (before.site, before.issue_id)
          and before.issue_key is null
        returning ${CHANGE}
      )
      select key, "keyBefore", summary, "summaryBefore", status, "statusBefore", gone, "goneBefore"
      from (select * from seen union all select * from vanished) as change
      where (key, summary, status, gone) is distinct from ("keyBefore", "summaryBefore", "statusBefore", "goneBefore")
      order by key`);
  return [...rows];
}
