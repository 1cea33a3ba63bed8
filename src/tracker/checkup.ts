import { sqlState } from '../database/connection.ts';
import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** The database itself. */
export type Server = {
  /** Its clock. */
  at: Date;
  /** The major version of PostgreSQL. */
  postgres: number;
};

/** Work that waits: how much, and for how many seconds the oldest of it. */
export type Waiting = { count: number; oldestSeconds: number };

/** What the database knows of how Maro does. */
export type Checkup = {
  /** Runs of the ledger that any process should have taken. */
  runs: Waiting;
  /** Jobs that are due and that no process has taken. */
  jobs: Waiting;
  /** Jobs that failed so often that Graphile Worker has given them up. */
  failedJobs: number;
  /** The queries that channels follow, and how many of them Jira refuses or have too many issues. */
  follows: { count: number; refused: number };
  /** The sync with the site that was synced last; undefined if there was none. */
  sync: SyncCheckup | undefined;
};

/** How the sync goes, with times in seconds ago, by the database's clock. */
export type SyncCheckup = {
  deltaSeconds: number | undefined;
  sweepSeconds: number | undefined;
  webhookSeconds: number | undefined;
  /** Whether there are changes in Jira from an hour after the webhook's last event or later, so that events are missing. */
  webhookIsQuiet: boolean;
  failing: { seconds: number; trouble: string } | undefined;
  leftOut: readonly string[];
};

/** A slow database is to be told from one that is away. */
const PATIENT = { deadlineMs: 10_000 };

/** The database's clock and version. One statement. @throws {DatabaseTrouble} within ten seconds, as the next two. */
export async function server(database: Database): Promise<Server> {
  const [row] = await database.run<{ at: Date; version: number }>(
    sql`select clock_timestamp() as at, current_setting('server_version_num')::int / 10000 as version`,
    PATIENT,
  );
  if (row === undefined) throw new Error('The server answered with no row.');
  return { at: row.at, postgres: row.version };
}

/** SQLSTATE undefined_table. */
const NO_TABLE = '42P01';

/** The version of the schema; undefined if no Maro has migrated the database. One statement. */
export async function schema(database: Database): Promise<number | undefined> {
  try {
    const [row] = await database.run<{ version: number | null }>(
      sql`select max(version) as version from maro_migrations`,
      PATIENT,
    );
    return row?.version ?? undefined;
  } catch (error) {
    if (sqlState(error) === NO_TABLE) return undefined;
    throw error;
  }
}

/** What the database knows of how Maro does. The database must have this version's schema. One statement. */
export async function checkup(database: Database, { tenant }: { tenant: string }): Promise<Checkup> {
  const [row] = await database.run<Row>(
    sql`
      with run as (
        select count(*)::int as count, coalesce(max(extract(epoch from now() - due_at)), 0)::float8 as oldest
        from runs where tenant_id = ${tenant} and due_at < now()
      ), job as (
        select count(*) filter (where attempts < max_attempts)::int as count,
          count(*) filter (where attempts >= max_attempts)::int as failed,
          coalesce(max(extract(epoch from now() - run_at)) filter (where attempts < max_attempts), 0)::float8 as oldest
        from graphile_worker.jobs
        where run_at < now() and locked_at is null and split_part(task_identifier, ':', 2) in ('', ${tenant})
      ), sync as (
        select * from jira_syncs where tenant_id = ${tenant}
        order by greatest(delta_at, sweep_at, failing_since) desc nulls last limit 1
      )
      select run.count as runs, run.oldest as oldest_run, job.count as jobs, job.oldest as oldest_job, job.failed,
        sync.tenant_id is not null as is_synced, extract(epoch from now() - sync.delta_at)::float8 as delta,
        extract(epoch from now() - sync.sweep_at)::float8 as sweep,
        extract(epoch from now() - sync.webhook_at)::float8 as webhook,
        extract(epoch from now() - sync.failing_since)::float8 as failing, sync.trouble,
        coalesce(to_json(sync.left_out), '[]') as left_out,
        exists (
          select from issue_changes
          where recorded_at > sync.webhook_at + interval '1 hour' and tenant_id = ${tenant}
            and changed_at > sync.webhook_at + interval '1 hour' and what not in ('hidden', 'visible')
        ) as is_quiet, follow.count as follows, follow.refused
      from run cross join job cross join (
        select count(*)::int as count, count(trouble)::int as refused from follows where tenant_id = ${tenant}
      ) as follow left join sync on true`,
    PATIENT,
  );
  if (row === undefined) throw new Error('The checkup has no row.');
  return {
    runs: { count: row.runs, oldestSeconds: row.oldest_run },
    jobs: { count: row.jobs, oldestSeconds: row.oldest_job },
    failedJobs: row.failed,
    follows: { count: row.follows, refused: row.refused },
    sync: row.is_synced
      ? {
          deltaSeconds: row.delta ?? undefined,
          sweepSeconds: row.sweep ?? undefined,
          webhookSeconds: row.webhook ?? undefined,
          webhookIsQuiet: row.is_quiet,
          failing: row.failing === null ? undefined : { seconds: row.failing, trouble: row.trouble ?? '' },
          leftOut: row.left_out,
        }
      : undefined,
  };
}

type Row = {
  runs: number;
  oldest_run: number;
  jobs: number;
  oldest_job: number;
  failed: number;
  follows: number;
  refused: number;
  is_synced: boolean;
  delta: number | null;
  sweep: number | null;
  webhook: number | null;
  failing: number | null;
  trouble: string | null;
  left_out: string[];
  is_quiet: boolean;
};
