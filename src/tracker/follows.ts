import type { Database } from '../database/pool.ts';
import { limitOf, type Statement, sql } from '../database/statement.ts';
import { type FollowKind, MOST_FOLLOWS, type Query } from '../follow.ts';
import { MARKED, marking } from './board-marks.ts';
import { IS_PAUSED } from './channel-life.ts';
import { LOCKED, lockingIssues } from './lock-issues.ts';
import { siteOf } from './site.ts';

/** How often a followed query is read without a change in Jira, and how many are read in one minute. */
const READ_EVERY_MINUTES = 5;
const QUERIES_A_RUN = 60;

/** The door of an issue that only followed queries have brought. */
export const FOLLOWED = 'follow';

/** For `marking`: no issue changed, only the footer of the channel's board. */
const NO_ISSUES = sql`select site, issue_id from tracked_issues where false`;

/** What people call the query in a row named `follow`; see `nameOf`. */
export const NAME = sql`(
  case when starts_with(lower(follow.words), follow.kind || ' ') then follow.words
    else case follow.kind when 'jql' then 'JQL' else follow.kind end || ' ' || follow.words end
)`;

/** A query that a channel follows. */
export type Follow = Query & {
  id: string;
  /** The person who made the channel follow it. */
  by: string;
  since: Date;
  /** How many of its issues the channel lists. */
  issues: number;
  /** How many of its issues people have untracked. */
  untracked: number;
  /** Why the list does not follow: Jira's refusal, or `too many`. */
  trouble: string | undefined;
};

type FollowStart = {
  tenant: string;
  channel: string;
  site: string;
  query: Query;
  jql: string;
  by: string;
  operation: string;
};

export type StartedFollow = 'started' | 'followed already' | 'too many';

/**
 * Makes a channel follow a query, whose condition is `jql`. The next read brings its issues. The same query of another Jira site
 * is replaced. A trigger enforces the limit when several start at once. One statement, and the same statement again if another one
 * ran at the same time.
 */
export async function startFollow(database: Database, start: FollowStart): Promise<StartedFollow> {
  const statement = startStatement(start);
  const [first] = await database.run<{ state: StartedFollow | 'unseen' }>(statement);
  const [row] =
    first?.state === 'unseen' ? await database.run<{ state: StartedFollow | 'unseen' }>(statement) : [first];
  if (row === undefined) throw new Error('The start of a follow has no row.');
  return row.state === 'unseen' ? 'too many' : row.state;
}

/** `unseen`: the trigger counted a row that is missing from the statement's snapshot. */
function startStatement({ tenant, channel, site, query, jql, by, operation }: FollowStart): Statement {
  return sql`
      with there as materialized (
        select follow_id, operation_id from follows where tenant_id = ${tenant} and channel_id = ${channel}
      ), started as (
        insert into follows as follow (
          tenant_id, channel_id, follow_id, site, kind, words, jql, followed_by, since_at, operation_id
        )
        select ${tenant}, ${channel}, md5(${jql}), ${siteOf(tenant, site)}, ${query.kind}, ${query.words}, ${jql}, ${by}, now(), ${operation}
        where (select count(*) from there where follow_id <> md5(${jql})) < ${MOST_FOLLOWS}
        on conflict (tenant_id, channel_id, follow_id) do update set
          site = excluded.site, reads = 0, asked_at = null, trouble = null, followed_by = excluded.followed_by,
          since_at = excluded.since_at, operation_id = excluded.operation_id
        where follow.site <> excluded.site
        returning channel_id
      ), ${marking(tenant, NO_ISSUES, sql`select channel_id from started`)}
      select case
        when exists (select from started) or exists (select from there where operation_id = ${operation}) then 'started'
        when exists (select from there where follow_id = md5(${jql})) then 'followed already'
        when (select count(*) from there) < ${MOST_FOLLOWS} then 'unseen'
        else 'too many' end as state
      where ${MARKED}`;
}

