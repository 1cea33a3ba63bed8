import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** A channel, and how many issues it tracks. */
export type ChannelCount = { channel: string; count: number };

/**
 * The counts of those of the channels that track issues, at most `limit`.
 * The channel in which an issue was tracked last comes first. One statement.
 */
export async function channelCounts(
  database: Database,
  { tenant, channels, limit }: { tenant: string; channels: readonly string[]; limit: number },
): Promise<ChannelCount[]> {
  const rows = await database.run<{ channel_id: string; count: number }>(
    sql`
      select channel_id, count(*)::int as count from tracked_issues
      where tenant_id = ${tenant} and channel_id = any(${channels}::text[])
      group by channel_id order by max(tracked_at) desc, channel_id limit ${limit}`,
  );
  return rows.map(({ channel_id, count }) => ({ channel: channel_id, count }));
}
