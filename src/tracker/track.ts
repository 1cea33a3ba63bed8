import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { Issue } from '../issue.ts';
import { MARKED, marking } from './board-marks.ts';
import { ISSUE_COLUMNS, valuesOf } from './issue-columns.ts';
import { siteOf } from './site.ts';
import { storing } from './storing.ts';

export type Tracking = {
  tenant: string;
  channel: string;
  /** Issues of one site, each listed once, with the keys by which people asked for it. */
  issues: readonly { issue: Issue; askedAs: readonly string[] }[];
  by: string | undefined;
  /** The kind of interaction that the request came from; see `Door` in `services.ts`. */
  door: string;
  messageLink: string | undefined;
  /** The operation's id, by which a repeated call recognizes its earlier write. */
  operation: string;
};

/**
 * Tracks issues in a channel and stores what Jira says about them. An issue that the channel already
 * tracks keeps its row, which gets the new time, person, and door, and the new message link if there is one. One statement.
 * @returns the ids of the issues that this operation added.
 */
export async function track(database: Database, tracking: Tracking): Promise<Set<string>> {
  const { tenant, channel, issues, by, door, messageLink, operation } = tracking;
  const [first] = issues;
  if (first === undefined) return new Set();
  const site = siteOf(tenant, first.issue.site);
  const formerKeys = issues.map(({ issue, askedAs }) => askedAs.filter((key) => key !== issue.key).join());
  // Rows are written in the order of their ids, so that two statements with the same issues cannot deadlock: first what is
  // known of the issues, all of them, then what the channel tracks, then boards. Where Maro knows something newer, the
  // trigger of `tracked_issues` looks up the place.
  const [row] = await database.run<{ added: string[] | null }>(sql`
      with given as (
        select * from unnest(${valuesOf(issues.map(({ issue }) => issue))}, ${formerKeys}::text[]) as given (${ISSUE_COLUMNS}, former_keys)
      ), ${storing(tenant, site)}, tracked as (
        insert into tracked_issues as tracked (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, door, message_link, operation_id, place
        )
        select ${tenant}, ${channel}, ${site}, issue_id, now(), ${by ?? null}, now(), ${by ?? null}, ${door}, ${messageLink ?? null}, ${operation},
          max(place)
        from (select issue_id, place from known union all select issue_id, null from given) as placed
        group by issue_id order by issue_id
        on conflict (tenant_id, channel_id, site, issue_id) do update set
          tracked_at = excluded.tracked_at, tracked_by = excluded.tracked_by, door = excluded.door,
          message_link = coalesce(excluded.message_link, tracked.message_link)
        returning site, issue_id, operation_id = ${operation} as added
      ), ${marking(tenant, sql`select site, issue_id from tracked union all select site, issue_id from known`, channel)}
      select json_agg(issue_id) filter (where added) as added from tracked where ${MARKED}`);
  return new Set(row?.added);
}
