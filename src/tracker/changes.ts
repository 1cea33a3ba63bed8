import type { KindOfChange } from '../change.ts';
import type { Database } from '../database/pool.ts';
import { limitOf, type Statement, sql } from '../database/statement.ts';
import type { StatusCategory } from '../issue.ts';
import { isIn, KNOWN } from './known.ts';

/** Looks of a person that are less than this apart are one visit. */
const VISIT_MINUTES = 30;
/** What a person who was never here before gets. */
const FIRST_DAYS = 7;

/** From when on changes are told. `visit`: since the person's last visit, without what the person tracked or untracked. */
export type Since = { kind: 'visit'; user: string } | { kind: 'time'; at: Date };

export type AskedChanges = {
  tenant: string;
  channel: string;
  since: Since;
  /** Keys of the projects whose issues may be shown. Empty: all. */
  projects: readonly string[];
  limit: number;
};

/** A change in what a channel tracks. */
export type ChannelChange = {
  /** The issue as it is now. Of an issue that is not visible to Maro, the summary is empty. */
  key: string;
  summary: string;
  /** The address of its Jira site for links. */
  site: string;
  /** `joined` and `left`: by a followed query, whose name is `to`. */
  what: KindOfChange | 'tracked' | 'untracked' | 'joined' | 'left';
  at: Date;
  /** The name of the Jira account that made the change, if Jira told it. */
  author: string | undefined;
  /** The person in Slack who tracked or untracked the issue, or began to follow what it came with. */
  user: string | undefined;
  from: string | undefined;
  to: string | undefined;
  toCategory: StatusCategory | undefined;
};

/**
 * Changes, newest first, and how many there are, since `since`. `isFirst`: the person has not visited the channel before,
 * so these are the changes of the last seven days.
 */
export type ChannelChanges = { changes: ChannelChange[]; total: number; since: Date; isFirst: boolean };

/** What happened in a channel's issues since then. A visit is stored. One statement. */
export async function changes(database: Database, asked: AskedChanges): Promise<ChannelChanges> {
  const { limit } = asked;
  const rows = await database.run<Facts & (Row | { [column in keyof Row]: null })>(sql`
      with ${sinceOf(asked)}, change as materialized (
        ${changesOf(asked)}
      ), newest as (
        select * from change order by changed_at desc, issue_key, change_id ${limitOf(limit)}
      )
      select since.at as since, since.is_first, (select count(*)::int from change) as total, newest.*, jira_sites.url as site_url
      from since left join newest on true
      left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (${asked.tenant}, newest.site)
      order by changed_at desc, issue_key, change_id`);
  const [first] = rows;
  if (first === undefined) throw new Error('The changes of a channel have no row.');
  return {
    changes: rows.filter((row) => row.issue_key !== null).map(channelChange),
    total: first.total,
    since: first.since,
    isFirst: first.is_first,
  };
}

type Facts = { since: Date; is_first: boolean; total: number };

type Row = {
  site: string;
  site_url: string | null;
  issue_key: string;
  summary: string;
  what: ChannelChange['what'];
  changed_at: Date;
  author: string | null;
  user_id: string | null;
  from_text: string | null;
  to_text: string | null;
  to_category: StatusCategory | null;
};

function channelChange(row: Row): ChannelChange {
  return {
    key: row.issue_key,
    summary: row.summary,
    site: row.site_url ?? row.site,
    what: row.what,
    at: row.changed_at,
    author: row.author ?? undefined,
    user: row.user_id ?? undefined,
    from: row.from_text ?? undefined,
    to: row.to_text ?? undefined,
    toCategory: row.to_category ?? undefined,
  };
}

/**
 * The part of a statement named `since`, one row: from when on changes are told (`at`), and whether this is the person's
 * first visit. It stores the visit, at most once a minute.
 */
