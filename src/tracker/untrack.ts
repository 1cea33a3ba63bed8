import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { StatusCategory } from '../issue.ts';
import { KNOWN } from './known.ts';

export type Untracking = {
  tenant: string;
  channel: string;
  /** The issues to untrack: by their current or former keys, or by status category. An undefined category means all issues. */
  which: { keys: readonly string[] } | { category: StatusCategory | undefined };
  /**
   * The operation's id. A repeated call recognizes its earlier deletes by it,
   * and `restore` finds the issues to put back by it.
   */
  operation: string;
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
};

/**
 * Stops tracking issues in a channel, and keeps what is needed to undo that. Rows are locked in the order in which `track`
 * writes them, because otherwise the two could deadlock. One statement.
 * An issue that was tracked again since an earlier call of the same operation stays tracked.
 * @returns an entry for each untracked issue and each key by which people asked for it, including the issues that an
 * earlier call of the operation untracked.
 */
export async function untrack(database: Database, untracking: Untracking): Promise<Untracked[]> {
  const { tenant, channel, which, operation } = untracking;
  const keys = 'keys' in which ? which.keys : [];
  const rows = await database.run<Untracked>(sql`
      with target as (
        select tracked.site, tracked.issue_id
        from tracked_issues as tracked cross join ${KNOWN} as known
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and ${condition(which)}
          and not exists (
            select from untracked_issues as earlier
            where (earlier.tenant_id, earlier.channel_id, earlier.site, earlier.issue_id, earlier.untracked_in)
              = (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id, ${operation})
          )
        order by tracked.site, tracked.issue_id
        for update of tracked
      ), untracked as (
        delete from tracked_issues
        where tenant_id = ${tenant} and channel_id = ${channel} and (site, issue_id) in (select site, issue_id from target)
        returning *
      ), kept as (
        insert into untracked_issues (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id,
          untracked_at, untracked_in
        )
        select tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id,
          now(), ${operation}
        from untracked
      ), just_untracked as (
        select tenant_id, site, issue_id from untracked
        union
        select tenant_id, site, issue_id from untracked_issues
        where tenant_id = ${tenant} and channel_id = ${channel} and untracked_in = ${operation}
      )
      select known.issue_key as key, coalesce(jira_sites.url, known.site) as site, asked.key as "askedAs"
      from just_untracked as tracked cross join ${KNOWN} as known
      left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (known.tenant_id, known.site)
      left join unnest(${keys}::text[]) as asked (key) on asked.key = known.issue_key or asked.key = any (known.former_keys)
      order by known.issue_key`);
  return [...rows];
}

function condition(which: Untracking['which']): Statement {
  if ('keys' in which) {
    return sql`(known.issue_key = any (${which.keys}::text[]) or known.former_keys && ${which.keys}::text[])`;
  }
  return which.category === undefined ? sql`true` : sql`known.status_category = ${which.category}`;
}
