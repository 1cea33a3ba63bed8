import type { IssueChange } from '../change.ts';
import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { Issue } from '../issue.ts';
import { MARKED, marking } from './board-marks.ts';
import { ISSUE_COLUMNS, valuesOf } from './issue-columns.ts';
import { siteOf } from './site.ts';
import { waking } from './waits.ts';

/** What Jira says about issues of one site. What is about issues that Maro has not stored is ignored. */
export type Knowledge = {
  tenant: string;
  /** The address of the site, or what identifies it. */
  site: string;
  issues: readonly Issue[];
  /** The ids of issues that are no longer visible to Maro: Jira does not show them, or JIRA_PROJECTS leaves them out. */
  gone: readonly string[];
  changes: readonly IssueChange[];
  /**
   * `state`: the issues as they are now, and perhaps no changes. `history`: the issues, and all changes
   * in them. `events`: events of the webhook, after which others may be missing. No two of them are about the same issue.
   */
  from: { kind: 'state' | 'history' } | { kind: 'events'; events: readonly { id: string; issueId: string }[] };
};

/** An issue whose key, summary, or status differs from what was stored, or that became visible or invisible to Maro. */
export type Difference = {
  key: string;
  keyBefore: string;
  summary: string;
  summaryBefore: string;
  status: string;
  statusBefore: string;
  /**
   * The issue is no longer visible to Maro, which has deleted its summary, status, assignee, due date, type, and priority. Its category
   * is "To do" from then on: a list folds issues that are done, and people must see that this one is not visible.
   */
  gone: boolean;
  /** The issue was not visible to Maro the last time that Maro read it. */
  goneBefore: boolean;
};

/** The columns of a `Difference`, and which issue it is. The old values come from the rows that `before` has locked. */
const DIFFERENCE = sql`
  issue.site, issue.issue_id, issue.issue_key as key, before.key_before as "keyBefore", issue.summary,
  before.summary_before as "summaryBefore", issue.status, before.status_before as "statusBefore",
  issue.gone_at is not null as gone, before.gone_before as "goneBefore",
  (issue.issue_key, issue.summary, issue.status, issue.status_category, issue.assignee, issue.gone_at is not null) is distinct from
    (before.key_before, before.summary_before, before.status_before, before.category_before, before.assignee_before, before.gone_before)
    as is_seen`;

const CHANGE_COLUMNS = sql`
  issue_id, change_id, changed_at, author_id, author, what, from_text, to_text, from_category, to_category, by_maro`;

/**
 * Stores what Jira now says about issues, and the changes in them. An issue with an earlier update time in Jira than the stored
 * one changes nothing, and an issue of a history or an event only counts if it says more than is
 * stored. An event does not make an issue visible. An issue without an
 * update time, and an issue in `gone`, always counts. A change is stored once, whichever way Jira reports it, unless it is
 * older than Maro's knowledge of the issue. Of an issue that is no longer visible, the stored changes are deleted, since they
 * quote it. An event that came before changes nothing. Steps that wait for one of the issues look again. Rows are locked in the order in which `track` writes them, because
 * otherwise the two could deadlock. The arrays come from
 * materialized queries: PostgreSQL does not see how long they are, so it plans the statement once, which takes longer than to
 * run it. Issues seldom vanish, so the statement has the parts for that only if some did. One statement.
 * @returns the differences that people can see, sorted by key.
 */