export function sinceOf({ tenant, channel, since }: Pick<AskedChanges, 'tenant' | 'channel' | 'since'>): Statement {
  if (since.kind === 'time') return sql`since as (select ${since.at}::timestamptz as at, false as is_first)`;
  const { user } = since;
  return sql`
    seen as (
      insert into visits as visit (tenant_id, channel_id, user_id, seen_at)
      select ${tenant}, ${channel}, ${user}, now()
      -- For a visit within the last minute, the conflict clause would lock the row and wait for the disk, only to change nothing.
      where not exists (
        select from visits
        where (tenant_id, channel_id, user_id) = (${tenant}, ${channel}, ${user})
          and seen_at >= now() - interval '1 minute'
      )
      on conflict (tenant_id, channel_id, user_id) do update set
        since_at = case
          when visit.seen_at < now() - make_interval(mins => ${VISIT_MINUTES}) then visit.seen_at else visit.since_at end,
        seen_at = now()
      where visit.seen_at < now() - interval '1 minute'
      returning since_at
    ), since as (
      select coalesce(since_at, now() - make_interval(days => ${FIRST_DAYS})) as at, since_at is null as is_first
      from (
        select since_at from seen
        union all
        select since_at from visits
        where (tenant_id, channel_id, user_id) = (${tenant}, ${channel}, ${user}) and not exists (select from seen)
      ) as visit
    )`;
}

/**
 * A query for the changes since `since.at`: those of the issues that the channel tracks, from the time when it first tracked
 * them; and which issues it began and stopped to track.
 */
export function changesOf({ tenant, channel, since, projects }: Omit<AskedChanges, 'limit'>): Statement {
  const user = since.kind === 'visit' ? since.user : null;
  const shown = isIn(projects);
  return sql`
    select tracked.site, known.issue_key, known.summary, tracked.change_id, tracked.changed_at, tracked.author, null as user_id,
      tracked.what, tracked.from_text, tracked.to_text, tracked.to_category
    -- The issues are joined last, since most of them have no change.
    from (
      select tracked.tenant_id, tracked.site, tracked.issue_id,
        c.change_id, c.changed_at, c.author, c.what, c.from_text, c.to_text, c.to_category
      from since cross join tracked_issues as tracked
      cross join lateral (
        select * from issue_changes as c
        where (c.tenant_id, c.site, c.issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id)
          and c.changed_at > greatest(since.at, tracked.added_at)
        offset 0
      ) as c
      where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel}
      offset 0
    ) as tracked
    cross join ${KNOWN} as known
    where ${shown}
    union all
    select tracked.site, known.issue_key, known.summary, 'tracked', tracked.added_at, null, tracked.added_by,
      case when tracked.added_via is null then 'tracked' else 'joined' end, null, tracked.added_via, null
    from since cross join tracked_issues as tracked cross join ${KNOWN} as known
    where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and ${shown}
      and tracked.added_at > since.at and tracked.added_by is distinct from coalesce(${user}, '')
    union all
    select tracked.site, known.issue_key, known.summary, 'untracked ' || tracked.untracked_in, tracked.untracked_at, null,
      tracked.untracked_by, case when tracked.left_via is null then 'untracked' else 'left' end, null, tracked.left_via, null
    from since cross join untracked_issues as tracked cross join ${KNOWN} as known
    where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and ${shown}
      and tracked.untracked_at > since.at and tracked.restored_in is null
      and tracked.untracked_by is distinct from coalesce(${user}, '')
      -- Not as a join, which would compare one list with the other.
      and (
        select true from tracked_issues as again
        where (again.tenant_id, again.channel_id, again.site, again.issue_id)
          = (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id)
        limit 1
      ) is null`;
}

/** The change of an issue that Jira dates last, if Maro knows one. One statement. */
export async function lastChange(
  database: Database,
  { tenant, siteId, issueId }: { tenant: string; siteId: string; issueId: string },
): Promise<Pick<ChannelChange, 'what' | 'author' | 'from' | 'to' | 'at'> | undefined> {
  const [row] = await database.run<{
    what: KindOfChange;
    author: string | null;
    from_text: string | null;
    to_text: string | null;
    changed_at: Date;
  }>(sql`
      select what, author, from_text, to_text, changed_at from issue_changes
      where tenant_id = ${tenant} and site = ${siteId} and issue_id = ${issueId}
      order by changed_at desc limit 1`);
  if (row === undefined) return undefined;
  const { what, author, from_text, to_text, changed_at: at } = row;
  return { what, author: author ?? undefined, from: from_text ?? undefined, to: to_text ?? undefined, at };
}
