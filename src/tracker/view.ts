import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** Which view, of those that people have open. */
export type WhichView = { tenant: string; view: string };

/**
 * Keeps when somebody acted in a view, unless something newer is known. `actionTs` is Slack's: seconds, with decimals. One
 * statement.
 * @returns whether nothing newer is known, so that the answer to this may be drawn.
 */
export async function isNewest(
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

/** Makes all that was done in a view until now old: something else is shown in it. One statement. */
export async function supersede(database: Database, { tenant, view }: WhichView): Promise<void> {
  // Slack counts millionths of a second, and what people do next is later than this.
  await database.run(sql`
      update views set action_ts = action_ts + 0.000001 where tenant_id = ${tenant} and view_id = ${view}`);
}
