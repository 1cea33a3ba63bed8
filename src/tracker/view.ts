import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** Identifies a view that a person has open. */
export type WhichView = { tenant: string; view: string };

/**
 * Records an action in a view, and keeps the time of the latest action.
 * `actionTs` is Slack's timestamp, in seconds with decimals. One statement.
 * @returns whether this is the latest action, so that its result may be drawn.
 */
export async function recordAction(
  database: Database,
  { tenant, view, actionTs }: WhichView & { actionTs: string },
): Promise<boolean> {
  const [row] = await database.run<{ newest: boolean }>(sql`
      insert into views as known (tenant_id, view_id, action_ts, seen_at)
      values (${tenant}, ${view}, ${actionTs}::numeric, now())
      on conflict (tenant_id, view_id) do update set
        action_ts = greatest(known.action_ts, excluded.action_ts), seen_at = excluded.seen_at
      returning action_ts = ${actionTs}::numeric as newest`);
  return row?.newest === true;
}

/** Makes all earlier actions in a view outdated, because the view now shows something else. One statement. */
export async function supersedeActions(database: Database, { tenant, view }: WhichView): Promise<void> {
  // Slack's timestamps have microseconds. A person's next action is more than a microsecond later than the superseded one.
  await database.run(sql`
      update views set action_ts = action_ts + 0.000001 where tenant_id = ${tenant} and view_id = ${view}`);
}
