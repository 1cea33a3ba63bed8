import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { isAlive } from '../../sandbox/postgres/cluster.ts';
import { type Server, startPostgres } from '../../sandbox/postgres.ts';

const base = mkdtempSync('/tmp/maro-test-');
chmodSync(base, 0o755);
after(() => rmSync(base, { recursive: true, force: true }));
const asRoot = process.getuid?.() === 0;
let made = 0;
const newFolder = () => join(base, `data${++made}`);

/** A folder that has data in it, copied, since to make them takes ten times as long. */
const filledFolder = () => {
  const folder = newFolder();
  spawnSync('cp', ['-a', join(base, 'template'), folder]);
  return folder;
};
before(async () => (await startPostgres({ folder: join(base, 'template') })).stop());

/** The folder of the server's socket. */
const socketsOf = ({ url }: Pick<Server, 'url'>) => decodeURIComponent(new URL(url).hostname).replace('/,', '');

async function query<T extends readonly object[]>(url: string, run: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => undefined });
  try {
    return await run(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function until(what: string, condition: () => boolean) {
  for (const deadline = Date.now() + 30_000; !condition(); await sleep(20)) {
    assert.ok(Date.now() < deadline, `not within 30 s: ${what}`);
  }
}

/** Another process that starts PostgreSQL and waits, with an empty environment. */
async function startElsewhere(folder: string): Promise<{ child: ChildProcess; server: Pick<Server, 'url' | 'pid'> }> {
  const script = `import { startPostgres } from ${JSON.stringify(new URL('../../sandbox/postgres.ts', import.meta.url))};
    console.log(JSON.stringify(await startPostgres({ folder: ${JSON.stringify(folder)} })));
    setInterval(() => undefined, 1000);`;
  const args = ['--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  const exit = once(child, 'exit').then(([code]) => assert.fail(`the starter ended with ${code}`));
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), exit]);
  exit.catch(() => undefined);
  return { child, server: JSON.parse(line) };
}

