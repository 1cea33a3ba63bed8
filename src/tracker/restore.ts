import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import { MARKED, marking } from './board-marks.ts';
import { FOLLOWED } from './follows.ts';

/** The untracking to undo. `untrackedIn` is the id of the operation that untracked the issues; `operation` is that of the undo. */
export type Restoring = { tenant: string; channel: string; untrackedIn: string; operation: string };

/**
 * Puts the issues that an operation untracked back on the channel's list, with the time and person of the original tracking. An
 * issue that was tracked again meanwhile stays as it is. An issue that only a followed query had brought, and that no query
 * has anymore, is as if a person had tracked it. One statement.
 * @returns the number of issues put back, by this call or an earlier one of the same operation;
 * 0 if another operation undid the untracking, or if it is too long ago.
 */
export async function restore(database: Database, restoring: Restoring): Promise<number> {
  const { tenant, channel, untrackedIn, operation } = restoring;
  const [row] = await database.run<{ count: number }>(sql`
      with untracked as (
        select * from untracked_issues
        where tenant_id = ${tenant} and channel_id = ${channel} and untracked_in = ${untrackedIn}
        order by site, issue_id
        for update
      ), restored as (
        insert into tracked_issues (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door, message_link, operation_id
        )
        select tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via,
          case when door = ${FOLLOWED} and (
            select true from follow_issues as m
            where (m.tenant_id, m.channel_id, m.site, m.issue_id)
              = (untracked.tenant_id, untracked.channel_id, untracked.site, untracked.issue_id)
            limit 1
          ) is null then 'button' else door end, message_link, operation_id
        from untracked where restored_in is null order by site, issue_id
        on conflict (tenant_id, channel_id, site, issue_id) do nothing
        returning site, issue_id
      ), noted as (
        update untracked_issues as noted set restored_in = case
          when (noted.site, noted.issue_id) in (select site, issue_id from restored) then ${operation} else '' end
        from untracked
        where (noted.tenant_id, noted.channel_id, noted.untracked_in, noted.site, noted.issue_id)
          = (untracked.tenant_id, untracked.channel_id, untracked.untracked_in, untracked.site, untracked.issue_id)
          and untracked.restored_in is null
      ), ${marking(tenant, sql`select site, issue_id from restored`, channel)}
      select (select count(*) from restored)::int + (select count(*) from untracked where restored_in = ${operation})::int as count
      where ${MARKED}`);
  return row?.count ?? 0;
}
