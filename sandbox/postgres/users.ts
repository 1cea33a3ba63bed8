import { execFileSync, spawn } from 'node:child_process';
import { chownSync, closeSync, constants, mkdtempSync, openSync, readSync, symlinkSync } from 'node:fs';
import { type Account, environment } from './binaries.ts';

/** A PostgreSQL at work: its process, the folder of its data and the folder of its socket. */
export type Running = { pid: number; folder: string; sockets: string };

/** Where sockets are: short, since a socket's path has at most 103 characters on macOS, and open to every user. */
export const socketsPrefix = '/tmp/maro-';

/**
 * Stops PostgreSQL when the last process that uses it has gone, however it went. Its input is a FIFO which every user holds
 * open for writing and into which nobody writes: the kernel ends it when the last of them is gone, killed ones included.
 * Whoever joins between that end and the removal of the FIFO is waited for, too. A fast shutdown that does not come to its end (a
 * stopped backend) is followed by an immediate one. The folder is only removed when this was the server that worked on it.
 */
const guard = `
sockets=$1 pid=$2 folder=$3 signal=$4
read -r _
rm -f "$sockets/users"
read -r _
read -r owner < "$folder/postmaster.pid"
if [ "$owner" = "$pid" ]; then
  kill "-$signal" "$pid"
  waited=0
  while kill -0 "$pid" && [ -e "$folder/postmaster.pid" ]; do
    waited=$((waited + 1))
    [ $waited = 250 ] && kill -QUIT "$pid"
    [ $waited = 600 ] && exit 1
    sleep 0.02
  done
  [ "$signal" = QUIT ] && rm -rf "$folder"
fi
rm -rf "$sockets"
`;

/** Makes a folder for the socket of a new server, open to `account` only. */
export function makeSockets(account: Account): string {
  const sockets = mkdtempSync(socketsPrefix);
  execFileSync('mkfifo', ['-m', '600', `${sockets}/users`], { env: environment });
  for (const name of aliases) symlinkSync('.', `${sockets}/${name}`);
  for (const path of [`${sockets}/users`, sockets]) chownSync(path, account.uid, account.gid);
  return sockets;
}

const aliases = [',', ',:5432'];

/**
 * The URL of the server whose socket is in `sockets`, for every client there is. The npm package `postgres` takes the host of a URL for
 * a folder only when there is a comma in it, and keeps the port in the folder's name; `pg` keeps the comma alone; libpq
 * reads a list of which the first entry is the folder. Links with those names lead all three to the same socket. The port is
 * there because all three would take PGPORT from the environment otherwise.
 */
export function socketUrl(sockets: string): string {
  return `postgres://postgres@${encodeURIComponent(`${sockets}/,`)}:5432/postgres`;
}

/** Joins the users of a server that has no guard, and starts one. Returns what `leaveUsers` wants. */
export function watch({ pid, folder, sockets }: Running, account: Account, throwaway: boolean): number {
  // With both ends open, opening one end waits for nobody, and the guard's end is one that does wait.
  const both = openSync(`${sockets}/users`, constants.O_RDWR);
  const input = openSync(`${sockets}/users`, constants.O_RDONLY);
  const user = openSync(`${sockets}/users`, constants.O_WRONLY);
  const args = ['-c', guard, 'maro-postgres-guard', sockets, String(pid), folder, throwaway ? 'QUIT' : 'INT'];
  spawn('/bin/sh', args, {
    ...account,
    cwd: '/',
    env: environment,
    // Its own session: Ctrl-C in the terminal is for our program, which may want PostgreSQL to the end.
    detached: true,
    stdio: [input, 'ignore', 'ignore'],
  }).unref();
  closeSync(both);
  closeSync(input);
  return user;
}

/** Joins the users of a server; undefined when it is being stopped. */
export function joinUsers(running: Running, account: Account, throwaway: boolean): number | undefined {
  try {
    return openSync(`${running.sockets}/users`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // Nobody reads the FIFO: the guard was killed, and the server was left over.
    if (code === 'ENXIO') return watch(running, account, throwaway);
    throw error;
  }
}

/** Leaves the users of a server. Returns whether this one was the last, so that the server is being stopped now. */
export function leaveUsers(sockets: string, user: number): boolean {
  let probe: number | undefined;
  try {
    probe = openSync(`${sockets}/users`, constants.O_RDONLY | constants.O_NONBLOCK);
    closeSync(user);
    return readSync(probe, Buffer.alloc(1)) === 0;
  } catch (error) {
    if (probe === undefined) closeSync(user);
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  } finally {
    if (probe !== undefined) closeSync(probe);
  }
}
