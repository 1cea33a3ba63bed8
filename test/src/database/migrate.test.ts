import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import type postgres from 'postgres';
import { NewerDatabaseError } from '../../../src/database/migrate.ts';
import { DatabaseTrouble } from '../../../src/database/trouble.ts';
import { database as makeDatabase } from '../../maro.ts';
import { openWire } from '../../wire.ts';
import { connect, holdLock, issue, listing, open, SITE, tracking, waitingForLocks } from '../tracker/example.ts';

const SRC = new URL('../../../src/', import.meta.url).href;
const MIGRATIONS = new URL('database/migrations/', SRC);
const TRACKER = new URL('../../tracker.ts', import.meta.url).href;
const VERSIONS = (await readdir(MIGRATIONS)).map((name) => Number.parseInt(name, 10)).sort();
const LATEST = VERSIONS.at(-1);
const START = `
  const { openTrackerAt } = await import('${TRACKER}');
  const tracker = await openTrackerAt(process.env.DATABASE_URL);
  console.log(await tracker.answers(2_000));
  await tracker.close();`;

/** The versions that the database is at, and the tables it has. */
async function state(sql: postgres.Sql) {
  const tables = await sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  const versions = tables.some(({ name }) => name === 'maro_migrations')
    ? await sql`select version, applied_at, xmin::text as by from maro_migrations order by 1`
    : [];
  return { tables: tables.map(({ name }) => name), versions: [...versions] };
}

describe('a start', () => {
  test('of five processes at once on an empty database fails for none, and one applies the migrations', async () => {
    const url = await makeDatabase();
    const start = () =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', START], {
        env: { ...process.env, DATABASE_URL: url },
      });
    const outputs = await Promise.all(Array.from({ length: 5 }, start));
    assert.deepEqual(
      outputs.map(({ stdout, stderr }) => stdout + stderr),
      Array(5).fill('true\n'),
    );
    const { tables, versions } = await state(connect(url));
    assert.deepEqual(tables, [
      'channels',
      'creates',
      'jira_issues',
      'maro_migrations',
      'replicas',
      'runs',
      'tracked_issues',
      'untracked_issues',
      'views',
    ]);
    assert.deepEqual(
      versions.map(({ version }) => version),
      VERSIONS,
    );
  });

  test('of twenty in one process does the same', async () => {
    const url = await makeDatabase();
    const trackers = await Promise.all(Array.from({ length: 20 }, () => open(url)));
    assert.deepEqual(await Promise.all(trackers.map((tracker) => tracker.answers(2_000))), Array(20).fill(true));
  });

  test('on a database that is up to date changes nothing', async () => {
    const url = await makeDatabase();
    const sql = connect(url);
    await open(url);
    const before = await state(sql);
    await open(url);
    assert.deepEqual(await state(sql), before);
  });

  test('on the database of an older Maro keeps what it holds: of issues a row for each tenant that needs one', async () => {
    const url = await makeDatabase();
    const sql = connect(url);
    await sql`create table maro_migrations (version int primary key, applied_at timestamptz not null)`;
    for (const file of (await readdir(MIGRATIONS)).sort().slice(0, 4)) {
      await sql.unsafe(await readFile(new URL(file, MIGRATIONS), 'utf8'));
      await sql`insert into maro_migrations values (${Number.parseInt(file, 10)}, now())`;
    }
    await sql`
      insert into jira_issues (site, issue_id, issue_key, former_keys, summary, status, status_category, synced_at, gone_at)
      values (${SITE}, '1', 'PLAT-1', '{OLD-1}', 'One', 'To Do', 'new', now(), null),
        (${SITE}, '2', 'PLAT-2', '{}', 'Two', 'To Do', 'new', now(), now()),
        (${SITE}, '3', 'PLAT-3', '{}', 'Three', 'To Do', 'new', now(), null)`;
    for (const [tenant, id] of [
      ['T1', '1'],
      ['T2', '1'],
      ['T2', '2'],
    ] as const) {
      await sql`
        insert into tracked_issues (tenant_id, channel_id, site, issue_id, tracked_at, door, operation_id)
        values (${tenant}, 'C1', ${SITE}, ${id}, now(), 'command', 'o')`;
    }
    const tracker = await open(url);
    const kept = async (tenant: string) =>
      (await tracker.list(listing({ tenant }))).issues.map(({ key, summary }) => `${key} ${summary}`).sort();
    assert.deepEqual(await kept('T1'), ['PLAT-1 One']);
    assert.deepEqual(await kept('T2'), ['PLAT-1 One', 'PLAT-2 ']);
    assert.deepEqual(await tracker.tracked({ tenant: 'T1', channel: 'C1', keys: ['OLD-1'] }), new Set(['OLD-1']));
    const [row] = await sql`select count(*)::int as count from jira_issues`;
    assert.equal(row?.count, 3);
  });

  test('on the database of a newer Maro is refused with both versions, and changes nothing', async () => {
    const url = await makeDatabase();
    const sql = connect(url);
    await sql`create table maro_migrations (version int primary key, applied_at timestamptz not null)`;
    await sql`insert into maro_migrations values (4321, now())`;
    const before = await state(sql);
    await assert.rejects(open(url), (error) => {
      assert.ok(error instanceof NewerDatabaseError);
      assert.match(
        error.message,
        new RegExp(`at version 4321 and this Maro knows versions up to ${LATEST}, so it did not start`),
      );
      return true;
    });
    assert.deepEqual(await state(sql), before);
  });

  test('whose migration fails leaves nothing of it behind, and the next start goes well', async () => {
    const url = await makeDatabase();
    const sql = connect(url);
    await sql`create table step_executions (of_somebody_else int)`;
    await assert.rejects(open(url), (error) => {
      assert.ok(error instanceof DatabaseTrouble);
      assert.match(error.message, /could not be brought up to version \d+ \(.*"step_executions" already exists\)/);
      return true;
    });
    assert.deepEqual(await state(sql), { tables: ['maro_migrations', 'step_executions'], versions: [] });
    await sql`drop table step_executions`;
    const tracker = await open(url);
    assert.equal((await tracker.track(tracking([issue(1)]))).size, 1);
  });

  test('without its database says so, and what to look at', async () => {
    const wire = await openWire(await makeDatabase());
    await wire.stop();
    const nobody = new URL(wire.url);
    nobody.hostname = 'localhost';
    for (const url of [wire.url, nobody.href]) {
      await assert.rejects(open(url), {
        name: 'DatabaseTrouble',
        message: /^Maro cannot use its database \(.*ECONNREFUSED.*\), so it did not start\. Check .*DATABASE_URL/,
      });
    }
  });

  test('whose connection is closed on it ends with a sentence', async () => {
    const url = await makeDatabase();
    const wire = await openWire(url);
    const sql = connect(url);
    await sql`create table maro_migrations (version int primary key, applied_at timestamptz not null)`;
    const release = await holdLock(sql, (sql) => sql`lock table maro_migrations`);
    const start = open(wire.url);
    await Promise.all([
      assert.rejects(start, { name: 'DatabaseTrouble', message: /could not be brought up to version/ }),
      waitingForLocks(sql, 1).then(() => wire.cut()),
    ]);
    await release();
  });
});
