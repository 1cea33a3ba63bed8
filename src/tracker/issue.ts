import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { Issue, StatusCategory } from '../issue.ts';
import type { IssueKey } from '../key.ts';

/** The stored issue that has this key now, if Maro can see it. One statement. */
export async function storedIssue(
  database: Database,
  { tenant, siteId, key }: { tenant: string; siteId: string; key: IssueKey },
): Promise<Issue | undefined> {
  const [row] = await database.run<Row>(sql`
      select known.*, jira_sites.url from (
        select tenant_id, site, issue_id, summary, status, status_category, assignee, type, priority, jira_updated_at
        from jira_issues
        where tenant_id = ${tenant} and site = ${siteId} and issue_key = ${key} and gone_at is null
        order by synced_at desc limit 1
      ) as known
      left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (known.tenant_id, known.site)`);
  return (
    row && {
      ...{ site: row.url ?? row.site, id: row.issue_id, key, summary: row.summary },
      ...{ status: row.status, category: row.status_category, assignee: row.assignee ?? undefined },
      ...{ type: row.type ?? undefined, priority: row.priority ?? undefined },
      updatedAt: row.jira_updated_at ?? undefined,
    }
  );
}

type Row = {
  site: string;
  url: string | null;
  issue_id: string;
  summary: string;
  status: string;
  status_category: StatusCategory;
  assignee: string | null;
  type: string | null;
  priority: string | null;
  jira_updated_at: Date | null;
};
