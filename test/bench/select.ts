import type postgres from 'postgres';

/** Selects the issues of a channel in the order of a list, by the index that the list reads, and counts nothing. */
export async function selectChannel(
  sql: postgres.Sql,
  tenant: string,
  channel: string,
  limit: number,
): Promise<readonly object[]> {
  return sql<object[]>`
    select known.*, tracked.tracked_at, tracked.tracked_by, tracked.door, tracked.message_link
    from tracked_issues as tracked join jira_issues as known using (tenant_id, site, issue_id)
    where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel}
    order by tracked.place, tracked.tracked_at desc, tracked.issue_id desc
    limit ${limit}`;
}
