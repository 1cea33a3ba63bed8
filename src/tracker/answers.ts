import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';

/** Whether the database answers within `deadlineMs` milliseconds. Never throws. */
export async function answers(database: Database, deadlineMs: number): Promise<boolean> {
  return database.run(sql`select`, { deadlineMs }).then(
    () => true,
    () => false,
  );
}
