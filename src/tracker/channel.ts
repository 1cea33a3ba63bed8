import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** What the last ticket that came from a channel was: with that the next form begins. */
export type LastTicket = { project: string; type: string | undefined };

/** Undefined for a channel from which none came. One statement. */
export async function lastTicket(
  database: Database,
  { tenant, channel }: { tenant: string; channel: string },
): Promise<LastTicket | undefined> {
  const [row] = await database.run<{ project: string; issue_type: string | null }>(
    sql`select project, issue_type from channels where tenant_id = ${tenant} and channel_id = ${channel}`,
  );
  return row && { project: row.project, type: row.issue_type ?? undefined };
}
