import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { type Account, environment, findBinaries, instead } from './postgres/binaries.ts';
import { clusterVersion, isAlive, locateCluster, makeCluster, removeCluster, serverOn } from './postgres/cluster.ts';
import { joinUsers, leaveUsers, makeSockets, type Running, socketsPrefix, socketUrl, watch } from './postgres/users.ts';

export { administer, createDatabase, dropDatabase } from './postgres/database.ts';

/**
 * A PostgreSQL that this process uses. `url` is that of its database `postgres`, through a unix socket, with all rights;
 * `pid` is the postmaster. `stop` stops it and waits for the end, unless another process (or another `startPostgres` of this
 * one) still uses it: the last to leave stops it. To end without `stop`, even by SIGKILL, is to leave.
 */
export type Server = { url: string; pid: number; stop(): Promise<void> };

/** Milliseconds for a server to start, which includes its recovery after a crash, or to stop. */
const patience = 20_000;

/**
 * Starts PostgreSQL on the data in `folder`, which is made when missing, or joins the server that works on it already.
 * The server listens on no port, only on a socket that its own user (and root) can open.
 * `throwaway`: nothing is written for good, and the data are removed at the end; give every run a folder of its own.
 * `fresh`: removes the data of earlier runs first, unless another process uses them.
 * `settings`: PostgreSQL's own, which go before the ones that are made here.
 *
 * Started by root, the server runs as the user who owns `folder`, else as `postgres`, else as `nobody`. When that user cannot
 * reach `folder`, the data are in /var/tmp instead, in a folder named maro- and a hash of the path that was wanted.
 * Throws a sentence when there is no PostgreSQL for this machine, when the data are another user's or another major version's,
 * and, with the end of its log, when the server does not start or does not answer in 20 seconds.
 */
export async function startPostgres(options: {
  folder: string;
  throwaway?: boolean;
  fresh?: boolean;
  settings?: Readonly<Record<string, string | number>>;
}): Promise<Server> {
  if (process.platform === 'win32') {
    throw new Error(`The sandbox cannot start PostgreSQL on Windows. Use WSL. ${instead}`);
  }
  const { throwaway = false, fresh = false, settings = {} } = options;
  const { folder, account } = await locateCluster(resolve(options.folder));
  const { bin, major } = await findBinaries(account);
  if (fresh) await removeCluster(folder);
  let log = '';
  for (let deadline = Date.now() + patience; Date.now() < deadline; await sleep(50)) {
    if (clusterVersion(folder) === undefined) {
      await makeCluster(bin, folder, account, throwaway);
      // The data are made in a second, or in ten on a busy machine, and the server gets its time all the same.
      deadline = Date.now() + patience;
    }
    refuseOtherVersion(folder, major);
    const running = serverOn(folder);
    const server = running ? adopt(running, account, throwaway) : launch({ bin, folder, settings }, account, throwaway);
    if (!server) continue;
    if (await answers(server, deadline)) return handle(server, account, throwaway);
    const dead = !server.isAlive();
    log = logEnd(server.sockets);
    leaveUsers(server.sockets, server.user);
    if (dead && !running) explainDeath(folder, log);
  }
  throw new Error(
    `PostgreSQL on ${folder} did not answer in ${patience / 1000} seconds. ` +
      `End the process that ${folder}/postmaster.pid names, if there is one, and try again. ${log}`,
  );
}

type Used = Running & { user: number; isAlive(): boolean };

function refuseOtherVersion(folder: string, major: string) {
  const found = clusterVersion(folder);
  if (found === major) return;
  throw new Error(
    `The data in ${folder} is from PostgreSQL ${found}, and the installed PostgreSQL ${major} cannot read it. ` +
      'Nothing was changed. To start over without that data, use --fresh or delete the folder.',
  );
}

/** Joins a server; undefined while it is not far enough to be joined, or stops. */
function adopt(running: Running, account: Account, throwaway: boolean): Used | undefined {
  if (running.sockets === '') return undefined;
  if (!running.sockets.startsWith(socketsPrefix)) {
    throw new Error(
      `Process ${running.pid} is a PostgreSQL on ${running.folder} that Maro did not start. Stop it and try again.`,
    );
  }
  const user = joinUsers(running, account, throwaway);
  return user === undefined ? undefined : { ...running, user, isAlive: () => isAlive(running) };
}

