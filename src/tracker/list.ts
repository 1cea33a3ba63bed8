import type { Database } from '../database/pool.ts';
import { limitOf, sql } from '../database/statement.ts';
import type { Issue, StatusCategory } from '../issue.ts';
import { changesOf, sinceOf } from './changes.ts';
import { NAME } from './follows.ts';
import { KNOWN } from './known.ts';

export type Listing = {
  tenant: string;
  channel: string;
  /** Undefined: every category. */
  category: StatusCategory | undefined;
  limit: number;
  offset: number;
  /** The person who looks at the list, and the keys of the projects that may be shown: see `changes`. Undefined: nobody's visit. */
  visit?: { user: string; projects: readonly string[] } | undefined;
};

export type TrackedIssue = Issue & {
  /** What identifies the site, whatever its address. */
  siteId: string;
  trackedAt: Date;
  trackedBy: string | undefined;
  door: string;
  messageLink: string | undefined;
  /** When Maro last read the issue from Jira, or up to when it has read all changes in the issue's project. */
  syncedAt: Date;
  /** Since when Maro cannot read the issue's Jira site, and the kind of the JiraTrouble. */
  failing: { since: Date; trouble: string } | undefined;
  /** When Maro first found that the issue is no longer visible to it. */
  goneAt: Date | undefined;
};

/** A page of a channel's issues in the order of `STATUS_CATEGORIES`, newest first in each, and the channel's counts by category. */
export type TrackedIssues = {
  issues: TrackedIssue[];
  counts: Record<StatusCategory, number>;
  news?: News | undefined;
  /** What the channel follows, in the order in which people began it. `trouble`: why the list does not follow now. */
  follows?: readonly { name: string; trouble: string | null }[];
};

/** How many changes there were since the person's last visit. Undefined for nobody's visit or a first one. */
export type News = { count: number; since: Date };

/**
 * The columns of a `Page`, from a row of `page`: the issue, the address of its site, and how true it still is. For a query with
 * `JOIN_FRESHNESS`. What nobody reads is left out, since sending and parsing the rows is most of the work.
 */
export const PAGE_COLUMNS = sql`
  page.site, page.issue_id, page.issue_key, page.summary, page.status, page.status_category, page.assignee, page.type,
  page.priority, page.due_date, page.jira_updated_at, page.gone_at, page.tracked_at, page.tracked_by, page.door,
  page.message_link, jira_sites.url as site_url, sync.failing_since, sync.trouble,
  greatest(page.synced_at, case when page.synced_at >= reading.read_from then sync.delta_at end) as read_at`;

export const JOIN_FRESHNESS = sql`
  left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (page.tenant_id, page.site)
  left join jira_syncs as sync on (sync.tenant_id, sync.site) = (page.tenant_id, page.site)
  left join jira_projects as reading on (reading.tenant_id, reading.site, reading.project)
    = (page.tenant_id, page.site, split_part(page.issue_key, '-', 1))`;

/**
 * Lists the issues that a channel tracks. The page and the counts are read from one index, which has the place of each issue's
 * category; migration 00025 says how it is kept. The rows come in any order: to sort them, PostgreSQL would read the last row before
 * it sends the first one. One statement.
 */
