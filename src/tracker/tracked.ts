import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import { KNOWN } from './known.ts';

/**
 * The keys in `keys` that belong to issues that the channel tracks.
 * A key that an issue had before it moved counts. One statement.
 */
export async function tracked(
  database: Database,
  { tenant, channel, keys }: { tenant: string; channel: string; keys: readonly string[] },
): Promise<Set<string>> {
  const rows = await database.run<{ key: string }>(sql`
      select distinct asked.key
      from tracked_issues as tracked
      cross join ${KNOWN} as known
      join unnest(${keys}::text[]) as asked (key) on asked.key = known.issue_key or asked.key = any (known.former_keys)
      where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel}`);
  return new Set(rows.map(({ key }) => key));
}
