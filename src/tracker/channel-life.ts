import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** How long everything is kept after the app was uninstalled. It may be installed again. */
const UNINSTALLED_HOURS = 24;

/**
 * Whether what Maro does by itself is paused in the channel of a row named `place`, since the channel is archived, or Maro was
 * removed from it.
 */
export const IS_PAUSED = sql`exists (
  select from channel_states as state
  where (state.tenant_id, state.channel_id) = (place.tenant_id, place.channel_id)
    and coalesce(state.archived_at, state.left_at) is not null
)`;

/** What happened to a channel, by Slack's time. */
export type ChannelEvent = { tenant: string; channel: string; at: Date };

/**
 * Pauses what Maro does by itself in a channel that was archived or from which it was removed, or lets it
 * go on. An event that is older than the last one of its kind changes nothing. Of two at the same time, the one that lets Maro
 * go on counts: if it is wrong, Slack refuses what Maro sends, and if the other one is wrong, Maro pauses forever. A board that
 * rests, because Slack refused to edit it before Maro heard of the pause, is drawn again. One statement.
 */
export async function setChannelState(
  database: Database,
  { tenant, channel, at, state }: ChannelEvent & { state: 'archived' | 'unarchived' | 'left' | 'joined' },
): Promise<void> {
  const [since, changed] =
    state === 'left' || state === 'joined'
      ? [sql`left_at`, sql`membership_changed_at`]
      : [sql`archived_at`, sql`archive_changed_at`];
  const isPaused = state === 'archived' || state === 'left';
  const resting = sql`
    update boards set not_before = null
    where tenant_id = ${tenant} and channel_id = ${channel} and not_before is not null
    returning 1`;
  await database.run(sql`
      ${isPaused ? sql`` : sql`with board as (${resting})`}
      insert into channel_states as known (tenant_id, channel_id, ${since}, ${changed})
      values (${tenant}, ${channel}, ${isPaused ? at : null}, ${at})
      on conflict (tenant_id, channel_id) do update set ${since} = excluded.${since}, ${changed} = excluded.${changed}
      where coalesce(excluded.${changed} > known.${changed}, true)
        or (excluded.${changed} = known.${changed} and excluded.${since} is null)`);
}

/** Gives everything that is stored of a channel to the id that the channel has now. Can be repeated. One statement. */
export async function moveChannel(
  database: Database,
  { tenant, from, to }: { tenant: string; from: string; to: string },
): Promise<void> {
  await database.run(sql`select move_channel(${tenant}, ${from}, ${to})`);
}

/** Deletes everything that is stored of a channel that was deleted. One statement. */
export async function forgetChannel(database: Database, { tenant, channel }: Omit<ChannelEvent, 'at'>): Promise<void> {
  await database.run(sql`select forget_channel(${tenant}, ${channel})`);
}

/** Stores that Maro has started with a token that works, so that nothing of the tenant is deleted. One statement. */
export async function markInstalled(database: Database, { tenant }: { tenant: string }): Promise<void> {
  await database.run(sql`
      insert into installations (tenant_id, installed_at) values (${tenant}, now())
      on conflict (tenant_id) do update set installed_at = now(), uninstalled_at = null`);
}

/**
 * Stores that the app was uninstalled, or its token revoked. `at` is Slack's time. An event from before the
 * last start changes nothing, since the app is installed again. One statement.
 */
export async function markUninstalled(database: Database, { tenant, at }: { tenant: string; at: Date }): Promise<void> {
  await database.run(sql`
      insert into installations as known (tenant_id, uninstalled_at) values (${tenant}, now())
      on conflict (tenant_id) do update set uninstalled_at = coalesce(known.uninstalled_at, now())
      -- Slack's time has whole seconds.
      where coalesce(date_trunc('second', known.installed_at) <= ${at}, true)`);
}

/**
 * Deletes everything of the tenants whose app was uninstalled a day ago. One statement.
 * @returns the number of tenants.
 * @throws {DatabaseTrouble} within a minute.
 */
export async function forgetUninstalled(database: Database): Promise<number> {
  const rows = await database.run(
    sql`
      select forget_tenant(tenant_id) from installations
      where uninstalled_at < now() - make_interval(hours => ${UNINSTALLED_HOURS})`,
    { deadlineMs: 60_000 },
  );
  return rows.length;
}
