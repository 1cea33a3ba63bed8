import type { Database } from '../database/pool.ts';
import { limitOf, sql } from '../database/statement.ts';
import { KNOWN, PLACE } from './known.ts';
import {
  type CountColumns,
  countsOf,
  JOIN_FRESHNESS,
  type Listing,
  PAGE_COLUMNS,
  type Page,
  type TrackedIssues,
  trackedIssue,
} from './list.ts';
import { type Matching, matches } from './matching.ts';

/** The same as `TrackedIssues` for the issues that pass a filter; `total` is how many issues the channel tracks. */
export type FilteredIssues = Omit<TrackedIssues, 'news'> & { total: number };

/** Lists the issues of a channel that pass a filter. It is a statement of its own, so that the whole list has none of its cost. One statement. */
export async function filtered(
  database: Database,
  listing: Omit<Listing, 'visit'> & { matching: Matching },
): Promise<FilteredIssues> {
  const { tenant, channel, category, limit, offset, matching } = listing;
  const rows = await database.run<Counts & (Page | { [column in keyof Page]: null })>(sql`
      with listed as materialized (
        select tracked.tenant_id, tracked.site, tracked.issue_id, tracked.tracked_at, tracked.tracked_by, tracked.door,
          tracked.message_link, known.status_category, (${matches(matching)}) as is_match
        from tracked_issues as tracked cross join ${KNOWN} as known
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel}
      ), tracked as (
        select * from listed
        where is_match and (${category ?? null}::text is null or status_category = ${category ?? null})
        order by ${PLACE}, tracked_at desc, issue_id desc
        ${limitOf(limit)} offset ${offset}
      ), page as (
        select known.*, tracked.tracked_at, tracked.tracked_by, tracked.door, tracked.message_link
        from tracked cross join ${KNOWN} as known
      ), counts as (
        select count(*)::int as total,
          count(*) filter (where is_match and status_category = 'new')::int as new_count,
          count(*) filter (where is_match and status_category = 'indeterminate')::int as indeterminate_count,
          count(*) filter (where is_match and status_category = 'done')::int as done_count
        from listed
      )
      select counts.*, ${PAGE_COLUMNS}
      from counts left join page on true
      ${JOIN_FRESHNESS}
      order by ${PLACE}, tracked_at desc, issue_id desc`);
  const [first] = rows;
  return {
    issues: rows.filter((row) => row.issue_id !== null).map(trackedIssue),
    counts: countsOf(first),
    total: first?.total ?? 0,
  };
}

type Counts = CountColumns & { total: number };
