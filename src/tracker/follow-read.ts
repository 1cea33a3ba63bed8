import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { Issue } from '../issue.ts';
import { MARKED, marking } from './board-marks.ts';
import { type DueQuery, dueOf, FOLLOWED, NAME } from './follows.ts';
import { ISSUE_COLUMNS, valuesOf } from './issue-columns.ts';
import { LOCKED, lockingIssues } from './lock-issues.ts';
import { siteOf } from './site.ts';
import { storing } from './storing.ts';

/** What Jira says about a query that channels follow. */
export type FollowRead = {
  tenant: string;
  site: string;
  query: DueQuery;
  /** The ids of all its issues. */
  ids: readonly string[];
  /** Those of them that were missing, as Jira has them now. */
  issues: readonly Issue[];
  /** The operation's id, by which `restore` finds what left. Each read has another. */
  operation: string;
};

/** The statement writes up to 500 rows for each channel, and no person waits for it. */
const DEADLINE_MS = 30_000;

/** How many issues joined and left lists. `missing`: the ids of issues that have to be given before anything is stored. */
export type FollowResult = { missing: string[]; joined: number; left: number };

/**
 * Brings the lists of the channels that follow a query up to what Jira says, or changes nothing and returns which issues
 * Maro has to read first. An answer that is older than one that is stored changes nothing. An issue that is new in the
 * query joins the list. One that is no longer in it leaves, unless a person tracked it or the channel
 * follows another query that has it. One statement.
 */
export async function followRead(database: Database, read: FollowRead): Promise<FollowResult> {
  const { tenant, query, ids, issues, operation } = read;
  const site = siteOf(tenant, read.site);
  const { changedTo } = query;
  const [row] = await database.run<FollowResult>(
    sql`
      with ${dueOf(tenant, query)}, queried as materialized (
        select distinct issue_id from unnest(${ids}::text[]) as query (issue_id)
      ), joining as materialized (
        select distinct queried.issue_id from due cross join queried
        where (
          select true from follow_issues as m
          where (m.tenant_id, m.channel_id, m.site, m.issue_id, m.follow_id)
            = (${tenant}, due.channel_id, ${site}, queried.issue_id, due.follow_id)
          limit 1
        ) is null
      ), leaving as materialized (
        select tracked.channel_id, tracked.site, tracked.issue_id, due.follow_id
        from due cross join lateral (
          select * from tracked_issues as t
          where (t.tenant_id, t.channel_id) = (${tenant}, due.channel_id) and t.door = ${FOLLOWED}
          offset 0
        ) as tracked
        where not (tracked.site = ${site} and tracked.issue_id = any (${ids}::text[]))
          and (
            select true from follow_issues as m
            where (m.tenant_id, m.channel_id, m.site, m.issue_id)
              = (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id) and m.follow_id <> due.follow_id
            limit 1
          ) is null
      ), ${lockingIssues(tenant, sql`select ${site} as site, issue_id from joining union select site, issue_id from leaving`)}, given as (
        select *, '' as former_keys from unnest(${valuesOf(issues)}) as given (${ISSUE_COLUMNS}) where ${LOCKED}
      ), missing as materialized (
        select issue_id from joining
        where issue_id <> all (${issues.map(({ id }) => id)}::text[])
          and (
            select true from jira_issues as i
            where (i.tenant_id, i.site, i.issue_id) = (${tenant}, ${site}, joining.issue_id) and i.gone_at is null limit 1
          ) is null
      ), ${storing(tenant, site)}, claimed as (
        update follows as follow set reads = follow.reads + 1, asked_at = now(), changed_to = ${changedTo ?? null}, trouble = null
        from due
        where (follow.tenant_id, follow.channel_id, follow.follow_id) = (${tenant}, due.channel_id, due.follow_id)
          and not exists (select from missing)
        returning follow.channel_id, follow.follow_id, due.reads = 0 as is_first, due.followed_by,
          due.trouble is not null as was_in_trouble,
          ${NAME} as name
      ), gone_member as (
        delete from follow_issues as member using claimed
        where member.tenant_id = ${tenant} and (member.channel_id, member.follow_id) = (claimed.channel_id, claimed.follow_id)
          and not (member.site = ${site} and member.issue_id = any (${ids}::text[]))
      ), new_member as (
        insert into follow_issues (tenant_id, channel_id, site, issue_id, follow_id)
        select ${tenant}, channel_id, ${site}, issue_id, follow_id from claimed cross join queried
        order by channel_id, issue_id
        on conflict do nothing
        returning channel_id, follow_id, site, issue_id
      ), joined as (
        insert into tracked_issues as tracked (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door, operation_id
        )
        select ${tenant}, channel_id, site, issue_id, now(), followed_by, now(), case when is_first then followed_by end, name,
          ${FOLLOWED}, ${operation}
        from new_member join claimed using (channel_id, follow_id) where ${LOCKED}
        order by channel_id, site, issue_id
        on conflict do nothing
        returning channel_id, site, issue_id
      ), removed as (
        -- Somebody may track the issue meanwhile.
        delete from tracked_issues as tracked using leaving join claimed using (channel_id, follow_id)
        where (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id)
          = (${tenant}, leaving.channel_id, leaving.site, leaving.issue_id) and tracked.door = ${FOLLOWED} and ${LOCKED}
        returning tracked.*, claimed.name
      ), kept as (
        insert into untracked_issues (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door, message_link,
          operation_id, untracked_at, untracked_in, left_via
        )
        select tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door, message_link,
          operation_id, now(), ${operation}, name
        from removed
        on conflict do nothing
      ), ${marking(
        tenant,
        sql`select site, issue_id from known`,
        sql`
          select channel_id from joined union all select channel_id from removed
          union all select channel_id from claimed where was_in_trouble`,
      )}
      select to_json(array(select issue_id from missing order by issue_id)) as missing,
        (select count(*)::int from joined) as joined, (select count(*)::int from removed) as left
      where ${MARKED}`,
    { deadlineMs: DEADLINE_MS },
  );
  return row ?? { missing: [], joined: 0, left: 0 };
}
