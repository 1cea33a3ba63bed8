import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/**
 * How long runs and creates are kept. Slack repeats a delivery within minutes. A person may ask about a request
 * days later.
 */
const RUN_DAYS = 30;
/** How long an untracking can be undone. */
const UNDO_DAYS = 7;
/**
 * How long after its last reading an issue is kept that no channel tracks and no undo can restore.
 * A concurrent `track` renews that time, so its issue is not deleted.
 */
const ORPHAN_HOURS = 24;

/** How long a view is kept after somebody last acted in it. After that the view is assumed to be closed. */
const VIEW_HOURS = 24;
/** How long it is kept who opened the Home tab. */
const OPENING_HOURS = 24;
/** How long changes of issues are kept, when people last looked at them, and the spans of digests. */
const CHANGE_DAYS = 90;
/** How long the ids of webhook events are kept. Jira repeats an event within hours. */
const EVENT_DAYS = 5;

type Cleaned = {
  runs: number;
  creates: number;
  untracked: number;
  views: number;
  issues: number;
  changes: number;
  visits: number;
  events: number;
};

/**
 * Deletes rows that are no longer needed.
 * @returns the number of deleted rows of each kind.
 * @throws {DatabaseTrouble} within a minute.
 */
export async function clean(database: Database): Promise<Cleaned> {
  const [row] = await database.run<Cleaned>(
    sql`
      -- First, while “runs” still names the table.
      with ended_waits as (
        delete from waits as w where not exists (
          select from runs where (tenant_id, run_id) = (w.tenant_id, w.run_id) and finished_at is null
        )
      ), runs as (
        delete from runs where accepted_at < now() - make_interval(days => ${RUN_DAYS}) returning 1
      ), creates as (
        delete from creates where sent_at < now() - make_interval(days => ${RUN_DAYS}) returning 1
      ), views as (
        delete from views where seen_at < now() - make_interval(hours => ${VIEW_HOURS}) returning 1
      ), issues as (
        -- Before untracked_issues: remember_jira_site locks the tables in this order.
        delete from jira_issues as known
        where synced_at < now() - make_interval(hours => ${ORPHAN_HOURS})
          and not exists (
            select from tracked_issues as t
            where (t.tenant_id, t.site, t.issue_id) = (known.tenant_id, known.site, known.issue_id)
          )
          and not exists (
            select from untracked_issues as u
            where (u.tenant_id, u.site, u.issue_id) = (known.tenant_id, known.site, known.issue_id)
          )
          and not exists (
            select from waits as w where (w.tenant_id, w.issue_id) = (known.tenant_id, known.issue_id)
          )
        returning known.tenant_id, known.site, known.issue_id
      ), changes as (
        delete from issue_changes as change
        where changed_at < now() - make_interval(days => ${CHANGE_DAYS})
          or (tenant_id, site, issue_id) in (select tenant_id, site, issue_id from issues)
        returning 1
      ), visits as (
        delete from visits where seen_at < now() - make_interval(days => ${CHANGE_DAYS}) returning 1
      ), digests as (
        delete from digests where until_at < now() - make_interval(days => ${CHANGE_DAYS})
      ), openings as (
        delete from home_openings where opened_at < now() - make_interval(hours => ${OPENING_HOURS})
      ), events as (
        delete from jira_events where received_at < now() - make_interval(days => ${EVENT_DAYS}) returning 1
      ), projects as (
        delete from jira_projects where (tenant_id, site, project) not in (
          select tenant_id, site, split_part(issue_key, '-', 1) from jira_issues
        )
      ), untracked as (
        delete from untracked_issues where untracked_at < now() - make_interval(days => ${UNDO_DAYS}) returning 1
      )
      select (select count(*)::int from runs) as runs, (select count(*)::int from creates) as creates,
        (select count(*)::int from untracked) as untracked, (select count(*)::int from views) as views,
        (select count(*)::int from issues) as issues, (select count(*)::int from changes) as changes,
        (select count(*)::int from visits) as visits, (select count(*)::int from events) as events`,
    { deadlineMs: 60_000 },
  );
  return row ?? { runs: 0, creates: 0, untracked: 0, views: 0, issues: 0, changes: 0, visits: 0, events: 0 };
}
