import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { KnownSite, ReportedSite } from '../site.ts';

/** How many issues move in one call when two sites turn out to be one. Other statements wait meanwhile. */
const MOST_MOVED = 1_000;

/** The id of the site that has this address, or had it. A site that was never remembered has its address for its id. */
export function siteOf(tenant: string, address: string): Statement {
  return sql`coalesce(
    (select site from jira_sites where tenant_id = ${tenant} and ${address} = any (addresses) limit 1), ${address})`;
}

/**
 * Finds the site that Jira reports among the tenant's sites, or adds it, and stores its addresses. Sites that turn out to be
 * one become one: of each issue, the newest row stays. One statement, and one more for each thousand issues that move.
 */
export async function rememberSite(
  database: Database,
  { tenant, cloudId, url, own, others }: ReportedSite & { tenant: string },
): Promise<KnownSite> {
  for (;;) {
    const [row] = await database.run<KnownSite & { moved: boolean }>(sql`
      select known_as as id, to_json(known_addresses) as addresses, has_moved as moved
      from remember_jira_site(${tenant}, ${cloudId ?? null}, ${url}, ${own}::text[], ${others}::text[], ${MOST_MOVED})`);
    if (row === undefined) throw new Error('remember_jira_site returned no row.');
    if (!row.moved) return { id: row.id, addresses: row.addresses };
  }
}
