import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { NewRun } from './runs.ts';

/**
 * Part of a statement that stores unclaimed runs if `condition` is true: one copy of the
 * run for each number in `afterMinutes`, due that many minutes from now. Copies that are already stored stay as they are.
 */
export function scheduledRuns(
  tenant: string,
  { id, kind, door, inputs }: NewRun,
  afterMinutes: readonly number[],
  condition: Statement,
): Statement {
  return sql`
    insert into runs (tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, due_at)
    select ${tenant}::text, ${id}::text || ' ' || minutes, ${kind}::text, ${door}::text, ${inputs}::json, now(), 0, '',
      now() + make_interval(mins => minutes)
    from unnest(${afterMinutes.map(String)}::text[]::int[]) as minutes
    where ${condition}
    on conflict do nothing`;
}

/**
 * Stores unclaimed runs that are due now: one for each row of `source`, which has the columns `id` and `inputs`. Runs that are
 * already stored stay as they are, and so do rows whose `inputs` are null. One statement, so the runs are stored if what `source` writes is.
 * @returns how many runs were stored.
 */
export async function scheduleRuns(
  database: Database,
  { tenant, kind, door }: { tenant: string; kind: string; door: string },
  source: Statement,
): Promise<number> {
  const rows = await database.run(sql`
    with source as (
      ${source}
    )
    insert into runs (tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, due_at)
    select ${tenant}, id, ${kind}, ${door}, inputs, now(), 0, '', now() from source where inputs is not null
    on conflict do nothing
    returning run_id`);
  return rows.length;
}
