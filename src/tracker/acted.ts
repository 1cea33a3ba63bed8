import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { StatusCategory } from '../issue.ts';
import { MARKED, marking } from './board-marks.ts';
import { waking } from './waits.ts';

/** What Maro has changed in an issue in Jira. What is not named is as it was. `null`: nobody, or none. */
export type Acted = {
  summary?: string;
  status?: { name: string; category: StatusCategory };
  assignee?: { id: string; name: string } | null;
  priority?: string | null;
};

/**
 * Stores what Maro has just changed in Jira, so that lists and boards show it at once. What the sync reads later counts more,
 * and brings the change itself, with Jira's time. Does nothing if the issue is not stored or not visible. One statement.
 */
export async function storeActed(
  database: Database,
  { tenant, siteId, issueId, acted }: { tenant: string; siteId: string; issueId: string; acted: Acted },
): Promise<void> {
  const { summary, status, assignee, priority } = acted;
  const changed = sql`select site, issue_id from changed`;
  await database.run(sql`
      with changed as (
        update jira_issues set
          summary = ${summary === undefined ? sql`summary` : summary},
          status = ${status === undefined ? sql`status` : status.name},
          status_category = ${status === undefined ? sql`status_category` : status.category},
          assignee = ${assignee === undefined ? sql`assignee` : (assignee?.name ?? null)},
          assignee_id = ${assignee === undefined ? sql`assignee_id` : (assignee?.id ?? null)},
          priority = ${priority === undefined ? sql`priority` : priority}
        where tenant_id = ${tenant} and site = ${siteId} and issue_id = ${issueId} and gone_at is null
        returning site, issue_id
      ), ${waking(tenant, changed)}, ${marking(tenant, changed)}
      select from changed where ${MARKED}`);
}

/** Jira's id of the issue that has this key now, if Maro has stored it and it is visible. One statement. */
export async function storedByKey(
  database: Database,
  { tenant, siteId, key }: { tenant: string; siteId: string; key: string },
): Promise<string | undefined> {
  const [row] = await database.run<{ issue_id: string }>(sql`
      select issue_id from jira_issues
      where tenant_id = ${tenant} and site = ${siteId} and issue_key = ${key} and gone_at is null
      order by synced_at desc limit 1`);
  return row?.issue_id;
}
