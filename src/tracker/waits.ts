import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { Issue } from '../issue.ts';
import { ISSUE_COLUMNS, valuesOf } from './issue-columns.ts';
import { siteOf } from './site.ts';

/** A run that waits, by the run's id. */
export type Waiting = { tenant: string; run: string };

/** When the run stops waiting, and whether that time has come. */
export type Wait = { until: Date; isOver: boolean };

/**
 * Stores that a run waits for changes of an issue, and the issue, so that the sync reads it though no channel may track it. Called
 * again, it keeps the first call's time. One statement.
 */
export async function waitForIssue(
  database: Database,
  { tenant, run, issue, minutes }: Waiting & { issue: Issue; minutes: number },
): Promise<Wait> {
  const site = siteOf(tenant, issue.site);
  const [row] = await database.run<{ until_at: Date; is_over: boolean }>(sql`
      with given as (
        select * from unnest(${valuesOf([issue])}) as given (${ISSUE_COLUMNS})
      ), known as (
        insert into jira_issues (tenant_id, site, ${ISSUE_COLUMNS}, synced_at, changes_since, history_read_to)
        select ${tenant}, ${site}, ${ISSUE_COLUMNS}, now(), coalesce(jira_updated_at, now()), coalesce(jira_updated_at, now())
        from given
        on conflict do nothing
      ), project as (
        insert into jira_projects (tenant_id, site, project)
        select ${tenant}, ${site}, split_part(issue_key, '-', 1) from given
        on conflict do nothing
      )
      insert into waits (tenant_id, run_id, issue_id, until_at)
      values (${tenant}, ${run}, ${issue.id}, now() + make_interval(mins => ${minutes}))
      on conflict (tenant_id, run_id) do update set issue_id = excluded.issue_id, woken = false
      returning until_at, until_at <= now() as is_over`);
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  return { until: row.until_at, isOver: row.is_over };
}

/** Until when a run waits. Undefined: it has never waited. One statement. */
export async function waitOf(database: Database, { tenant, run }: Waiting): Promise<Wait | undefined> {
  const [row] = await database.run<{ until_at: Date; is_over: boolean }>(sql`
      select until_at, until_at <= now() as is_over from waits where tenant_id = ${tenant} and run_id = ${run}`);
  return row && { until: row.until_at, isOver: row.is_over };
}

/**
 * Parts of a statement that make the runs due that wait for one of `issues`, a query for the issue_id of what changed. A run
 * that is being carried out looks again when it is put off (`parkRun` in `src/ledger/runs.ts`). Both lock the row in `waits`
 * first. Without waits, nothing is read.
 */
export function waking(tenant: string, issues: Statement): Statement {
  return sql`
    waiting as materialized (
      select run_id from (select distinct issue_id from (${issues}) as changed) as changed
      cross join lateral (
        select run_id from waits as w where w.issue_id = changed.issue_id and w.tenant_id = ${tenant} offset 0
      ) as wait
      where exists (select from waits where tenant_id = ${tenant})
    ), locked_wait as materialized (
      select wait.run_id from (select run_id from waiting order by run_id offset 0) as w
      cross join lateral (
        select run_id from waits where (tenant_id, run_id) = (${tenant}, w.run_id) limit 1 for update
      ) as wait
    ), woken as (
      update waits set woken = true
      where tenant_id = ${tenant} and run_id = any (array(select run_id from locked_wait))
      returning run_id
    ), due as (
      update runs set due_at = case when claimed_by = '' and finished_at is null then now() else due_at end
      where tenant_id = ${tenant} and run_id = any (array(select run_id from woken))
    )`;
}