export async function update(database: Database, knowledge: Knowledge): Promise<Difference[]> {
  const { tenant, issues, gone, changes, from } = knowledge;
  if (issues.length + gone.length + changes.length === 0) return [];
  const ifVanished = (part: Statement) => (gone.length > 0 ? part : sql``);
  // The issues of which boards now show less than is stored: those that look different, and those that changed today.
  const onBoards = sql`
    select site, issue_id from seen where is_seen
    ${ifVanished(sql`union select site, issue_id from vanished where is_seen`)}
    union select site, issue_id from recorded`;
  const deleted = changes.filter(({ what }) => what === 'deleted').map(({ issueId }) => issueId);
  const isNew = from.kind === 'events' ? sql`given.issue_id in (select issue_id from told)` : sql`true`;
  const rows = await database.run<Difference>(sql`
      with given_issues (${ISSUE_COLUMNS}) as materialized (
        select ${valuesOf([...issues, ...gone.map((id) => ({ id }))])}
      ), given_changes (${CHANGE_COLUMNS}) as materialized (
        select ${changeValues(changes)}
      ), site as (
        select ${siteOf(tenant, knowledge.site)} as site
      ), ${from.kind === 'events' ? storeEvents(tenant, from.events) : sql``} given as (
        select site, given.* from site, given_issues, unnest(${ISSUE_COLUMNS}) as given (${ISSUE_COLUMNS})
        where ${isNew}
      ), before as (
        select given.*, issue.issue_key as key_before, issue.summary as summary_before, issue.status as status_before,
          issue.status_category as category_before, issue.assignee as assignee_before, issue.gone_at is not null as gone_before
        from given join jira_issues as issue using (site, issue_id)
        where issue.tenant_id = ${tenant} and ${COUNTS[from.kind]}
        order by site, issue_id
        for update of issue
      ), seen as (
        update jira_issues as issue set
          issue_key = before.issue_key,
          former_keys = array(
            select distinct key from unnest(issue.former_keys || issue.issue_key) as key where key <> before.issue_key
          ),
          summary = before.summary, status = before.status, status_category = before.status_category,
          assignee = before.assignee, assignee_id = before.assignee_id, due_date = before.due_date, type = before.type, priority = before.priority,
          jira_updated_at = before.jira_updated_at, synced_at = now(), gone_at = null,
          history_read_to = ${from.kind === 'history' ? sql`greatest(issue.history_read_to, before.jira_updated_at)` : sql`issue.history_read_to`}
        from before
        where issue.tenant_id = ${tenant} and (issue.site, issue.issue_id) = (before.site, before.issue_id)
          and before.issue_key is not null
        returning ${DIFFERENCE}
      ), ${ifVanished(sql`vanished as (
        update jira_issues as issue set
          summary = '', status = '', status_category = 'new', assignee = null, assignee_id = null, due_date = null, type = null, priority = null,
          gone_at = coalesce(issue.gone_at, now()), synced_at = now()
        from before
        where issue.tenant_id = ${tenant} and (issue.site, issue.issue_id) = (before.site, before.issue_id)
          and before.issue_key is null
        returning ${DIFFERENCE}
      ),`)} project as (
        insert into jira_projects (tenant_id, site, project)
        select distinct ${tenant}, site, split_part(key, '-', 1) from seen where key <> "keyBefore" order by 3
        on conflict do nothing
      ), ${ifVanished(sql`forgotten as (
        delete from issue_changes where exists (select from vanished) and ctid = any (array(
          select old.ctid from vanished cross join lateral (
            select ctid from issue_changes
            where tenant_id = ${tenant} and (site, issue_id) = (vanished.site, vanished.issue_id)
              and what not in ('deleted', 'hidden', 'visible')
            offset 0
          ) as old
        ))
      ),`)} change as (
        select known.site, given.*
        from site, given_changes, unnest(${CHANGE_COLUMNS}) as given (${CHANGE_COLUMNS})
        cross join lateral (
          select * from jira_issues
          where (tenant_id, site, issue_id) = (${tenant}, site.site, given.issue_id) limit 1
        ) as known
        where given.changed_at > known.changes_since and ${isNew}
        union all
        select site, issue_id, 'visible ' || extract(epoch from now()), now(), null, null, 'visible', null, null, null, null, false
        from seen where "goneBefore"
        ${ifVanished(sql`union all
        select site, issue_id, 'hidden ' || extract(epoch from now()), now(), null, null, 'hidden', null, null, null, null, false
        from vanished where not "goneBefore" and issue_id <> all (${deleted}::text[])`)}
      ), recorded as (
        insert into issue_changes as known (tenant_id, site, ${CHANGE_COLUMNS})
        select ${tenant}, site, ${CHANGE_COLUMNS} from change order by site, issue_id, change_id
        -- An event may lack its author.
        on conflict (tenant_id, site, issue_id, change_id) do update set
          author_id = excluded.author_id, author = excluded.author, by_maro = excluded.by_maro
        where known.author_id is null and excluded.author_id is not null
        returning site, issue_id
      ), ${waking(tenant, onBoards)}, ${marking(tenant, onBoards)}
      select key, "keyBefore", summary, "summaryBefore", status, "statusBefore", gone, "goneBefore"
      from (select * from seen ${ifVanished(sql`union all select * from vanished`)}) as difference
      where (key, summary, status, gone) is distinct from ("keyBefore", "summaryBefore", "statusBefore", "goneBefore")
        and ${MARKED}
      order by key`);
  return [...rows];
}