export async function list(database: Database, listing: Listing): Promise<TrackedIssues> {
  const { tenant, channel, category, limit, offset, visit } = listing;
  const looking = visit && {
    tenant,
    channel,
    projects: visit.projects,
    since: { kind: 'visit' as const, user: visit.user },
  };
  const rows = await database.run<Counts & (Page | { [column in keyof Page]: null })>(
    sql`
      with ${
        looking === undefined
          ? sql``
          : sql`${sinceOf(looking)}, news as materialized (
        select count(*)::int as news_count from (${changesOf(looking)}) as change
      ),`
      } tracked as materialized (
        select tenant_id, site, issue_id, tracked_at, tracked_by, door, message_link,
          row_number() over (order by place, tracked_at desc, issue_id desc)::int as n
        from tracked_issues
        where tenant_id = ${tenant} and channel_id = ${channel}
          and ${category === undefined ? sql`place is not null` : sql`place = place_of_category(${category})`}
        order by place, tracked_at desc, issue_id desc
        ${limitOf(limit)} ${offset === 0 ? sql`` : sql`offset ${offset}`}
      ), page as (
        select known.*, tracked.tracked_at, tracked.tracked_by, tracked.door, tracked.message_link, tracked.n
        from tracked cross join ${KNOWN} as known
      ), counts as (
        select count(*) filter (where place = 0)::int as indeterminate_count,
          count(*) filter (where place = 1)::int as new_count,
          count(*) filter (where place = 2)::int as done_count
        from tracked_issues where tenant_id = ${tenant} and channel_id = ${channel} and place is not null
      )
      select counts.*, ${PAGE_COLUMNS}, page.n, (
          select json_agg(json_build_object('name', ${NAME}, 'trouble', trouble) order by since_at, follow_id)
          from follows as follow where tenant_id = ${tenant} and channel_id = ${channel}
        ) as follows, ${looking === undefined ? sql`0 as news_count, null::timestamptz as news_since` : sql`news.news_count, case when since.is_first then null else since.at end as news_since`}
      from counts left join page on true ${looking === undefined ? sql`` : sql`cross join news cross join since`}
      ${JOIN_FRESHNESS}`,
  );
  rows.sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
  const [first] = rows;
  return {
    issues: rows.filter((row) => row.issue_id !== null).map(trackedIssue),
    counts: countsOf(first),
    ...(first?.follows ? { follows: first.follows } : {}),
    ...(first?.news_since ? { news: { count: first.news_count, since: first.news_since } } : {}),
  };
}

/** The columns that count a channel's issues by category. */
export type CountColumns = { new_count: number; indeterminate_count: number; done_count: number };

export function countsOf(row: CountColumns | undefined): TrackedIssues['counts'] {
  return { new: row?.new_count ?? 0, indeterminate: row?.indeterminate_count ?? 0, done: row?.done_count ?? 0 };
}

type Counts = CountColumns & {
  /** The row's number in the whole list. */
  n: number | null;
  news_count: number;
  follows: { name: string; trouble: string | null }[] | null;
  news_since: Date | null;
};

/** A row of a page. */
export type Page = {
  site: string;
  site_url: string | null;
  issue_id: string;
  issue_key: string;
  summary: string;
  status: string;
  status_category: StatusCategory;
  assignee: string | null;
  type: string | null;
  priority: string | null;
  due_date: Date | null;
  jira_updated_at: Date | null;
  read_at: Date;
  failing_since: Date | null;
  trouble: string | null;
  gone_at: Date | null;
  tracked_at: Date;
  tracked_by: string | null;
  door: string;
  message_link: string | null;
};

/** The issue in a row of a page. */
export function trackedIssue(row: Page): TrackedIssue {
  return {
    site: row.site_url ?? row.site,
    siteId: row.site,
    id: row.issue_id,
    key: row.issue_key,
    summary: row.summary,
    status: row.status,
    category: row.status_category,
    assignee: row.assignee ?? undefined,
    type: row.type ?? undefined,
    priority: row.priority ?? undefined,
    updatedAt: row.jira_updated_at ?? undefined,
    // The driver reads a date as midnight in UTC.
    dueDate: row.due_date?.toISOString().slice(0, 'yyyy-mm-dd'.length),
    trackedAt: row.tracked_at,
    trackedBy: row.tracked_by ?? undefined,
    door: row.door,
    messageLink: row.message_link ?? undefined,
    syncedAt: row.read_at,
    failing: row.failing_since === null ? undefined : { since: row.failing_since, trouble: row.trouble ?? '' },
    goneAt: row.gone_at ?? undefined,
  };
}
