import type { Database } from '../database/pool.ts';
import { limitOf, sql } from '../database/statement.ts';

/**
 * The channels that track the issue which has this key or had it, at most `limit`. The channel in which it was tracked last
 * comes first. Not every person may know of each of them. One statement.
 */
export async function where(
  database: Database,
  { tenant, key, limit }: { tenant: string; key: string; limit: number },
): Promise<string[]> {
  const rows = await database.run<{ channel_id: string }>(sql`
      select tracked.channel_id
      from jira_issues as known
      cross join lateral (
        select channel_id, tracked_at from tracked_issues as t
        where (t.tenant_id, t.site, t.issue_id) = (known.tenant_id, known.site, known.issue_id)
        offset 0
      ) as tracked
      where known.tenant_id = ${tenant} and (known.issue_key = ${key} or ${key} = any (known.former_keys))
      group by tracked.channel_id order by max(tracked.tracked_at) desc, tracked.channel_id ${limitOf(limit)}`);
  return rows.map(({ channel_id }) => channel_id);
}
