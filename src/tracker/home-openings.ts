import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { StatusCategory } from '../issue.ts';

/** A Home tab that a person has opened. */
export type Opening = { user: string; team: string | undefined; category: StatusCategory | undefined };

/** A tab that was opened longer ago than this is not drawn again until the person opens it. */
const LATELY_MINUTES = 60;
/** A tab is drawn at most once in this time, unless its person does something there. */
const REST_SECONDS = 10;
/** A change that was being stored while a tab was drawn may be missing in it, although its time is this much earlier. */
const OVERLAP_SECONDS = 5;

/** A part of a statement that stores that a person's Home tab is drawn. `isOpened`: because the person has opened it, or acted in it. */
export function storeOpening(
  tenant: string,
  { user, team, category, isOpened }: Opening & { isOpened: boolean },
  channels: readonly string[],
): Statement {
  return sql`
    insert into home_openings as opening (tenant_id, user_id, team_id, category, channels, opened_at, drawn_at)
    values (${tenant}, ${user}, ${team ?? null}, ${category ?? null}, ${channels}::text[], now(), now())
    on conflict (tenant_id, user_id) do update set
      team_id = excluded.team_id, category = excluded.category, channels = excluded.channels, drawn_at = excluded.drawn_at,
      opened_at = ${isOpened ? sql`excluded.opened_at` : sql`opening.opened_at`}`;
}

/**
 * Takes a Home tab that was opened lately and shows less than Maro knows of its channels: the one that was opened last. Another
 * process does not get it again before something changes once more. One statement.
 */
export async function nextHome(database: Database, { tenant }: { tenant: string }): Promise<Opening | undefined> {
  const [row] = await database.run<{ user_id: string; team_id: string | null; category: StatusCategory | null }>(sql`
      update home_openings set drawn_at = now()
      where tenant_id = ${tenant} and user_id = (
        select user_id from home_openings as opening
        cross join lateral (select opening.drawn_at - make_interval(secs => ${OVERLAP_SECONDS}) as seen_to) as drawing
        where tenant_id = ${tenant} and opened_at > now() - make_interval(mins => ${LATELY_MINUTES})
          and drawn_at < now() - make_interval(secs => ${REST_SECONDS})
          and (
            exists (
              select from issue_changes as change
              cross join lateral (
                select from tracked_issues as t
                where (t.tenant_id, t.site, t.issue_id) = (change.tenant_id, change.site, change.issue_id)
                  and t.channel_id = any (opening.channels)
                limit 1
              ) as tracked
              where change.recorded_at > drawing.seen_to and change.tenant_id = ${tenant}
            ) or exists (
              select from unnest(opening.channels) as channel cross join lateral (
                select from tracked_issues as t
                where t.tenant_id = ${tenant} and t.channel_id = channel and t.tracked_at > drawing.seen_to limit 1
              ) as tracked
            ) or exists (
              select from untracked_issues as t
              where t.tenant_id = ${tenant} and t.channel_id = any (opening.channels) and t.untracked_at > drawing.seen_to
            )
          )
        order by opened_at desc limit 1
        for update of opening skip locked
      )
      returning user_id, team_id, category`);
  return row && { user: row.user_id, team: row.team_id ?? undefined, category: row.category ?? undefined };
}
