import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/**
 * Whether a person who opens Home sees the checklist for admins: the first person who
 * ever opened it in this installation, until that person puts it away. One statement.
 */
export async function showsChecklist(
  database: Database,
  { tenant, user }: { tenant: string; user: string },
): Promise<boolean> {
  const [row] = await database.run<{ shows: boolean }>(
    sql`
      insert into installations (tenant_id, first_user) values (${tenant}, ${user})
      on conflict (tenant_id) do update set first_user = coalesce(installations.first_user, excluded.first_user)
      returning first_user = ${user} and not is_checked as shows`,
  );
  return row?.shows ?? false;
}

/** Puts the checklist away. One statement. */
export async function hideChecklist(database: Database, { tenant, user }: { tenant: string; user: string }) {
  await database.run(
    sql`update installations set is_checked = true where tenant_id = ${tenant} and first_user = ${user}`,
  );
}
