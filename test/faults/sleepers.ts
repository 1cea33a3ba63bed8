import type postgres from 'postgres';

/**
 * A function for triggers that hold a statement up, so that its process can be killed meanwhile; `endSleepers` ends those
 * statements.
 */
export async function createWaitLong(db: postgres.Sql): Promise<void> {
  await db`
    create function wait_long() returns trigger language plpgsql as
    'begin perform pg_sleep(60); return coalesce(new, old); end'`;
}

/** Whether such a trigger holds a statement up now. Other tests have databases of their own on the same server. */
export async function isHeldUp(db: postgres.Sql): Promise<boolean> {
  const rows = await db`
    select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
  return rows.length > 0;
}

/** Ends the statements whose process was killed at once: PostgreSQL itself notices only at their time-out. */
export async function endSleepers(db: postgres.Sql): Promise<void> {
  await db`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
}
