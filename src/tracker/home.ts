import type { Database } from '../database/pool.ts';
import { limitOf, sql } from '../database/statement.ts';
import type { StatusCategory } from '../issue.ts';
import type { IssueKey } from '../key.ts';
import type { ChannelChange } from './changes.ts';
import { type Opening, storeOpening } from './home-openings.ts';
import { isIn, KNOWN, PLACE } from './known.ts';

/** What a person's Home tab asks for. */
export type AskedHome = {
  tenant: string;
  /** Whose tab it is. `isOpened`: the person has opened it, or acted in it. */
  opening: Omit<Opening, 'category'> & { isOpened: boolean };
  /** The channels of which the person may know. */
  channels: readonly string[];
  /** The person's Jira account; undefined if nobody knows it. */
  account: string | undefined;
  /** Of which category the person's issues are shown. Undefined: all that are not done. */
  category: StatusCategory | undefined;
  /** Keys of the projects whose issues may be shown. Empty: all. */
  projects: readonly string[];
  most: { issues: number; changes: number; channels: number };
};

/** An issue on a Home tab, and one of the channels that track it. */
export type HomeIssue = {
  site: string;
  key: IssueKey;
  summary: string;
  status: string;
  category: StatusCategory;
  channel: string;
};

/** What the person's channels track. */
export type Home = {
  /** The issues assigned to the person: those in progress first, and of a category the one that Jira updated last. */
  issues: HomeIssue[];
  /** How many issues are assigned to the person, by category. */
  counts: Record<StatusCategory, number>;
  /** What changed in the channels' issues in the last seven days, newest first. */
  changes: ChannelChange[];
  /** The channels that track issues, and how many. The channel in which an issue was tracked last comes first. */
  channels: { channel: string; count: number }[];
  /** How the sync with Jira goes; undefined if it has never run. */
  sync: { deltaAt: Date | undefined; failing: { since: Date; trouble: string } | undefined } | undefined;
};

const CHANGE_DAYS = 7;

/** What a person's Home tab shows, and stores that it is drawn. Issues that Maro must not show are in the counts of channels only. One statement. */
export async function home(database: Database, asked: AskedHome): Promise<Home> {
  const { tenant, opening, channels, account, category, projects, most } = asked;
  const shown = isIn(projects);
  const [row] = await database.run<Row>(sql`
      with opened as (
        ${storeOpening(tenant, { ...opening, category }, channels)}
      ), listed as materialized (
        select site, issue_id, channel_id, tracked_at, added_at from tracked_issues
        where tenant_id = ${tenant} and channel_id = any (${channels}::text[])
      ), tracked as materialized (
        select ${tenant}::text as tenant_id, site, issue_id, min(added_at) as added_at,
          (array_agg(channel_id order by tracked_at desc, channel_id))[1] as channel_id
        from listed group by site, issue_id
      ), own as materialized (
        select known.*, tracked.channel_id from tracked cross join ${KNOWN} as known
        where known.assignee_id = ${account ?? null} and known.gone_at is null and ${shown}
      ), issue as (
        select own.site, coalesce(jira_sites.url, own.site) as url, issue_key, summary, status, status_category, channel_id,
          row_number() over (order by
            ${PLACE}, jira_updated_at desc nulls last, issue_key
          ) as place
        from own left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (${tenant}, own.site)
        where ${category === undefined ? sql`status_category <> 'done'` : sql`status_category = ${category}`}
        order by place ${limitOf(most.issues)}
      ), change as (
        select coalesce(jira_sites.url, tracked.site) as url, known.issue_key, known.summary, change.*
        from tracked
        cross join lateral (
          select change_id, changed_at, author, what, from_text, to_text, to_category from issue_changes as c
          where (c.tenant_id, c.site, c.issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id)
            and c.changed_at > greatest(now() - make_interval(days => ${CHANGE_DAYS}), tracked.added_at)
          order by changed_at desc ${limitOf(most.changes)}
        ) as change
        cross join ${KNOWN} as known
        left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (tracked.tenant_id, tracked.site)
        where known.gone_at is null and ${shown}
        order by changed_at desc, issue_key, change_id ${limitOf(most.changes)}
      ), channel as (
        select channel_id, count(*)::int as count, max(tracked_at) as last from listed
        group by channel_id order by last desc, channel_id ${limitOf(most.channels)}
      ), sync as (
        select delta_at, failing_since, trouble from jira_syncs where tenant_id = ${tenant}
        order by greatest(delta_at, sweep_at, failing_since) desc nulls last limit 1
      )
      select
        (select coalesce(json_agg(issue order by place), '[]') from issue) as issues,
        (select count(*) filter (where status_category = 'new')::int from own) as new,
        (select count(*) filter (where status_category = 'indeterminate')::int from own) as indeterminate,
        (select count(*) filter (where status_category = 'done')::int from own) as done,
        (select coalesce(json_agg(change order by changed_at desc, issue_key, change_id), '[]') from change) as changes,
        (select coalesce(json_agg(channel order by last desc, channel_id), '[]') from channel) as channels,
        (select json_agg(sync) from sync) as syncs`);
  if (row === undefined) throw new Error('The Home tab has no row.');
  const [sync] = row.syncs ?? [];
  const failingSince = dateIn(sync?.failing_since);
  return {
    issues: row.issues.map((issue) => ({
      ...{ site: issue.url, key: issue.issue_key, summary: issue.summary, status: issue.status },
      ...{ category: issue.status_category, channel: issue.channel_id },
    })),
    counts: { new: row.new, indeterminate: row.indeterminate, done: row.done },
    changes: row.changes.map(changeOf),
    channels: row.channels.map(({ channel_id: channel, count }) => ({ channel, count })),
    sync: sync && {
      deltaAt: dateIn(sync.delta_at),
      failing: failingSince && { since: failingSince, trouble: sync.trouble ?? '' },
    },
  };
}

type Row = Record<StatusCategory, number> & {
  issues: {
    url: string;
    issue_key: IssueKey;
    summary: string;
    status: string;
    status_category: StatusCategory;
    channel_id: string;
  }[];
  changes: ChangeRow[];
  channels: { channel_id: string; count: number }[];
  syncs: { delta_at: string | null; failing_since: string | null; trouble: string | null }[] | null;
};

type ChangeRow = {
  url: string;
  issue_key: string;
  summary: string;
  changed_at: string;
  author: string | null;
  what: ChannelChange['what'];
  from_text: string | null;
  to_text: string | null;
  to_category: StatusCategory | null;
};

function changeOf(row: ChangeRow): ChannelChange {
  return {
    ...{ key: row.issue_key, summary: row.summary, site: row.url, what: row.what, at: new Date(row.changed_at) },
    ...{ author: row.author ?? undefined, user: undefined },
    ...{ from: row.from_text ?? undefined, to: row.to_text ?? undefined, toCategory: row.to_category ?? undefined },
  };
}

/** A time as PostgreSQL writes it into JSON. */
function dateIn(text: string | null | undefined): Date | undefined {
  return text ? new Date(text) : undefined;
}
