import { type Database, sql } from './database.ts';

/** Which of these keys, as issues have or had them, a channel tracks. One statement. */
export async function tracked(
  database: Database,
  { tenant, channel, keys }: { tenant: string; channel: string; keys: readonly string[] },
): Promise<Set<string>> {
  const rows = await database.run<{ key: string }>(sql`
      select asked.key
      from unnest(${keys}::text[]) as asked (key)
      where exists (
        select from tracked_issues as tracked join jira_issues as known using (site, issue_id)
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel}
          and (known.issue_key = asked.key or asked.key = any (known.former_keys))
      )`);
  return new Set(rows.map(({ key }) => key));
}
