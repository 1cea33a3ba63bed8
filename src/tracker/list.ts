import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { Issue, StatusCategory } from '../issue.ts';
import { KNOWN } from './known.ts';

export type Listing = {
  tenant: string;
  channel: string;
  /** Undefined: every category. */
  category: StatusCategory | undefined;
  limit: number;
  offset: number;
};

export type TrackedIssue = Issue & {
  /** What identifies the site, whatever its address. */
  siteId: string;
  trackedAt: Date;
  trackedBy: string | undefined;
  door: string;
  messageLink: string | undefined;
  /** When Maro last read the issue from Jira. */
  syncedAt: Date;
  /** When Maro first found that the issue is no longer visible to it. */
  goneAt: Date | undefined;
};

/** A page of a channel's issues in the order of `STATUS_CATEGORIES`, newest first in each, and the channel's counts by category. */
export type TrackedIssues = { issues: TrackedIssue[]; counts: Record<StatusCategory, number> };

/** The place of a row's status category in `STATUS_CATEGORIES`. */
const PLACE = sql`case status_category when 'indeterminate' then 0 when 'new' then 1 else 2 end`;

/** Lists the issues that a channel tracks. One statement. */
export async function list(database: Database, listing: Listing): Promise<TrackedIssues> {
  const { tenant, channel, category, limit, offset } = listing;
  const rows = await database.run<Counts & (Page | { [column in keyof Page]: null })>(
    sql`
      with listed as materialized (
        select tracked.tenant_id, tracked.site, tracked.issue_id, tracked.tracked_at, tracked.tracked_by, tracked.door,
          tracked.message_link, known.status_category
        from tracked_issues as tracked cross join ${KNOWN} as known
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel}
      ), tracked as (
        select * from listed
        where ${category ?? null}::text is null or status_category = ${category ?? null}
        order by ${PLACE}, tracked_at desc, issue_id desc
        limit ${limit} offset ${offset}
      ), page as (
        select known.*, tracked.tracked_at, tracked.tracked_by, tracked.door, tracked.message_link
        from tracked cross join ${KNOWN} as known
      ), counts as (
        select count(*) filter (where status_category = 'new')::int as new_count,
          count(*) filter (where status_category = 'indeterminate')::int as indeterminate_count,
          count(*) filter (where status_category = 'done')::int as done_count
        from listed
      )
      select counts.*, page.*, jira_sites.url as site_url
      from counts left join page on true
      left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (page.tenant_id, page.site)
      order by ${PLACE}, tracked_at desc, issue_id desc`,
  );
  const [first] = rows;
  return {
    issues: rows.filter((row) => row.issue_id !== null).map(trackedIssue),
    counts: {
      new: first?.new_count ?? 0,
      indeterminate: first?.indeterminate_count ?? 0,
      done: first?.done_count ?? 0,
    },
  };
}

type Counts = { new_count: number; indeterminate_count: number; done_count: number };

type Page = {
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
  jira_updated_at: Date | null;
  synced_at: Date;
  gone_at: Date | null;
  tracked_at: Date;
  tracked_by: string | null;
  door: string;
  message_link: string | null;
};

function trackedIssue(row: Page): TrackedIssue {
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
    trackedAt: row.tracked_at,
    trackedBy: row.tracked_by ?? undefined,
    door: row.door,
    messageLink: row.message_link ?? undefined,
    syncedAt: row.synced_at,
    goneAt: row.gone_at ?? undefined,
  };
}
