import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { KnownSite, ReportedSite } from '../site.ts';

/** How many issues move in one call when two sites turn out to be one. Statements that write wait meanwhile. */
const MOST_MOVED = 200;
/** For a call that moves issues, since each of them may be tracked in many channels. */
const MOVING_DEADLINE_MS = 60_000;

/** The id of the site that has this address, or had it. A site that was never remembered has its address for its id. */
export function siteOf(tenant: string, address: string): Statement {
  return sql`coalesce(
    (select site from jira_sites where tenant_id = ${tenant} and ${address} = any (addresses) limit 1), ${address})`;
}

/**
 * Finds the site that Jira reports among the tenant's sites, or adds it, and stores its addresses. Sites that turn out to be
 * one become one: of each issue, the newest row stays. One statement, unless issues move: then one more for some of them at a
 * time, and each may take a minute.
 */
export async function rememberSite(database: Database, site: ReportedSite & { tenant: string }): Promise<KnownSite> {
  let found = await call(database, site, 1);
  while (found.moved) found = await call(database, site, MOST_MOVED, { deadlineMs: MOVING_DEADLINE_MS });
  return { id: found.id, addresses: found.addresses };
}

async function call(
  database: Database,
  { tenant, cloudId, url, own, others }: ReportedSite & { tenant: string },
  mostMoved: number,
  how?: { deadlineMs: number },
): Promise<KnownSite & { moved: boolean }> {
  const [row] = await database.run<KnownSite & { moved: boolean }>(
    sql`
      select known_as as id, to_json(known_addresses) as addresses, has_moved as moved
      from remember_jira_site(${tenant}, ${cloudId ?? null}, ${url}, ${own}::text[], ${others}::text[], ${mostMoved})`,
    how,
  );
  if (row === undefined) throw new Error('remember_jira_site returned no row.');
  return row;
}
