import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { StatusCategory } from '../issue.ts';
import { MARKED, marking } from './board-marks.ts';
import { NAME } from './follows.ts';
import { KNOWN } from './known.ts';
import { lockingIssues } from './lock-issues.ts';
import { type Matching, matches } from './matching.ts';

export type Untracking = {
  tenant: string;
  channel: string;
  /**
   * The issues to untrack: by their current or former keys, or by status category and by what they match. An undefined
   * category means all categories.
   */
  which: { keys: readonly string[] } | { category: StatusCategory | undefined; matching?: Matching | undefined };
  /**
   * The operation's id. A repeated call recognizes its earlier deletes by it,
   * and `restore` finds the issues to put back by it.
   */
  operation: string;
  /** The person who asked for it, if known. */
  by?: string | undefined;
};

/** An issue that the operation untracked. */
export type Untracked = {
  key: string;
  /** The address of its Jira site for links. */
  site: string;
  /**
   * The key by which people asked for the issue, perhaps one from before the
   * issue moved; null if they asked for a category.
   */
  askedAs: string | null;
  /** The names of the followed queries that have the issue, which stays away nevertheless. Undefined: none has. */
  followed?: string;
};

/**
 * Stops tracking issues in a channel, and keeps what is needed to undo that. Rows are locked in the order in which `track`
 * writes them, because otherwise the two could deadlock; an issue's own row first, so that its category cannot change
 * meanwhile. One statement.
 * An issue that was tracked again since an earlier call of the same operation stays tracked.
 * @returns an entry for each untracked issue and each key by which people asked for it, including the issues that an
 * earlier call of the operation untracked.
 */
export async function untrack(database: Database, untracking: Untracking): Promise<Untracked[]> {
  const { tenant, channel, which, operation, by } = untracking;
  const keys = 'keys' in which ? which.keys : [];
  const rows = await database.run<Untracked & { followed: string | null }>(sql`
      with found as materialized (
        select tracked.site, tracked.issue_id
        from tracked_issues as tracked cross join ${KNOWN} as known
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and ${condition(which)}
          and not exists (
            select from untracked_issues as earlier
            where (earlier.tenant_id, earlier.channel_id, earlier.site, earlier.issue_id, earlier.untracked_in)
              = (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id, ${operation})
          )
      ), ${lockingIssues(tenant, sql`select site, issue_id from found`)}, target as materialized (
        select locked.site, locked.issue_id from locked_issue as locked cross join lateral (
          select from tracked_issues as t
          where (t.tenant_id, t.channel_id, t.site, t.issue_id) = (${tenant}, ${channel}, locked.site, locked.issue_id) limit 1
          for update
        ) as tracked
      ), untracked as (
        delete from tracked_issues
        where tenant_id = ${tenant} and channel_id = ${channel} and (site, issue_id) in (select site, issue_id from target)
        returning *
      ), kept as (
        insert into untracked_issues (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door,
          message_link, operation_id, untracked_at, untracked_by, untracked_in
        )
        select tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, added_via, door,
          message_link, operation_id, now(), ${by ?? null}, ${operation}
        from untracked
      ), just_untracked as (
        select tenant_id, site, issue_id from untracked
        union
        select tenant_id, site, issue_id from untracked_issues
        where tenant_id = ${tenant} and channel_id = ${channel} and untracked_in = ${operation}
      ), ${marking(tenant, sql`select site, issue_id from untracked`, channel)}
      select known.issue_key as key, coalesce(jira_sites.url, known.site) as site, asked.key as "askedAs", (
        select string_agg(${NAME}, ', ' order by follow.since_at)
        from follow_issues as m join follows as follow using (tenant_id, channel_id, follow_id)
        where (m.tenant_id, m.channel_id, m.site, m.issue_id) = (tracked.tenant_id, ${channel}, tracked.site, tracked.issue_id)
      ) as followed
      from just_untracked as tracked cross join ${KNOWN} as known
      left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (known.tenant_id, known.site)
      left join unnest(${keys}::text[]) as asked (key) on asked.key = known.issue_key or asked.key = any (known.former_keys)
      where ${MARKED}
      order by known.issue_key`);
  return rows.map(({ followed, ...row }) => (followed === null ? row : { ...row, followed }));
}

function condition(which: Untracking['which']): Statement {
  if ('keys' in which) {
    return sql`(known.issue_key = any (${which.keys}::text[]) or known.former_keys && ${which.keys}::text[])`;
  }
  const { category, matching } = which;
  const ofCategory = category === undefined ? sql`true` : sql`known.status_category = ${category}`;
  return matching === undefined ? ofCategory : sql`${ofCategory} and ${matches(matching)}`;
}
