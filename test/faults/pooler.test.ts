import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/pool.ts';
import { sql } from '../../src/database/statement.ts';
import { DatabaseTrouble } from '../../src/database/trouble.ts';
import { readDatabaseUrl } from '../../src/database-url.ts';
import { createTracker } from '../../src/tracker/index.ts';
import { cleanup } from '../cleanup.ts';
import { startProcess, until, words, world } from '../maro.ts';
import { rows } from '../rows.ts';
import { issue, issues, listing, makeDatabase, open, tracking } from '../src/tracker/example.ts';
import { openWire } from '../wire.ts';

/**
 * Starts PgBouncer in transaction mode with two connections to the server of `url`. @returns the URL of the same database
 * through it.
 */
async function startPgBouncer(url: string, settings: Record<string, string> = {}): Promise<string> {
  const folder = mkdtempSync('/tmp/maro-test-');
  chmodSync(folder, 0o755);
  const { hosts, user, password, database } = readDatabaseUrl(url);
  const port = await freePort();
  const ini = {
    ...{ listen_addr: '127.0.0.1', listen_port: String(port), unix_socket_dir: '', auth_type: 'any' },
    ...{ pool_mode: 'transaction', default_pool_size: '2', ...settings },
  };
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    [
      '[databases]',
      `* = host=${hosts[0]?.host} port=${hosts[0]?.port} user=${user}${password === undefined ? '' : ` password=${password}`}`,
      '[pgbouncer]',
      ...Object.entries(ini).map(([name, value]) => `${name} = ${value}`),
    ].join('\n'),
  );
  // It refuses to run as root, and only the server's own user reaches the server's socket.
  const socket = hosts[0]?.host.startsWith('/') ? statSync(hosts[0].host) : { uid: 65_534, gid: 65_534 };
  const account = process.getuid?.() === 0 ? { uid: socket.uid, gid: socket.gid } : {};
  const pgBouncer = spawn('pgbouncer', [file], { ...account, stdio: 'ignore' });
  cleanup(() => {
    pgBouncer.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const pooled = `postgres://postgres@127.0.0.1:${port}/${database}`;
  await until(
    () =>
      rows(pooled, 'select 1').then(
        () => true,
        () => false,
      ),
    'PgBouncer answers',
  );
  return pooled;
}

/** A tracker on a database that is up to date. */
function openThrough(url: string) {
  const database = openDatabase(readDatabaseUrl(url));
  cleanup(() => database.close());
  return createTracker(database);
}

async function freePort(): Promise<number> {
  const listener = net.createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const skip =
  spawnSync('pgbouncer', ['--version']).error !== undefined &&
  'PgBouncer is not installed (Debian: apt-get install pgbouncer).';

describe('through PgBouncer in transaction mode', { skip }, () => {
  for (const [how, settings] of [
    ['which refuses our statement_timeout', {}],
    ['which takes our statement_timeout and forgets it', { ignore_startup_parameters: 'statement_timeout' }],
  ] as const) {
    test(`${how}, eight connections share two of the server's, and no statement fails or mixes up answers`, async () => {
      const url = await makeDatabase();
      await open(url);
      const tracker = openThrough(`${await startPgBouncer(url, settings)}?max=8`);
      const all = issues(80);
      const added = await Promise.all(all.map((issue) => tracker.track(tracking([issue]))));
      assert.deepEqual(
        added,
        all.map(({ id }) => new Set([id])),
      );
      const [row] = await rows<{ count: number }>(
        url,
        `select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'maro'`,
      );
      assert.ok((row?.count ?? 0) <= 2, `${row?.count} connections to the server`);
    });
  }

  test('a statement that takes too long is told within the deadline, and the next one goes well', async () => {
    const url = await makeDatabase();
    const database = openDatabase(readDatabaseUrl(`${await startPgBouncer(url)}?max=1`));
    cleanup(() => database.close());
    await assert.rejects(
      database.run(sql`select pg_sleep(${30})`),
      (error) => error instanceof DatabaseTrouble && /may or may not have been done/.test(error.message),
    );
    assert.deepEqual([...(await database.run(sql`select ${1}::int as one`))], [{ one: 1 }]);
  });

  test('an operation is two trips, since no plan is kept', async () => {
    const url = await makeDatabase();
    await open(url);
    const wire = await openWire(await startPgBouncer(url));
    const tracker = openThrough(wire.url);
    await tracker.track(tracking([issue(1)]));
    for (const [operation, trips] of [
      [() => tracker.track(tracking(issues(100))), 2],
      [() => tracker.list(listing()), 2],
      [() => tracker.health({ tenant: 'T1', deadlineMs: 2_000 }), 2],
    ] as const) {
      wire.trips = 0;
      await operation();
      assert.equal(wire.trips, trips);
    }
  });

  test('Maro does not start without a way past it, and says what to set', async () => {
    const pooled = readDatabaseUrl(await startPgBouncer(await makeDatabase()));
    await assert.rejects(migrate(pooled), {
      name: 'DatabaseTrouble',
      message: /^Maro did not start: DATABASE_URL points to a connection pooler\..* set DATABASE_DIRECT_URL to its own/,
    });
  });

  test('Maro works with DATABASE_DIRECT_URL, and its jobs too', async () => {
    const w = await world();
    const env = { ...w.env, DATABASE_URL: await startPgBouncer(w.databaseUrl), DATABASE_DIRECT_URL: w.databaseUrl };
    await startProcess({ ...w, env });
    const reply = (await w.slack.command('/maro track PLAT-1')).messages;
    assert.match(words(reply), /PLAT-1: now tracked/);
    await rows(w.databaseUrl, "select graphile_worker.add_job('clean')");
    await until(
      async () => (await rows(w.databaseUrl, 'select 1 from graphile_worker._private_jobs')).length === 0,
      'the job is done',
    );
  });
});
