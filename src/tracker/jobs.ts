import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** A worker pool that was last seen longer ago than this is considered dead. */
const SILENT_SECONDS = 30;

/**
 * Records that these worker pools of Graphile Worker are alive, and unlocks the jobs of pools that have ended
 * or have gone silent. Otherwise Graphile Worker would keep the jobs locked for four hours. One statement.
 */
export async function alive(database: Database, workers: readonly string[], ended: readonly string[]): Promise<void> {
  await database.run(sql`
      with seen as (
        insert into replicas (worker_id, seen_at) select worker_id, now() from unnest(${workers}::text[]) as worker_id
        order by worker_id
        on conflict (worker_id) do update set seen_at = excluded.seen_at
      ), silent as (
        delete from replicas where seen_at < now() - make_interval(secs => ${SILENT_SECONDS}) returning worker_id
      )
      select graphile_worker.force_unlock_workers(array_agg(worker_id))
      from (select worker_id from silent union select unnest(${ended}::text[])) as dead having count(*) > 0`);
}
