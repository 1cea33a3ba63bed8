import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { administer, createDatabase, dropDatabase, startPostgres } from './postgres.ts';

/** Where the sandbox's data are: kept from run to run, kept from now on, or gone at the end. */
export type Keeping = 'kept' | 'fresh' | 'throwaway';

export type Database = {
  url: string;
  /**
   * Lets the server lose everybody and start again, as after a crash; settles when it answers. Undefined on a server that is
   * not the sandbox's own.
   */
  restart: (() => Promise<void>) | undefined;
  stop(): Promise<void>;
};

/** Without the question for types that `postgres` asks on each new connection: when that one fails, nobody can catch it. */
const options = { max: 1, fetch_types: false, onnotice: () => {} };

/** Its own database, so that one with real data in it on the same server is not touched. */
const NAME = 'maro_sandbox';

/**
 * Opens the sandbox's database on the server of `given`, or without one on a PostgreSQL of its own, with data in `folder`.
 * @throws a sentence when the role of `given` may not make it, and does not own one that is there.
 */
export async function openDatabase(keeping: Keeping, folder: string, given: string | undefined): Promise<Database> {
  if (given !== undefined) {
    const mayCreate = await checkRole(given, keeping);
    if (keeping === 'throwaway') {
      const url = await createDatabase(given);
      return { url, restart: undefined, stop: () => dropDatabase(url) };
    }
    const url = mayCreate ? await ensureDatabase(given) : databaseOn(given);
    if (keeping === 'fresh') await emptyDatabase(url);
    return { url, restart: undefined, stop: async () => {} };
  }
  const { url, stop } =
    keeping === 'throwaway'
      ? await startPostgres({ folder: await mkdtemp(join(tmpdir(), 'maro-tour-')), throwaway: true })
      : await startPostgres({ folder, fresh: keeping === 'fresh' });
  return { url: await ensureDatabase(url), restart: () => restart(url), stop };
}

/** Whether the role of `given` may create databases. Throws when it may not, unless it owns the one that is wanted. */
async function checkRole(given: string, keeping: Keeping): Promise<boolean> {
  const [row] = await administer(
    given,
    'The sandbox did not start, because the PostgreSQL server at DATABASE_URL did not answer as expected',
    (sql) => sql<{ role: string; may_create: boolean; is_there: boolean; is_own: boolean }[]>`
      select format('%I', rolname) as role, rolsuper or rolcreatedb as may_create,
        exists (select from pg_database where datname = ${NAME}) as is_there,
        exists (select from pg_database where datname = ${NAME} and pg_has_role(datdba, 'usage')) as is_own
      from pg_roles where rolname = current_user`,
  );
  const { role = '', may_create = false, is_there = false, is_own = false } = row ?? {};
  const isKept = keeping !== 'throwaway';
  if (may_create || (isKept && is_own)) return may_create;
  const [lacks, remedy] = !isKept
    ? ['may not create a temporary database', `"ALTER ROLE ${role} CREATEDB;"`]
    : is_there
      ? [`does not own the database ${NAME}`, `"ALTER DATABASE ${NAME} OWNER TO ${role};"`]
      : [
          `may not create the database ${NAME}`,
          `"CREATE DATABASE ${NAME} OWNER ${role};" or "ALTER ROLE ${role} CREATEDB;"`,
        ];
  throw new Error(
    `The sandbox did not start, and nothing was changed: the role ${role} in DATABASE_URL ${lacks}. ` +
      `To use the sandbox's own PostgreSQL, unset DATABASE_URL. Or ask an administrator of the server to run ${remedy}.`,
  );
}

/** Leaves nothing in a database but an empty schema `public`: its owner may do that, also one who could not create it again. */
async function emptyDatabase(url: string): Promise<void> {
  await administer(url, `The sandbox did not start, because the database ${NAME} could not be emptied`, async (sql) => {
    // Whoever is connected may hold tables that are about to go.
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`;
    await sql.begin(async (tx) => {
      const schemas = await tx<{ nspname: string }[]>`
        select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`;
      for (const { nspname } of schemas) await tx`drop schema ${tx(nspname)} cascade`;
      await tx`create schema public`;
    });
  });
}

async function ensureDatabase(server: string): Promise<string> {
  try {
    return await createDatabase(server, { name: NAME });
  } catch (error) {
    const code = ((error as Error).cause as { code?: string } | undefined)?.code;
    // 42P04: it is there. 23505: another sandbox makes it at this moment.
    if (code === '42P04' || code === '23505') return databaseOn(server);
    throw error;
  }
}

function databaseOn(server: string): string {
  const url = new URL(server);
  url.pathname = `/${NAME}`;
  return url.href;
}

/**
 * PostgreSQL ends all connections and recovers from its log when one of its processes is killed. Until it has noticed, it goes
 * on as before, so it has restarted once it has ended another connection and answers a new one.
 */
async function restart(url: string): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const killed = postgres(url, options);
  const witness = postgres(url, { ...options, onclose: () => ended.resolve() });
  const [row] = await killed<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await witness`select 1`;
  process.kill(row?.pid ?? 0, 'SIGKILL');
  await ended.promise;
  await Promise.all([killed.end({ timeout: 0 }), witness.end({ timeout: 0 })]);
  while (!(await answers(url))) await sleep(50);
}

async function answers(url: string): Promise<boolean> {
  const sql = postgres(url, { ...options, connect_timeout: 2 });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 0 });
  }
}
