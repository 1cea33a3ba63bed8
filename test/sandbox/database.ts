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

/** PostgreSQL ends all connections and recovers from its log when one of its processes is killed. */
async function restart(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  process.kill(row?.pid ?? 0, 'SIGKILL');
  await sql.end({ timeout: 0 });
  while (!(await answers(url))) await sleep(50);
}

async function answers(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2 });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 0 });
  }
}
