import type { Issue } from '../jira/issue.ts';
import { type Database, sql } from './database.ts';

/** What Jira says now of issues that are known already. */
export type Knowledge = {
  issues: readonly Issue[];
  /** Issues that Jira no longer shows. */
  gone: readonly { site: string; id: string }[];
};

/** An issue whose key, summary or status is not what it was. */
export type Change = {
  key: string;
  keyBefore: string;
  summary: string;
  summaryBefore: string;
  status: string;
  statusBefore: string;
  /** Jira no longer shows the issue, and did when it was read before. */
  gone: boolean;
};

/**
 * Keeps what Jira says now; an answer older than what is known changes nothing. One statement. Rows are locked in the
 * order in which `track` writes them, or the two would lock each other out.
 * @returns what changed in the eyes of a person, by key.
 */
export async function update(database: Database, { issues, gone }: Knowledge): Promise<Change[]> {
  const column = (of: (issue: Issue) => string | undefined) => [
    ...issues.map((issue) => of(issue) ?? null),
    ...gone.map(() => null),
  ];
  const all = [...issues, ...gone];
  const rows = await database.run<Change>(sql`
      with given as (
        select * from unnest(
          ${all.map(({ site }) => site)}::text[], ${all.map(({ id }) => id)}::text[], ${column((i) => i.key)}::text[],
          ${column((i) => i.summary)}::text[], ${column((i) => i.status)}::text[], ${column((i) => i.category)}::text[],
          ${column((i) => i.assignee)}::text[], ${column((i) => i.type)}::text[], ${column((i) => i.priority)}::text[],
          ${column((i) => i.updatedAt?.toISOString())}::timestamptz[]
        ) as given (
          site, issue_id, issue_key, summary, status, status_category, assignee, type, priority, jira_updated_at
        )
      ), before as (
        select jira_issues.* from jira_issues join given using (site, issue_id)
        where coalesce(given.jira_updated_at >= jira_issues.jira_updated_at, true)
        order by site, issue_id
        for update of jira_issues
      ), seen as (
        update jira_issues as issue set
          issue_key = given.issue_key,
          former_keys = array(
            select distinct key from unnest(issue.former_keys || issue.issue_key) as key where key <> given.issue_key
          ),
          summary = given.summary, status = given.status, status_category = given.status_category,
          assignee = given.assignee, type = given.type, priority = given.priority,
          jira_updated_at = given.jira_updated_at, synced_at = now(), gone_at = null
        from before join given using (site, issue_id)
        where issue.site = before.site and issue.issue_id = before.issue_id and given.issue_key is not null
        returning issue.*
      ), vanished as (
        update jira_issues as issue set gone_at = coalesce(issue.gone_at, now()), synced_at = now()
        from before join given using (site, issue_id)
        where issue.site = before.site and issue.issue_id = before.issue_id and given.issue_key is null
        returning issue.*
      )
      select after.issue_key as key, before.issue_key as "keyBefore", after.summary, before.summary as "summaryBefore",
        after.status, before.status as "statusBefore", after.gone_at is not null as gone
      from (select * from seen union all select * from vanished) as after join before using (site, issue_id)
      where (after.issue_key, after.summary, after.status, after.gone_at is null)
        is distinct from (before.issue_key, before.summary, before.status, before.gone_at is null)
      order by after.issue_key`);
  return [...rows];
}
