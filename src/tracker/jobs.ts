import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';

/** Work that some process must do unless the one that is at it says in time that it is done. */
export type Job = {
  /** Which work; `taskName` makes one tenant's own. */
  task: string;
  /** Names the job, so that it can be taken back. */
  key: string;
  payload: Readonly<Record<string, unknown>>;
  afterSeconds: number;
};

/**
 * The name of a tenant's task. Tenants may share a database, and a process takes only the tasks it knows: none answers a
 * person of another workspace.
 */
export function taskName(name: string, tenant: string): string {
  return `${name}:${tenant}`;
}

/** Graphile Worker: 25 attempts back off over days; what is a day late helps nobody. */
const ATTEMPTS = 8;

/** Leaves a job behind. One statement; again with the same key replaces it. */
export async function later(database: Database, job: Job): Promise<void> {
  await database.run(sql`select ${addJob(job)}`);
}

/** The call that leaves a job behind, for statements that change something in the same breath. It must be selected from. */
export function addJob({ task, key, payload, afterSeconds }: Job): Statement {
  return sql`graphile_worker.add_job(
    ${task}, ${payload}::json, run_at := now() + make_interval(secs => ${afterSeconds}),
    max_attempts := ${ATTEMPTS}, job_key := ${key}
  )`;
}

/** Takes a job back: its work is done. One statement. */
export async function done(database: Database, key: string): Promise<void> {
  await database.run(sql`select graphile_worker.remove_job(${key})`);
}

/** A worker that has not been seen for so long is taken for dead. */
const SILENT_SECONDS = 30;

/**
 * Says that these workers are alive, and frees the jobs of those that have fallen silent: Graphile Worker itself waits four
 * hours. One statement.
 */
export async function alive(database: Database, workers: readonly string[]): Promise<void> {
  await database.run(sql`
      with seen as (
        insert into replicas (worker_id, seen_at) select worker_id, now() from unnest(${workers}::text[]) as worker_id
        order by worker_id
        on conflict (worker_id) do update set seen_at = excluded.seen_at
      ), silent as (
        delete from replicas where seen_at < now() - make_interval(secs => ${SILENT_SECONDS}) returning worker_id
      )
      select graphile_worker.force_unlock_workers(array_agg(worker_id)) from silent having count(*) > 0`);
}
