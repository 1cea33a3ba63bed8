import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** How the sync with Jira goes. `unknown`: it has not run in the last five minutes, or never. `since` is in ISO 8601. */
export type JiraHealth = { state: 'ok' } | { state: 'failing'; since: string } | { state: 'unknown' };

/**
 * Whether the database answers within `deadlineMs` milliseconds, and what it knows of the sync with Jira. Never throws. One
 * statement.
 */
export async function health(
  database: Database,
  { tenant, deadlineMs }: { tenant: string; deadlineMs: number },
): Promise<{ database: boolean; jira: JiraHealth }> {
  const asking = database.run<{ failing_since: Date | null; is_fresh: boolean | null }>(
    sql`
      select failing_since, delta_at > now() - interval '5 minutes' as is_fresh
      from jira_syncs where tenant_id = ${tenant}
      order by greatest(delta_at, sweep_at, failing_since) desc nulls last limit 1`,
    { deadlineMs },
  );
  return asking.then(
    ([row]) => ({ database: true, jira: jiraHealth(row?.failing_since ?? undefined, row?.is_fresh === true) }),
    () => ({ database: false, jira: { state: 'unknown' } }),
  );
}

function jiraHealth(failingSince: Date | undefined, isFresh: boolean): JiraHealth {
  if (failingSince !== undefined) return { state: 'failing', since: failingSince.toISOString() };
  return { state: isFresh ? 'ok' : 'unknown' };
}
