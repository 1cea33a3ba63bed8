import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { createDatabase, dropDatabase, startPostgres } from './postgres.ts';

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

/** Opens the sandbox's database on the server of `given`, or without one on a PostgreSQL of its own, with data in `folder`. */
export async function openDatabase(keeping: Keeping, folder: string, given: string | undefined): Promise<Database> {
  if (given !== undefined) {
    if (keeping === 'throwaway') {
      const url = await createDatabase(given);
      return { url, restart: undefined, stop: () => dropDatabase(url) };
    }
    if (keeping === 'fresh') await dropDatabase(databaseOn(given));
    return { url: await ensureDatabase(given), restart: undefined, stop: async () => {} };
  }
  const { url, stop } =
    keeping === 'throwaway'
      ? await startPostgres({ folder: await mkdtemp(join(tmpdir(), 'maro-tour-')), throwaway: true })
      : await startPostgres({ folder, fresh: keeping === 'fresh' });
  return { url: await ensureDatabase(url), restart: () => restart(url), stop };
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
