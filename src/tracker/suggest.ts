import type { Database } from '../database/pool.ts';
import { limitOf, sql } from '../database/statement.ts';
import type { IssueKey } from '../key.ts';
import { isIn, KNOWN } from './known.ts';

/** An issue as a menu offers it. `isTracked`: the channel tracks it. */
export type Suggested = { key: IssueKey; summary: string; status: string; isTracked: boolean };

/** `others`: at most so many issues that the channel does not track, if there are words. `projects`: only of these; empty: of every project. */
export type Suggesting = {
  tenant: string;
  channel: string;
  words: readonly string[];
  projects: readonly string[];
  limit: number;
  others: number;
};

/**
 * Issues that Jira shows to Maro and whose key or summary has each of these words in any case: those that the channel tracks, in
 * the order of the list after one whose whole key was typed, and then others that Maro has stored. One statement.
 */
export async function suggest(database: Database, asked: Suggesting): Promise<Suggested[]> {
  const { tenant, channel, projects, limit } = asked;
  const words = asked.words.map((word) => word.toLowerCase());
  const others = words.length === 0 ? 0 : asked.others;
  const shown = sql`known.gone_at is null and ${isIn(projects)} and not exists (
    select from unnest(${words}::text[]) as word
    where strpos(lower(known.issue_key || ' ' || known.summary), word) = 0
  )`;
  return await database.run<Suggested>(sql`
      with here as materialized (
        select known.issue_key as key, known.summary, known.status, true as is_tracked,
          row_number() over (order by lower(known.issue_key) = any (${words}::text[]) desc, tracked.place, tracked.tracked_at desc, tracked.issue_id desc) as nth
        from tracked_issues as tracked cross join ${KNOWN} as known
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and ${shown}
        order by nth ${limitOf(limit)}
      ), elsewhere as (
        select known.issue_key as key, known.summary, known.status, false as is_tracked, 0 as nth
        from jira_issues as known
        where known.tenant_id = ${tenant} and ${shown} and known.issue_key <> all (array(select key from here))
        ${limitOf(others)}
      )
      select key, summary, status, is_tracked as "isTracked" from (
        select * from here union all select * from elsewhere
      ) as issue
      order by is_tracked desc, nth, key
      ${limitOf(limit)}`);
}
