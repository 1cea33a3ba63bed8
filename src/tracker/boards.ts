import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import { queueDrawing } from './board-marks.ts';
import { IS_PAUSED } from './channel-life.ts';

/** How long a process may work on a board. Another one goes on after that. */
export const HELD_SECONDS = 60;
/** A board that waits this long comes before those that were looked at or changed lately. */
const LONG_MINUTES = 5;
/** Jira's silence is shown on boards after this time. */
const SILENT_MINUTES = 5;
/** An edited board is looked at once more after this time. */
const AGAIN_MINUTES = 10;

type Where = { tenant: string; channel: string };
/** A board that `holder`, an id of one attempt, works on. Nobody else writes its message. */
type Held = Where & { holder: string };

/** A board that is held. */
export type Board = {
  channel: string;
  holder: string;
  zone: string;
  /** The message, as far as Maro knows. */
  messageTs: string | undefined;
  /** The id in the message's metadata. */
  postId: string;
  /** How many milliseconds ago Maro began to post the message; undefined if it did not. */
  postingAgeMs: number | undefined;
  bookmarkId: string | undefined;
  /** The message that Maro has pinned. */
  pinnedTs: string | undefined;
  /** The hash of what the message shows. */
  content: string | undefined;
  /** For how many seconds the message has shown less than Maro knows. */
  waitedSeconds: number;
  /** The changes that it will show, to pass to `boardDrawn`. */
  marks: string;
  heldAt: Date;
  /** Since when Jira has not answered, in the database's words, which are more precise than a Date. */
  silentSince: string | undefined;
};

type Row = {
  channel_id: string;
  holder: string;
  zone: string;
  message_ts: string | null;
  post_id: string;
  posting_age: number | null;
  bookmark_id: string | null;
  pinned_ts: string | null;
  content: string | null;
  waited: number | null;
  marks: string;
  held_at: Date;
  silent_since: string | null;
};

/** Since when Jira has not answered, if that is long enough to be shown. */
function silence(tenant: string): Statement {
  return sql`(
    select min(failing_since) from jira_syncs
    where tenant_id = ${tenant} and failing_since < now() - make_interval(mins => ${SILENT_MINUTES})
  )`;
}

/** The columns of a `Row`, of a board that was just taken. */
function held(tenant: string): Statement {
  return sql`
    board.channel_id, board.holder, board.zone, board.message_ts, board.post_id,
    extract(epoch from now() - board.posting_at)::float8 * 1000 as posting_age, board.bookmark_id, board.pinned_ts, board.content,
    extract(epoch from now() - board.wanted_at)::float8 as waited, board.marks::text as marks, now() as held_at,
    ${silence(tenant)}::text as silent_since`;
}

function toBoard(row: Row): Board {
  return {
    channel: row.channel_id,
    holder: row.holder,
    zone: row.zone,
    messageTs: row.message_ts ?? undefined,
    postId: row.post_id,
    postingAgeMs: row.posting_age ?? undefined,
    bookmarkId: row.bookmark_id ?? undefined,
    pinnedTs: row.pinned_ts ?? undefined,
    content: row.content ?? undefined,
    waitedSeconds: row.waited ?? 0,
    marks: row.marks,
    heldAt: row.held_at,
    silentSince: row.silent_since ?? undefined,
  };
}

/**
 * Takes the board of a channel because a person wants to see it or to hide it, and makes one if there is none. `zone`:
 * undefined leaves it as it is. One statement.
 * @returns the board, and whether it is a new one; `busy` if another attempt holds it, which then shows it once more.
 */
export async function takeBoard(
  database: Database,
  { tenant, channel, holder, zone, state }: Held & { zone?: string | undefined; state: 'shown' | 'hidden' },
): Promise<{ board: Board; isNew: boolean } | 'busy'> {
  const isFree = sql`(board.held_until is null or board.held_until < now() or board.holder = ${holder})`;
  const until = sql`now() + make_interval(secs => ${HELD_SECONDS})`;
  const [row] = await database.run<Row & { is_new: boolean }>(sql`
      insert into boards as board (
        tenant_id, channel_id, state, zone, post_id, marks, wanted_at, marked_at, looked_at, holder, held_until
      )
      values (${tenant}, ${channel}, ${state}, ${zone ?? 'UTC'}, ${holder}, 1, now(), now(), now(), ${holder}, ${until})
      on conflict (tenant_id, channel_id) do update set
        state = excluded.state, zone = coalesce(${zone ?? null}, board.zone), marks = board.marks + 1,
        wanted_at = coalesce(board.wanted_at, now()), marked_at = now(), looked_at = now(), not_before = null,
        holder = case when ${isFree} then excluded.holder else board.holder end,
        held_until = case when ${isFree} then excluded.held_until else board.held_until end
      returning ${held(tenant)}, board.message_ts is null and board.posting_at is null as is_new`);
  if (row === undefined) throw new Error('A board that was taken has no row.');
  return row.holder === holder ? { board: toBoard(row), isNew: row.is_new } : 'busy';
}

/**
 * Takes the board that comes next: one that shows less than Maro knows, or is to be looked at again. Those that were looked at
 * or changed last come first, after those that have waited long. Boards of channels that are archived or without
 * Maro wait. Undefined: there is none. One statement.
 */
