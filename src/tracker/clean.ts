import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/**
 * How long runs and creates are kept. Slack repeats a delivery within minutes. A person may ask days later what
 * became of a request.
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

type Cleaned = { runs: number; creates: number; untracked: number; views: number; issues: number };

/**
 * Deletes rows that are no longer needed.
 * @returns the number of deleted rows of each kind.
 * @throws {DatabaseTrouble} within a minute.
 */
export async function clean(database: Database): Promise<Cleaned> {
  const [row] = await database.run<Cleaned>(
    sql`
      with runs as (
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
        returning 1
      ), untracked as (
        delete from untracked_issues where untracked_at < now() - make_interval(days => ${UNDO_DAYS}) returning 1
      )
      select (select count(*)::int from runs) as runs, (select count(*)::int from creates) as creates,
        (select count(*)::int from untracked) as untracked, (select count(*)::int from views) as views,
        (select count(*)::int from issues) as issues`,
    { deadlineMs: 60_000 },
  );
  return row ?? { runs: 0, creates: 0, untracked: 0, views: 0, issues: 0 };
}
