import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** The untracking to undo. `operation` is the id of the operation that untracked. */
export type Restoring = { tenant: string; channel: string; operation: string };

/**
 * Puts the issues that an operation untracked back on the channel's list, with the time and person of the original tracking. An
 * issue that was tracked again meanwhile stays as it is. One statement.
 * @returns the number of issues put back; 0 if the untracking was already undone or is too long ago.
 */
export async function restore(database: Database, { tenant, channel, operation }: Restoring): Promise<number> {
  const rows = await database.run(sql`
      with untracked as (
        delete from untracked_issues
        where tenant_id = ${tenant} and channel_id = ${channel} and untracked_in = ${operation}
        returning *
      )
      insert into tracked_issues (
        tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
      )
      select tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
      from untracked order by site, issue_id
      on conflict (tenant_id, channel_id, site, issue_id) do nothing
      returning issue_id`);
  return rows.length;
}