/** What a channel follows, in the order in which people began it. One statement. */
export async function follows(
  database: Database,
  { tenant, channel }: { tenant: string; channel: string },
): Promise<Follow[]> {
  const rows = await database.run<FollowRow>(sql`
      select follow_id, kind, words, followed_by, since_at, trouble, member.listed, member.untracked
      from follows as follow cross join lateral (
        select count(*) filter (where is_listed)::int as listed, count(*) filter (where not is_listed)::int as untracked
        from (
          select (
            select true from tracked_issues as t
            where (t.tenant_id, t.channel_id, t.site, t.issue_id) = (m.tenant_id, m.channel_id, m.site, m.issue_id) limit 1
          ) is not null as is_listed
          from follow_issues as m
          where (m.tenant_id, m.channel_id, m.follow_id) = (follow.tenant_id, follow.channel_id, follow.follow_id)
          offset 0
        ) as m
      ) as member
      where tenant_id = ${tenant} and channel_id = ${channel}
      order by since_at, follow_id`);
  return rows.map((row) => ({
    id: row.follow_id,
    kind: row.kind,
    words: row.words,
    by: row.followed_by,
    since: row.since_at,
    issues: row.listed,
    untracked: row.untracked,
    trouble: row.trouble ?? undefined,
  }));
}

type FollowRow = {
  follow_id: string;
  kind: FollowKind;
  words: string;
  followed_by: string;
  since_at: Date;
  trouble: string | null;
  listed: number;
  untracked: number;
};

/**
 * Makes a channel follow a query no longer. The issues that only this query brought leave the list, and `restore` with the
 * operation's id puts them back. One statement.
 * @returns how many issues left, by this call or an earlier one of the same operation.
 */
export async function stopFollow(
  database: Database,
  stop: { tenant: string; channel: string; id: string; by: string; operation: string },
): Promise<number> {
  const { tenant, channel, id, by, operation } = stop;
  const [row] = await database.run<{ left: number }>(sql`
      with stopped as (
        delete from follows where (tenant_id, channel_id, follow_id) = (${tenant}, ${channel}, ${id}) returning 1
      ), gone_member as (
        delete from follow_issues
        where tenant_id = ${tenant} and channel_id = ${channel} and follow_id = ${id} and exists (select from stopped)
      ), leaving as materialized (
        select site, issue_id from tracked_issues as tracked
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and tracked.door = ${FOLLOWED}
          and exists (select from stopped)
          and (
            select true from follow_issues as m
            where (m.tenant_id, m.channel_id, m.site, m.issue_id)
              = (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id) and m.follow_id <> ${id}
            limit 1
          ) is null
      ), ${lockingIssues(tenant, sql`select site, issue_id from leaving`)}, removed as (
        delete from tracked_issues as tracked using leaving
        where (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id)
          = (${tenant}, ${channel}, leaving.site, leaving.issue_id) and tracked.door = ${FOLLOWED} and ${LOCKED}
        returning tracked.*
      ), kept as (
        insert into untracked_issues (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door, message_link,
          operation_id, untracked_at, untracked_by, untracked_in
        )
        select tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door, message_link,
          operation_id, now(), ${by}, ${operation}
        from removed
        on conflict do nothing
      ), ${marking(tenant, sql`select site, issue_id from removed`, channel)}
      select (select count(*) from removed)::int + (
        select count(*) from untracked_issues where tenant_id = ${tenant} and channel_id = ${channel} and untracked_in = ${operation}
      )::int as left
      where ${MARKED}`);
  return row?.left ?? 0;
}

/** A channel that follows a query, and how often Jira has answered for it. */
export type DueFollow = { channel: string; id: string; reads: number };

/** A query that channels follow and that has to be read. */
export type DueQuery = {
  jql: string;
  /** Sorted. */
  follows: readonly DueFollow[];
  /** The latest change in Jira that the delta had seen. */
  changedTo: Date | undefined;
};

