import type { Database } from '../database/pool.ts';
import { limitOf, sql } from '../database/statement.ts';

/** A site whose issues are synced. `site` is what identifies it. */
type Where = { tenant: string; site: string };

/** What the delta has to read. */
export type DeltaPlan = {
  /** The keys of the projects of all tracked issues, sorted, without those that are left out. */
  projects: string[];
  /** The seconds since the delta last read everything; undefined if it has never run. */
  ageSeconds: number | undefined;
  /** The time to pass to `deltaDone`. */
  at: Date;
};

/** How long the delta leaves out a project that Jira refused to search. After that it tries again. */
const LEFT_OUT_MINUTES = 60;

/** What the delta has to read now: nothing for an app that was uninstalled. One statement. */
export async function planDelta(database: Database, { tenant, site }: Where): Promise<DeltaPlan> {
  const [row] = await database.run<{ projects: string[]; age: number | null; at: Date }>(sql`
      with sync as (
        select * from jira_syncs where (tenant_id, site) = (${tenant}, ${site})
      )
      select now() as at, (select extract(epoch from now() - delta_at)::float8 from sync) as age,
        coalesce((
          select json_agg(project order by project) from jira_projects
          where tenant_id = ${tenant} and site = ${site}
            and not exists (select from installations where tenant_id = ${tenant} and uninstalled_at is not null)
            and project <> all (coalesce((
            select left_out from sync where left_out_at > now() - make_interval(mins => ${LEFT_OUT_MINUTES})
          ), '{}'))
        ), '[]') as projects`);
  if (row === undefined) throw new Error('The plan of the delta has no row.');
  return { projects: row.projects, ageSeconds: row.age ?? undefined, at: row.at };
}

/** What a delta has read. */
export type DeltaDone = {
  /** The delta has read what changed up to this time. */
  at: Date;
  /** How many minutes before `at` it began. */
  minutes: number;
  /** The keys of the projects that it has read. */
  read: readonly string[];
  /** The keys of the projects that Jira refused to search. */
  refused: readonly string[];
  /** The latest update of an issue that the delta has seen; undefined if it saw none. */
  changedTo: Date | undefined;
};

/**
 * Stores what the delta has read, and which projects Jira refused to search. Without new
 * ones, those of an earlier delta stay until they are due again. One statement.
 */
export async function deltaDone(
  database: Database,
  { tenant, site, at, minutes, read, refused, changedTo }: Where & DeltaDone,
): Promise<void> {
  await database.run(sql`
      with begun as (
        update jira_projects set read_from = ${at}::timestamptz - make_interval(mins => ${minutes})
        where tenant_id = ${tenant} and site = ${site} and read_from is null and project = any (${read}::text[])
      ), ended as (
        update jira_projects set read_from = null
        where tenant_id = ${tenant} and site = ${site} and read_from is not null and project <> all (${read}::text[])
      )
      insert into jira_syncs as sync (tenant_id, site, delta_at, left_out, left_out_at, changed_to)
      values (${tenant}, ${site}, ${at}, ${refused}::text[], ${refused.length === 0 ? null : at}, ${changedTo ?? null})
      on conflict (tenant_id, site) do update set
        delta_at = greatest(sync.delta_at, excluded.delta_at), failing_since = null, trouble = null,
        changed_to = greatest(sync.changed_to, excluded.changed_to),
        (left_out, left_out_at) = (
          select array(
            select distinct project from unnest(excluded.left_out || case when is_due then '{}' else sync.left_out end) as project
            order by project
          ), coalesce(excluded.left_out_at, case when is_due then null else sync.left_out_at end)
          from (select coalesce(sync.left_out_at <= now() - make_interval(mins => ${LEFT_OUT_MINUTES}), true)) as due (is_due)
        )`);
}

/** Stores that Jira could not be read, and why. The time is that of the first failure in a row. One statement. */
export async function syncFailed(
  database: Database,
  { tenant, site, trouble }: Where & { trouble: string },
): Promise<void> {
  await database.run(sql`
      insert into jira_syncs as sync (tenant_id, site, failing_since, trouble) values (${tenant}, ${site}, now(), ${trouble})
      on conflict (tenant_id, site) do update set
        failing_since = coalesce(sync.failing_since, excluded.failing_since), trouble = excluded.trouble`);
}

/** A tracked issue that the sweep reads. */
export type SweepItem = {
  id: string;
  /** When Jira had last updated the issue when Maro read its history. */
  historyReadTo: Date;
};

/**
 * The tracked issues that come next in the sweep, in the order of their ids, without those that Maro has read in the last `minutes`
 * minutes. None are left when the sweep has reached the end; it then starts anew. One statement.
 */
export async function nextToSweep(
  database: Database,
  { tenant, site, minutes, limit }: Where & { minutes: number; limit: number },
): Promise<SweepItem[]> {
  const rows = await database.run<{ issue_id: string; history_read_to: Date }>(sql`
      select issue_id, history_read_to from jira_issues as known
      where tenant_id = ${tenant} and site = ${site} and synced_at < now() - make_interval(mins => ${minutes})
        and issue_id > coalesce((select swept_to from jira_syncs where (tenant_id, site) = (${tenant}, ${site})), '')
        and exists (
          select from tracked_issues as t
          where (t.tenant_id, t.site, t.issue_id) = (known.tenant_id, known.site, known.issue_id)
        )
      order by issue_id ${limitOf(limit)}`);
  return rows.map(({ issue_id, history_read_to }) => ({ id: issue_id, historyReadTo: history_read_to }));
}

/** Those of the issues that Maro has stored. One statement. */
export async function stored(
  database: Database,
  { tenant, site, ids }: Where & { ids: readonly string[] },
): Promise<SweepItem[]> {
  const rows = await database.run<{ issue_id: string; history_read_to: Date }>(sql`
      select issue_id, history_read_to from jira_issues
      where tenant_id = ${tenant} and site = ${site} and issue_id = any (${ids}::text[])`);
  return rows.map(({ issue_id, history_read_to }) => ({ id: issue_id, historyReadTo: history_read_to }));
}

/** Stores up to which issue the sweep has come; undefined if it has reached the end. One statement. */
export async function swept(
  database: Database,
  { tenant, site, to }: Where & { to: string | undefined },
): Promise<void> {
  await database.run(sql`
      insert into jira_syncs as sync (tenant_id, site, sweep_at, swept_to) values (${tenant}, ${site}, now(), ${to ?? ''})
      on conflict (tenant_id, site) do update set sweep_at = now(), swept_to = excluded.swept_to`);
}