describe('startPostgres', { concurrency: 2 }, () => {
  test('a server stores UTF-8, sorts by bytes and listens on no port, and a throwaway one leaves nothing behind', async () => {
    const folder = newFolder();
    const server = await startPostgres({ folder, throwaway: true });
    const [settings] = await query(
      server.url,
      (sql) => sql`select current_setting('server_encoding') as encoding, datcollate as locale,
        current_setting('listen_addresses') as listens, current_setting('fsync') as fsync
        from pg_database where datname = current_database()`,
    );
    assert.deepEqual(settings, { encoding: 'UTF8', locale: 'C', listens: '', fsync: 'off' });
    await server.stop();
    assert.ok(!existsSync(folder), 'the folder is removed');
    assert.ok(!existsSync(socketsOf(server)), 'the folder of the socket is removed');
  });

  test('the socket belongs to one user and the URL leads to it whatever PGPORT and PGHOST say', async () => {
    const server = await startPostgres({ folder: filledFolder(), throwaway: true });
    assert.equal(statSync(socketsOf(server)).mode & 0o777, 0o700);
    Object.assign(process.env, { PGPORT: '1', PGHOST: '127.0.0.1' });
    try {
      assert.equal((await query(server.url, (sql) => sql`select 1`)).length, 1);
    } finally {
      delete process.env.PGPORT;
      delete process.env.PGHOST;
    }
    await server.stop();
  });

  test('of two that start at once on a new folder both use one server, and the last to stop stops it', async () => {
    const folder = newFolder();
    const [here, there, elsewhere] = await Promise.all([
      startPostgres({ folder }),
      startPostgres({ folder }),
      startElsewhere(folder),
    ]);
    assert.equal(here.pid, there.pid);
    assert.equal(here.pid, elsewhere.server.pid);
    assert.deepEqual(
      readdirSync(base).filter((name) => name.startsWith(`${basename(folder)}.`)),
      [],
      'the losers tidy up',
    );
    await Promise.all([here.stop(), here.stop()]);
    await query(there.url, (sql) => sql`create table kept as select 1 as one`);
    elsewhere.child.kill('SIGKILL');
    await once(elsewhere.child, 'exit');
    await query(there.url, (sql) => sql`select * from kept`);
    await there.stop();
    assert.ok(!existsSync(join(folder, 'postmaster.pid')));
    const again = await startPostgres({ folder });
    assert.equal((await query(again.url, (sql) => sql`select * from kept`)).length, 1);
    await again.stop();
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`a starter that ends by ${signal} takes the server with it`, async () => {
      const folder = filledFolder();
      const { child, server } = await startElsewhere(folder);
      child.kill(signal);
      await until('the socket is removed', () => !existsSync(socketsOf(server)));
      assert.ok(!existsSync(join(folder, 'postmaster.pid')));
      await until('the server has ended', () => !isAlive({ pid: server.pid, folder }));
    });
  }

  test('a server whose starter and guard were both killed is joined and then stopped', {
    skip: !existsSync('/proc/self'),
  }, async () => {
    const folder = filledFolder();
    const { child, server } = await startElsewhere(folder);
    for (const pid of guardsOf(socketsOf(server))) process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(isAlive({ pid: server.pid, folder }), 'nothing stopped the server');
    const joined = await startPostgres({ folder });
    assert.equal(joined.pid, server.pid);
    await joined.stop();
    await until('the server has ended', () => !isAlive({ pid: server.pid, folder }));
  });

  test('a server whose guard is killed while it is used is stopped by the last that leaves it', {
    skip: !existsSync('/proc/self'),
  }, async () => {
    const folder = filledFolder();
    const [first, last] = [await startPostgres({ folder }), await startPostgres({ folder })];
    for (const pid of guardsOf(socketsOf(first))) process.kill(pid, 'SIGKILL');
    await until('the guard has ended', () => guardsOf(socketsOf(first)).length === 0);
    await first.stop();
    assert.ok(isAlive({ pid: last.pid, folder }), 'the server is used yet');
    await last.stop();
    await until('the server has ended', () => !isAlive({ pid: last.pid, folder }));
  });

  function guardsOf(sockets: string): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`maro-postgres-guard\0${sockets}\0`);
        } catch {
          return false;
        }
      });
  }

  test('a killed server starts again at once, with everything that was committed', async () => {
    const folder = filledFolder();
    const server = await startPostgres({ folder });
    await query(server.url, (sql) => sql`create table kept as select 1 as one`);
    process.kill(server.pid, 'SIGKILL');
    const again = await startPostgres({ folder });
    assert.notEqual(again.pid, server.pid);
    assert.equal((await query(again.url, (sql) => sql`select * from kept`)).length, 1);
    await server.stop();
    assert.equal((await query(again.url, (sql) => sql`select * from kept`)).length, 1);
    await again.stop();
  });

  test('a postmaster.pid whose pid now belongs to another program is no obstacle', async () => {
    const folder = filledFolder();
    const { uid, gid } = statSync(folder);
    const other = spawn('sleep', ['600'], { uid, gid, cwd: '/', stdio: 'ignore' });
    await once(other, 'spawn');
    writeFileSync(
      join(folder, 'postmaster.pid'),
      `${other.pid}\n${folder}\n1\n5432\n/tmp/maro-gone\n\n  1 1\nready   \n`,
    );
    const server = await startPostgres({ folder });
    await server.stop();
    assert.equal(other.exitCode, null, 'the other program is left alone');
    other.kill();
  });

  test('a stop with a stopped backend ends all the same', async () => {
    const server = await startPostgres({ folder: filledFolder(), throwaway: true });
    const sql = postgres(server.url, { max: 1, fetch_types: false });
    const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    process.kill(row?.pid ?? 0, 'SIGSTOP');
    await server.stop();
    await sql.end({ timeout: 0 });
  });

  test('data of another major version are refused and left as they are', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'PG_VERSION'), '15\n');
    await assert.rejects(startPostgres({ folder }), /is from PostgreSQL 15, and the installed PostgreSQL 18 .*--fresh/);
    assert.deepEqual(readdirSync(folder), ['PG_VERSION']);
  });

  test('a folder with other things in it is refused and left as it is', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    await assert.rejects(startPostgres({ folder, fresh: true }), /must be empty or missing/);
    assert.deepEqual(readdirSync(folder), ['thesis.txt']);
  });

  test('fresh removes the data of earlier runs, but not those in use', async () => {
    const folder = filledFolder();
    const first = await startPostgres({ folder });
    await query(first.url, (sql) => sql`create table kept as select 1 as one`);
    await assert.rejects(startPostgres({ folder, fresh: true }), /another run is using it/);
    await first.stop();
    const second = await startPostgres({ folder, fresh: true });
    await assert.rejects(
      query(second.url, (sql) => sql`select * from kept`),
      { code: '42P01' },
    );
    await second.stop();
  });

  test('a server that cannot start says why, with the end of its log', async () => {
    const folder = filledFolder();
    writeFileSync(join(folder, 'postgresql.conf'), 'no_such_setting = 1\n');
    await assert.rejects(startPostgres({ folder }), /did not start on .*no_such_setting/s);
  });

  test('root keeps the data in /var/tmp where the user of the server cannot reach the folder', {
    skip: !asRoot,
  }, async () => {
    const closed = join(base, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const folder = join(closed, 'data');
    const start = async () => {
      const server = await startPostgres({ folder });
      const [row] = await query(
        server.url,
        (sql) => sql<{ at: string }[]>`select current_setting('data_directory') as at`,
      );
      return { server, at: row?.at ?? '' };
    };
    const first = await start();
    assert.match(first.at, /^\/var\/tmp\/maro-[0-9a-f]{16}$/);
    await first.server.stop();
    const second = await start();
    assert.equal(second.at, first.at, 'the second run finds the data of the first');
    await second.server.stop();
    rmSync(first.at, { recursive: true });
  });
});

test('a machine without a PostgreSQL is told to set DATABASE_URL', async () => {
  for (const [name, value] of [
    ['arch', 'mips'],
    ['platform', 'win32'],
  ] as const) {
    const real = Object.getOwnPropertyDescriptor(process, name) ?? {};
    Object.defineProperty(process, name, { ...real, value });
    try {
      await assert.rejects(startPostgres({ folder: newFolder() }), /set DATABASE_URL/);
    } finally {
      Object.defineProperty(process, name, real);
    }
  }
});
