import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';

/** The project and issue type of the last ticket created from a channel. The next form opens with them. */
export type LastTicket = { project: string; type: string | undefined };

/** The last ticket of the channel; undefined if none was created from it. One statement. */
export async function lastTicket(
  database: Database,
  { tenant, channel }: { tenant: string; channel: string },
): Promise<LastTicket | undefined> {
  const [row] = await database.run<{ project: string; issue_type: string | null }>(
    sql`select project, issue_type from channels where tenant_id = ${tenant} and channel_id = ${channel}`,
  );
  return row && { project: row.project, type: row.issue_type ?? undefined };
}

/** A statement that stores the last ticket of a channel. It is part of another statement, so it costs no round trip. */
export function rememberTicket(
  { tenant, channel }: { tenant: string; channel: string },
  { project, type }: LastTicket,
): Statement {
  return sql`
    insert into channels (tenant_id, channel_id, project, issue_type)
    values (${tenant}, ${channel}, ${project}, ${type ?? null})
    on conflict (tenant_id, channel_id) do update set project = excluded.project, issue_type = excluded.issue_type`;
}
