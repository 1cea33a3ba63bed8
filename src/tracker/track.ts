import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { Issue } from '../issue.ts';
import { ISSUE_COLUMNS, valuesOf } from './issue-columns.ts';
import { siteOf } from './site.ts';

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
  // Rows are written in the order of their ids, so that two statements with the same issues cannot deadlock.
  const [row] = await database.run<{ added: string[] | null }>(sql`
      with given as (
        select * from unnest(${valuesOf(issues.map(({ issue }) => issue))}, ${formerKeys}::text[]) as given (${ISSUE_COLUMNS}, former_keys)
      ), known as (
        insert into jira_issues as known (
          tenant_id, site, ${ISSUE_COLUMNS}, former_keys, synced_at
        )
        select ${tenant}, ${site}, ${ISSUE_COLUMNS}, string_to_array(former_keys, ','), now()
        from given order by issue_id
        on conflict (tenant_id, site, issue_id) do update set
          issue_key = excluded.issue_key,
          former_keys = array(
            select distinct key from unnest(known.former_keys || known.issue_key || excluded.former_keys) as key
            where key <> excluded.issue_key
          ),
          summary = excluded.summary, status = excluded.status, status_category = excluded.status_category,
          assignee = excluded.assignee, type = excluded.type, priority = excluded.priority,
          jira_updated_at = excluded.jira_updated_at, synced_at = excluded.synced_at, gone_at = null
        where coalesce(excluded.jira_updated_at >= known.jira_updated_at, true)
      ), tracked as (
        insert into tracked_issues as tracked (
          tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
        )
        select ${tenant}, ${channel}, ${site}, issue_id, now(), ${by ?? null}, ${door}, ${messageLink ?? null}, ${operation}
        from given order by issue_id
        on conflict (tenant_id, channel_id, site, issue_id) do update set
          tracked_at = excluded.tracked_at, tracked_by = excluded.tracked_by, door = excluded.door,
          message_link = coalesce(excluded.message_link, tracked.message_link)
        returning issue_id, operation_id = ${operation} as added
      )
      select json_agg(issue_id) filter (where added) as added from tracked`);
  return new Set(row?.added);
}