/** Nothing is written for good, and nothing is tidied that will be gone in a minute. */
const THROWAWAY = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: 0 },
  ...{ autovacuum: 'off', checkpoint_timeout: '1h', max_wal_size: '4GB' },
};

type Launched = { bin: string; folder: string; settings: Readonly<Record<string, string | number>> };

function launch({ bin, folder, settings }: Launched, account: Account, throwaway: boolean): Used {
  const sockets = makeSockets(account);
  const all = {
    listen_addresses: '',
    port: 5432,
    unix_socket_directories: sockets,
    max_connections: 200,
    ...(throwaway && THROWAWAY),
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const script = 'exec "$0" "$@" >"$LOG" 2>&1';
  const child = spawn('/bin/sh', ['-c', script, join(bin, 'postgres'), '-D', folder, ...args], {
    ...account,
    cwd: '/',
    env: { ...environment, LOG: `${sockets}/log` },
    // Its own session: Ctrl-C in the terminal is for our program, which may want PostgreSQL to the end.
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  if (child.pid === undefined) throw new Error(`PostgreSQL could not be started on ${folder}: /bin/sh did not start.`);
  const running = { pid: child.pid, folder, sockets };
  // Not by its command line, which is empty for a moment while the shell becomes PostgreSQL.
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  return { ...running, user: watch(running, account, throwaway), isAlive };
}

function handle(server: Used, account: Account, throwaway: boolean): Server {
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopServer(server, account, throwaway);
    return stopped;
  };
  return { url: socketUrl(server.sockets), pid: server.pid, stop };
}

async function stopServer(server: Used, account: Account, throwaway: boolean) {
  const { pid, folder, sockets, user } = server;
  // To join once more starts a guard where it was killed meanwhile: without one nobody would stop the server.
  const again = joinUsers(server, account, throwaway);
  const wasLast = leaveUsers(sockets, user);
  if (!(again === undefined ? wasLast : leaveUsers(sockets, again))) return;
  for (const deadline = Date.now() + patience; existsSync(sockets); await sleep(10)) {
    if (Date.now() < deadline) continue;
    throw new Error(
      `PostgreSQL on ${folder} did not stop in ${patience / 1000} seconds. End it with: kill -QUIT ${pid}`,
    );
  }
  // Where the parent folder is root's, the server's own user could only empty it.
  if (throwaway) await rmdir(folder).catch(() => undefined);
}

/** A client that came while the server was starting may wait for ever, so each is given up for a new one that gets longer. */
async function answers(server: Used, deadline: number): Promise<boolean> {
  for (let limitMs = 250; server.isAlive() && Date.now() < deadline; limitMs = Math.min(2_000, limitMs * 2)) {
    const sql = postgres(socketUrl(server.sockets), { max: 1, fetch_types: false });
    const late = Promise.withResolvers<false>();
    const limit = setTimeout(() => late.resolve(false), limitMs);
    const answered = sql`select 1`.then(
      () => true,
      () => false,
    );
    const answer = await Promise.race([answered, late.promise]);
    clearTimeout(limit);
    void sql.end({ timeout: 0 }).catch(() => {});
    if (answer) return true;
    await sleep(20);
  }
  return false;
}

function logEnd(sockets: string): string {
  try {
    return `Its log ends:\n${readFileSync(`${sockets}/log`, 'utf8').trimEnd().split('\n').slice(-12).join('\n')}`;
  } catch {
    return 'It has no log.';
  }
}

/** Returns when another try may succeed: another starter was first, or what a killed server left was in the way. */
function explainDeath(folder: string, log: string) {
  if (!/lock file .* already exists|shared memory block .* still in use/.test(log)) {
    throw new Error(`PostgreSQL did not start on ${folder}. ${log}`);
  }
  // PostgreSQL takes any process with the pid in the file for a server: a zombie, or one that got the pid later.
  if (!serverOn(folder)) rmSync(join(folder, 'postmaster.pid'), { force: true });
}