/**
 * The queries to read now, each once for all channels that follow it, the one that has waited longest first: those that were
 * not read for five minutes, or since the delta last saw a change. At most 60; the others come a minute later. Those of
 * channels in which Maro pauses are left out. With `only`, that query of that channel, if Jira never answered for it.
 * One statement.
 */
export async function dueFollows(
  database: Database,
  { tenant, site, only }: { tenant: string; site: string; only?: { channel: string; jql: string } },
): Promise<DueQuery[]> {
  const rows = await database.run<{ jql: string; follows: DueFollow[]; changed_to: Date | null }>(sql`
      select jql, changed_to,
        json_agg(json_build_object('channel', channel_id, 'id', follow_id, 'reads', reads) order by channel_id) as follows
      from (
        select place.jql, place.channel_id, place.follow_id, place.reads, place.asked_at, sync.changed_to,
          ${
            only === undefined
              ? sql`coalesce(place.asked_at < now() - make_interval(mins => ${READ_EVERY_MINUTES}), true)
            or coalesce(place.changed_to < sync.changed_to, sync.changed_to is not null)`
              : sql`place.reads = 0`
          } as is_due
        from follows as place
        left join jira_syncs as sync on (sync.tenant_id, sync.site) = (place.tenant_id, place.site)
        where place.tenant_id = ${tenant} and place.site = ${siteOf(tenant, site)} and ${only === undefined ? IS_IN_USE : isOnly(only)}
      ) as place
      group by jql, changed_to
      having bool_or(is_due)
      order by min(asked_at) nulls first, jql
      ${limitOf(QUERIES_A_RUN)}`);
  return rows.map(({ jql, follows, changed_to }) => ({ jql, follows, changedTo: changed_to ?? undefined }));
}

const IS_IN_USE = sql`not ${IS_PAUSED} and not exists (
  select from installations as i where i.tenant_id = place.tenant_id and i.uninstalled_at is not null
)`;

function isOnly({ channel, jql }: { channel: string; jql: string }): Statement {
  return sql`place.channel_id = ${channel} and place.follow_id = md5(${jql})`;
}

/**
 * Stores that a query was not read, and why if Jira refused it or it has too many issues. The lists stay as they are. An answer
 * that is older than a stored one changes nothing. One statement.
 */
export async function followUnread(
  database: Database,
  { tenant, query, trouble }: { tenant: string; query: DueQuery; trouble: string | undefined },
): Promise<void> {
  await database.run(sql`
      with ${dueOf(tenant, query)}, unread as (
        update follows as follow set reads = follow.reads + 1, asked_at = now(), changed_to = ${query.changedTo ?? null},
          trouble = coalesce(${trouble ?? null}, follow.trouble)
        from due where (follow.tenant_id, follow.channel_id, follow.follow_id) = (${tenant}, due.channel_id, due.follow_id)
        returning due.channel_id, follow.trouble is distinct from due.trouble as is_news
      ), ${marking(tenant, NO_ISSUES, sql`select channel_id from unread where is_news`)}
      select where ${MARKED}`);
}

/**
 * The part of a statement named `due`: the rows of `follows` that the query is about, locked in the order of their channels,
 * without those for which Jira has been asked since. PostgreSQL checks that again when it has the lock.
 */
export function dueOf(tenant: string, { follows }: DueQuery): Statement {
  return sql`
      due as materialized (
        select follow.* from unnest(
          ${follows.map(({ channel }) => channel)}::text[], ${follows.map(({ id }) => id)}::text[],
          ${follows.map(({ reads }) => String(reads))}::text[]::int[]
        ) as planned (channel_id, follow_id, reads)
        cross join lateral (
          select f.channel_id, f.follow_id, f.reads, f.followed_by, f.trouble from follows as f
          where (f.tenant_id, f.channel_id, f.follow_id) = (${tenant}, planned.channel_id, planned.follow_id)
            and f.reads = planned.reads
          limit 1
          for update
        ) as follow
      )`;
}
