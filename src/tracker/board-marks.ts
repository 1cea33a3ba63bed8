import { type Statement, sql } from '../database/statement.ts';

/**
 * How long a change waits for others before boards are drawn. It is longer than a statement may take: one that ran beside
 * the change and did not see it has ended by then.
 */
const DRAW_AFTER_SECONDS = 2;

/** The name of the Graphile Worker task that draws boards. Installations that share a database have tasks of their own. */
export function drawTask(tenant: string): string {
  return `draw:${tenant}`;
}

/**
 * Parts of a statement that mark the boards on which a change is to be seen, and see to it that a job draws them. `issues` is a
 * query for the site and issue_id of what changed; with `channel`, the board of that channel is marked as well, or those of the
 * channels in that query. The
 * statement must contain `MARKED` as a condition. Boards are locked in the order of their channels, after all issues. Without boards,
 * nothing is read. Several changes are drawn together, and one that comes while a board is being drawn is drawn afterwards.
 */
export function marking(tenant: string, issues: Statement, channel?: string | Statement): Statement {
  return sql`
    board_channel as materialized (
      select distinct place.channel_id from (${issues}) as changed
      cross join lateral (
        select channel_id from tracked_issues as t
        where (t.tenant_id, t.site, t.issue_id) = (${tenant}, changed.site, changed.issue_id)
        offset 0
      ) as place
      where exists (select from boards where tenant_id = ${tenant} and state = 'shown')
      ${typeof channel === 'string' ? sql`union select ${channel} from (select count(*) from (${issues}) as changed) as counted` : sql``}
      ${typeof channel === 'function' ? sql`union (${channel})` : sql``}
    ), locked_board as materialized (
      select board.channel_id from (select channel_id from board_channel order by channel_id offset 0) as place
      cross join lateral (
        select channel_id from boards as b
        where (b.tenant_id, b.channel_id) = (${tenant}, place.channel_id) and b.state = 'shown'
        limit 1
        for update
      ) as board
    ), marked_board as (
      update boards set marks = marks + 1, wanted_at = coalesce(wanted_at, now()), marked_at = now()
      where tenant_id = ${tenant} and channel_id = any (array(select channel_id from locked_board))
      returning 1
    ), queued_board as materialized (
      ${queueDrawing(tenant, sql`${DRAW_AFTER_SECONDS}`)} from (select from marked_board limit 1) as marked
    )`;
}

/** A condition that is true, for the statement with `marking`: what nobody reads does not run. */
export const MARKED = sql`(select count(*) from queued_board) >= 0`;

/** The beginning of a query that has boards drawn after so many seconds, together with others that wait. */
export function queueDrawing(tenant: string, seconds: Statement): Statement {
  return sql`
    select graphile_worker.add_job(
      ${drawTask(tenant)}, queue_name := ${drawTask(tenant)}, run_at := now() + make_interval(secs => ${seconds}),
      job_key := ${drawTask(tenant)}, job_key_mode := 'preserve_run_at'
    )`;
}