export async function nextBoard(
  database: Database,
  { tenant, holder }: Omit<Held, 'channel'>,
): Promise<Board | undefined> {
  const [row] = await database.run<Row>(sql`
      with next as (
        select channel_id from boards as place
        where tenant_id = ${tenant} and place.state = 'shown'
          and (wanted_at is not null or stale_at < now() or silent_since is distinct from ${silence(tenant)})
          and coalesce(held_until < now(), true) and coalesce(not_before <= now(), true)
          and not ${IS_PAUSED}
        order by case when wanted_at < now() - make_interval(mins => ${LONG_MINUTES}) then wanted_at end,
          greatest(looked_at, marked_at) desc, channel_id
        limit 1
        for update skip locked
      )
      update boards as board set holder = ${holder}, held_until = now() + make_interval(secs => ${HELD_SECONDS})
      from next
      where board.tenant_id = ${tenant} and board.channel_id = next.channel_id
      returning ${held(tenant)}`);
  return row && toBoard(row);
}

/**
 * Stores, before Maro posts a board's message, that it does, and by which id it is found. With another id than before, the
 * former message is gone. One statement.
 * @returns whether the board is still held.
 */
export async function postingBoard(
  database: Database,
  { tenant, channel, holder, postId }: Held & { postId: string },
): Promise<boolean> {
  const rows = await database.run(sql`
      update boards set message_ts = null, content = null, post_id = ${postId}, posting_at = now()
      where tenant_id = ${tenant} and channel_id = ${channel} and holder = ${holder}
      returning 1`);
  return rows.length > 0;
}

/** What the message of a board shows now. */
export type Drawn = {
  messageTs: string;
  content: string;
  isEdited: boolean;
  /** When it shows something that is then no longer true, such as what changed today. */
  staleAt: Date | undefined;
};

/** Stores what a board shows, and lets go of it. A change that came meanwhile stays to be drawn. One statement. */
export async function boardDrawn(
  database: Database,
  { tenant, board, drawn }: { tenant: string; board: Board; drawn: Drawn },
): Promise<void> {
  const again = drawn.isEdited ? sql`now() + make_interval(mins => ${AGAIN_MINUTES})` : sql`null`;
  await database.run(sql`
      update boards set message_ts = ${drawn.messageTs}, content = ${drawn.content},
        drawn_at = now(), stale_at = least(${drawn.staleAt ?? null}::timestamptz, ${again}),
        silent_since = ${board.silentSince ?? null}::text::timestamptz,
        wanted_at = case when marks = ${board.marks}::bigint then null else greatest(wanted_at, ${board.heldAt}) end,
        holder = null, held_until = null, not_before = null
      where tenant_id = ${tenant} and channel_id = ${board.channel} and holder = ${board.holder}`);
}

/**
 * Lets go of a board that could not be drawn. `afterSeconds`: when the next attempt may be. `isUnposted`: Slack
 * has no message that Maro tried to post. One statement.
 */
export async function releaseBoard(
  database: Database,
  { tenant, channel, holder, afterSeconds, isUnposted }: Held & { afterSeconds: number; isUnposted: boolean },
): Promise<void> {
  await database.run(sql`
      update boards set holder = null, held_until = null, not_before = now() + make_interval(secs => ${afterSeconds}),
        posting_at = ${isUnposted ? sql`null` : sql`posting_at`}
      where tenant_id = ${tenant} and channel_id = ${channel} and holder = ${holder}`);
}

/** Stores the id of a board's bookmark, and which message is pinned. One statement. */
export async function keepPins(
  database: Database,
  { tenant, channel, bookmarkId, pinnedTs }: Where & { bookmarkId: string | undefined; pinnedTs: string | undefined },
): Promise<void> {
  await database.run(sql`
      update boards set bookmark_id = ${bookmarkId ?? null}, pinned_ts = ${pinnedTs ?? null}
      where tenant_id = ${tenant} and channel_id = ${channel}`);
}

/** Forgets the board of a channel, whose message is gone. One statement. */
export async function forgetBoard(database: Database, { tenant, channel, holder }: Held): Promise<void> {
  await database.run(sql`
      delete from boards where tenant_id = ${tenant} and channel_id = ${channel} and holder = ${holder}`);
}

/** Has a job draw boards after so many seconds. One statement. */
export async function queueBoards(
  database: Database,
  { tenant, afterSeconds }: { tenant: string; afterSeconds: number },
): Promise<void> {
  await database.run(queueDrawing(tenant, sql`${afterSeconds}`));
}

/** Whether the channel has a board. One statement. */
export async function hasBoard(database: Database, { tenant, channel }: Where): Promise<boolean> {
  const rows = await database.run(sql`
      select 1 from boards where tenant_id = ${tenant} and channel_id = ${channel} and message_ts is not null`);
  return rows.length > 0;
}

/** Stores that a person looked at the board of a channel. One statement. */
export async function lookAtBoard(database: Database, { tenant, channel }: Where): Promise<void> {
  await database.run(sql`update boards set looked_at = now() where tenant_id = ${tenant} and channel_id = ${channel}`);
}
