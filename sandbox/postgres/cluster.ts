import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { chown, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Account, instead, runAs } from './binaries.ts';
import type { Running } from './users.ts';

/**
 * Where the data that are wanted in `wanted` (an absolute path) are, and the user PostgreSQL runs as. Makes the parent folder.
 * With links resolved, since every starter must name the folder alike to recognise its server.
 */
export async function locateCluster(wanted: string): Promise<{ folder: string; account: Account }> {
  const folder = resolveFolder(wanted);
  const account = await accountFor(folder);
  try {
    await runAs(account, '/bin/sh', '-c', 'cd "$0"', dirname(folder));
    return { folder, account };
  } catch {
    const reachable = `/var/tmp/maro-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
    if (existsSync(reachable) && statSync(reachable).uid !== account.uid) {
      throw new Error(
        `${reachable} is wanted for PostgreSQL's data but belongs to another user. Remove it and try again.`,
      );
    }
    return { folder: reachable, account };
  }
}

function resolveFolder(wanted: string): string {
  try {
    mkdirSync(dirname(wanted), { recursive: true });
    return existsSync(wanted) ? realpathSync(wanted) : join(realpathSync(dirname(wanted)), basename(wanted));
  } catch (error) {
    throw new Error(
      `The folder for PostgreSQL's data, ${wanted}, could not be created (${(error as Error).message}). ${instead}`,
    );
  }
}

async function accountFor(folder: string): Promise<Account> {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (self.uid !== 0) return self;
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: Number(await runAs(self, 'id', '-u', name)), gid: Number(await runAs(self, 'id', '-g', name)) };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error(`PostgreSQL refuses to run as root, and there is no user named postgres or nobody. ${instead}`);
}

/** The major version ("18") that made the data in `folder`; undefined when there are none. */
export function clusterVersion(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(
      `The data in ${folder} cannot be read (${(error as Error).message}). Run this as the user who made them, delete the folder, or set DATABASE_URL.`,
    );
  }
}

/** Makes the data of a new server beside `folder` and moves them there; of several at once the first one's stay. */
export async function makeCluster(bin: string, folder: string, account: Account, throwaway: boolean): Promise<void> {
  let fresh: string | undefined;
  try {
    fresh = await mkdtemp(`${folder}.`);
    await chown(fresh, account.uid, account.gid);
    const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions'];
    await runAs(account, join(bin, 'initdb'), '-D', fresh, ...options, ...(throwaway ? ['--no-sync'] : []));
    await rename(fresh, folder);
  } catch (error) {
    if (fresh) await rm(fresh, { recursive: true, force: true });
    if (clusterVersion(folder) !== undefined) return;
    throw new Error(
      `PostgreSQL's data could not be created in ${folder}, which must be empty or missing (${(error as Error).message}). ` +
        `Nothing was changed in it. ${instead}`,
    );
  }
}

/** Removes the data in `folder`, if there are any. */
export async function removeCluster(folder: string): Promise<void> {
  if (clusterVersion(folder) === undefined) return;
  const running = serverOn(folder);
  if (running) {
    throw new Error(
      `The data in ${folder} was not deleted, because another run is using it (PostgreSQL is process ${running.pid}). ` +
        'Stop that run and try again.',
    );
  }
  await rm(folder, { recursive: true, force: true });
}

/** The server at work on `folder`; `sockets` is empty while it starts. */
export function serverOn(folder: string): Running | undefined {
  try {
    // PostgreSQL, "Database File Layout": postmaster.pid holds the pid in line 1 and the socket's folder in line 5.
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    const running = { pid: Number(lines[0]), folder, sockets: lines[4] ?? '' };
    return isAlive(running) ? running : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process is a PostgreSQL on the folder: pids get used again, and a zombie has no command line. */
export function isAlive({ pid, folder }: { pid: number; folder: string }): boolean {
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
    return command.includes(` -D ${folder} `);
  } catch {
    return false;
  }
}