/** Whether what is given of an issue counts. */
const COUNTS = {
  state: sql`coalesce(given.jira_updated_at >= issue.jira_updated_at, true)`,
  history: sql`(
    coalesce(given.jira_updated_at > issue.jira_updated_at, true)
    or (issue.gone_at is not null or given.jira_updated_at > issue.history_read_to)
      and given.jira_updated_at >= issue.jira_updated_at)`,
  // Jira's webhook reports issues that Maro's account may not see.
  events: sql`(coalesce(given.jira_updated_at > issue.jira_updated_at, true) and issue.gone_at is null)`,
} as const;

/**
 * The parts of the statement that store new events about issues that Maro has stored. `told` has the issues of these events. The time
 * of the last event is stored to the minute. Without that condition, the conflict clause would lock the row of the site each time, and
 * each statement would wait for the one before.
 */
function storeEvents(tenant: string, events: readonly { id: string; issueId: string }[]): Statement {
  return sql`
    given_event (event_id, issue_id) as materialized (
      select * from unnest(${events.map(({ id }) => id)}::text[], ${events.map(({ issueId }) => issueId)}::text[])
    ), stored_event as (
      insert into jira_events (tenant_id, event_id)
      select ${tenant}, event_id from site, given_event
      cross join lateral (
        select from jira_issues
        where (tenant_id, site, issue_id) = (${tenant}, site.site, given_event.issue_id) limit 1
      ) as known
      order by event_id
      on conflict do nothing
      returning event_id
    ), told as materialized (
      select issue_id from given_event where event_id in (select event_id from stored_event)
    ), heard as (
      insert into jira_syncs as sync (tenant_id, site, webhook_at)
      select ${tenant}, site, now() from site
      where exists (select from told) and not exists (
        select from jira_syncs
        where (tenant_id, site) = (${tenant}, site.site) and webhook_at >= now() - interval '1 minute'
      )
      on conflict (tenant_id, site) do update set webhook_at = now()
    ),`;
}

/** One array for each of `CHANGE_COLUMNS`, as arguments of `unnest`. */
function changeValues(changes: readonly IssueChange[]): Statement {
  const column = (of: (change: IssueChange) => string | undefined) => changes.map((change) => of(change) ?? null);
  return sql`
    ${column((c) => c.issueId)}::text[], ${column((c) => c.id)}::text[], ${column((c) => c.at.toISOString())}::text[]::timestamptz[],
    ${column((c) => c.author?.id)}::text[], ${column((c) => c.author?.name)}::text[], ${column((c) => c.what)}::text[],
    ${column((c) => c.from)}::text[], ${column((c) => c.to)}::text[], ${column((c) => c.fromCategory)}::text[],
    ${column((c) => c.toCategory)}::text[], ${column((c) => String(c.byMaro))}::text[]::boolean[]`;
}
