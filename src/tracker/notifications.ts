import type { Database } from '../database/pool.ts';
import { limitOf, type Statement, sql } from '../database/statement.ts';
import type { DigestEvent } from '../digest.ts';
import type { MoveEvent } from '../move.ts';
import type { Schedule } from '../schedule.ts';
import { IS_PAUSED } from './channel-life.ts';

/** A channel of an installation. */
type Place = { tenant: string; channel: string };

/**
 * What a channel gets by itself: a digest of these events at these times, or replies in the threads from which issues came. The
 * weekday and the time are kept even if they do not matter.
 */
export type Notifications = {
  kind: 'daily' | 'weekly' | 'threads';
  events: readonly (DigestEvent | MoveEvent)[];
  zone: string;
  weekday: number;
  minutes: number;
};

/** When the digests of these settings come. */
export function scheduleOf({ kind, zone, weekday, minutes }: Notifications): Schedule {
  return { zone, weekday: kind === 'weekly' ? weekday : undefined, minutes };
}

/**
 * What is stored is told from ten seconds ago on back. A statement takes less than that, so nothing can be stored later with an
 * earlier time. Dates have milliseconds, so this time has no more.
 */
export const TOLD_TO = sql`date_trunc('milliseconds', now() - interval '10 seconds')`;

/** What a channel gets; undefined if that is nothing. One statement. */
export async function notifications(
  database: Database,
  { tenant, channel }: Place,
): Promise<Notifications | undefined> {
  const [row] = await database.run<Notifications>(sql`
    select kind, to_json(events) as events, zone, weekday, minutes from notifications
    where (tenant_id, channel_id) = (${tenant}, ${channel})`);
  return row;
}

/**
 * Sets what a channel gets from now on. What is stored already is not told. A digest at another time goes on where the last one
 * ended. One statement.
 */
export async function setNotifications(
  database: Database,
  { tenant, channel, by, nextAt, ...settings }: Place & Notifications & { by: string; nextAt: Date },
): Promise<void> {
  const { kind, events, zone, weekday, minutes } = settings;
  await database.run(sql`
    insert into notifications as known (tenant_id, channel_id, kind, events, zone, weekday, minutes, next_at, told_to, set_by)
    values (
      ${tenant}, ${channel}, ${kind}, ${events}::text[], ${zone}, ${weekday}, ${minutes}, ${nextAt}, ${TOLD_TO}, ${by}
    )
    on conflict (tenant_id, channel_id) do update set
      kind = excluded.kind, events = excluded.events, zone = excluded.zone, weekday = excluded.weekday,
      minutes = excluded.minutes, next_at = excluded.next_at, set_by = excluded.set_by,
      told_to = case
        when (known.kind = 'threads') = (excluded.kind = 'threads') then known.told_to else excluded.told_to end`);
}

/** Ends what a channel gets. One statement. */
export async function endNotifications(database: Database, { tenant, channel }: Place): Promise<void> {
  await database.run(sql`delete from notifications where (tenant_id, channel_id) = (${tenant}, ${channel})`);
}

/** A channel whose digest was due at this time, or whose threads were to be looked after. */
export type DueNotifications = Notifications & { channel: string; dueAt: Date };

/** The channels that are due and not paused, those that have waited longest first. One statement. */
export async function dueNotifications(database: Database, tenant: string): Promise<DueNotifications[]> {
  const rows = await database.run<DueNotifications>(sql`
    select kind, to_json(events) as events, zone, weekday, minutes, channel_id as channel, next_at as "dueAt"
    from notifications as place
    where tenant_id = ${tenant} and next_at <= now() and not ${IS_PAUSED}
    order by next_at ${limitOf(MOST_DUE)}`);
  return [...rows];
}

/** The most channels that are looked after at once. The rest have their turn a minute later. */
const MOST_DUE = 500;

/** What the run of a digest or of replies needs. Times are in ISO 8601. */
export type NotificationInputs = {
  channel: string;
  since: string;
  until: string;
  events: readonly string[];
  /** The person who asked for them. */
  user: string;
};

/**
 * A statement that claims channels that are due and returns the `id` and the `inputs` of a run for each. A channel that another
 * process has claimed, or whose settings changed meanwhile, is left out. The inputs of `threads` are null if no status of an
 * issue changed that was tracked from a message.
 */
export function claimNotifications(
  tenant: string,
  what: 'digest' | 'threads',
  due: readonly { channel: string; dueAt: Date; nextAt: Date }[],
): Statement {
  const column = (of: (each: (typeof due)[number]) => string) => due.map(of);
  return sql`
    update notifications as setting set told_to = ${TOLD_TO}, next_at = before.then_at
    from (
      select known.channel_id, known.told_to, given.due_at, given.then_at
      from unnest(
        ${column(({ channel }) => channel)}::text[],
        ${column(({ dueAt }) => dueAt.toISOString())}::text[]::timestamptz[],
        ${column(({ nextAt }) => nextAt.toISOString())}::text[]::timestamptz[]
      ) as given (channel_id, due_at, then_at)
      join notifications as known on known.tenant_id = ${tenant} and known.channel_id = given.channel_id
        and known.next_at = given.due_at
      order by known.channel_id
      for update of known
    ) as before
    where setting.tenant_id = ${tenant} and setting.channel_id = before.channel_id
    returning ${what} || ' ' || setting.channel_id || ' ' || (extract(epoch from before.due_at) * 1000)::bigint as id,
      case when ${what === 'digest' ? sql`true` : HAS_MOVES} then json_build_object(
        'channel', setting.channel_id, 'since', before.told_to, 'until', setting.told_to, 'events', setting.events,
        'user', setting.set_by
      ) end as inputs`;
}

/** Whether the status of an issue changed that the channel tracks from a message. */
const HAS_MOVES = sql`exists (
  select from (
    -- Only the times are compared here, or PostgreSQL might read all changes of the tenant.
    select * from issue_changes where recorded_at > before.told_to and recorded_at <= setting.told_to
    offset 0
  ) as change
  cross join lateral (
    select true from tracked_issues as tracked
    where (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id)
        = (setting.tenant_id, setting.channel_id, change.site, change.issue_id)
      and tracked.message_link is not null
    limit 1
  ) as tracked
  where change.tenant_id = setting.tenant_id and change.what = 'status'
)`;
