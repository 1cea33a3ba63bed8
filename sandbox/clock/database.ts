import { administer } from '../postgres.ts';

const FAILURE = 'The clock of the sandbox’s database could not be set';

/**
 * Gives a database a time that can be moved, and settles with how many milliseconds it is ahead. `now()` and
 * `clock_timestamp()` find the functions that are made here, since the schema `public` comes before PostgreSQL's own in the
 * database's search_path. https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-CATALOG
 */
export function openDatabaseClock(url: string): Promise<number> {
  return administer(url, FAILURE, (sql) =>
    sql.begin(async (tx) => {
      // Two sandboxes may share a database, and PostgreSQL refuses to define a function twice at the same moment.
      await tx`select pg_advisory_xact_lock(hashtext('sandbox clock'))`;
      await tx.unsafe(`
        create schema if not exists sandbox;
        create table if not exists sandbox.clock as select interval '0' as ahead;
        create or replace function public.now() returns timestamptz stable parallel safe language sql
          as 'select pg_catalog.now() + ahead from sandbox.clock';
        create or replace function public.clock_timestamp() returns timestamptz volatile parallel safe language sql
          as 'select pg_catalog.clock_timestamp() + ahead from sandbox.clock';
        do $$ begin
          execute format('alter database %I set search_path = public, pg_catalog', current_database());
        end $$;
        set local search_path = public, pg_catalog;
        -- A default that was made before keeps the function that it was made with.
        do $$ declare made record; begin
          for made in
            select adrelid::regclass as relation, attname as attribute
            from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
            where pg_get_expr(adbin, adrelid) = 'pg_catalog.now()'
          loop
            execute format('alter table %s alter column %I set default now()', made.relation, made.attribute);
          end loop;
        end $$;`);
      return aheadIn(await tx<Ahead[]>`select extract(epoch from ahead) * 1000 as ms from sandbox.clock`);
    }),
  );
}

/** Moves the database's time ahead by milliseconds, and settles with how many it is ahead then. */
export function moveDatabaseClock(url: string, ms: number): Promise<number> {
  return administer(url, FAILURE, async (sql) =>
    aheadIn(
      await sql<Ahead[]>`
        update sandbox.clock set ahead = ahead + ${ms} * interval '1 millisecond'
        returning extract(epoch from ahead) * 1000 as ms`,
    ),
  );
}

type Ahead = { ms: string };

function aheadIn([row]: readonly Ahead[]): number {
  return Number(row?.ms);
}
