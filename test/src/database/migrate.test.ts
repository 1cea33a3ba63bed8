import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Logger, runMigrations } from 'graphile-worker';
import type postgres from 'postgres';
import { NewerDatabaseError } from '../../../src/database/migrate.ts';
import { DatabaseTrouble } from '../../../src/database/trouble.ts';
import { database as makeDatabase } from '../../maro.ts';
import { openWire } from '../../wire.ts';
import { connect, holdLock, issue, listing, open, SITE, tracking, waitingForLocks } from '../tracker/example.ts';

const SRC = new URL('../../../src/', import.meta.url).href;
const MIGRATIONS = new URL('database/migrations/', SRC);
const TRACKER = new URL('../../tracker.ts', import.meta.url).href;
const VERSIONS = (await readdir(MIGRATIONS)).map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
const LATEST = VERSIONS.at(-1);
const START = `
  const { openTrackerAt } = await import('${TRACKER}');
  const tracker = await openTrackerAt(process.env.DATABASE_URL);
  console.log((await tracker.health({ tenant: 'T1', deadlineMs: 2_000 })).database);
  await tracker.close();`;

/** Brings a database to where an older Maro has left it. */
async function migrateTo(version: number, sql: postgres.Sql): Promise<void> {
  await sql`create table maro_migrations (version int primary key, applied_at timestamptz not null)`;
  for (const file of (await readdir(MIGRATIONS)).sort().slice(0, version)) {
    await sql.unsafe(await readFile(new URL(file, MIGRATIONS), 'utf8'));
    await sql`insert into maro_migrations values (${Number.parseInt(file, 10)}, now())`;
  }
}

/** The versions that the database is at, and the tables it has. */
async function state(sql: postgres.Sql) {
  const tables = await sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  const versions = tables.some(({ name }) => name === 'maro_migrations')
    ? await sql`select version, applied_at, xmin::text as by from maro_migrations order by 1`
    : [];
  return { tables: tables.map(({ name }) => name), versions: [...versions] };
}

describe('a start', () => {
  test('finds migrations with numbers from one on, each once', () => {
    assert.deepEqual(
      VERSIONS,
      VERSIONS.map((_, index) => index + 1),
    );
  });

  test('of five processes at once on an empty database fails for none, and one applies the migrations', async () => {
    const url = await makeDatabase();
    const start = () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', START], {
        env: { ...process.env, DATABASE_URL: url },
      });
    const outputs = await Promise.all(Array.from({ length: 5 }, start));
    assert.deepEqual(
      outputs.map(({ stdout, stderr }) => stdout + stderr),
      Array(5).fill('true\n'),
    );
    const { tables, versions } = await state(connect(url));
    assert.deepEqual(tables, [
      'boards',
      'channel_states',
      'channels',
      'creates',
      'digests',
      'follow_issues',
      'follows',
      'home_openings',
      'installations',
      'issue_changes',
      'jira_events',
      'jira_issues',
      'jira_projects',
      'jira_sites',
      'jira_syncs',
      'maro_migrations',
      'notifications',
      'replicas',
      'runs',
      'tracked_issues',
      'untracked_issues',
      'views',
      'visits',
      'waits',
    ]);
    assert.deepEqual(
      versions.map(({ version }) => version),
      VERSIONS,
    );
  });

  test('of twenty in one process does the same', async () => {
    const url = await makeDatabase();
    const trackers = await Promise.all(Array.from({ length: 20 }, () => open(url)));
    assert.deepEqual(
      await Promise.all(
        trackers.map(async (tracker) => (await tracker.health({ tenant: 'T1', deadlineMs: 2_000 })).database),
      ),
      Array(20).fill(true),
    );
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
    await migrateTo(4, sql);
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

  test('on the database of an older Maro keeps what it holds: of steps, requests and jobs the runs and creates', async () => {
    const url = await makeDatabase();
    const sql = connect(url);
    await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
    await migrateTo(6, sql);
    await sql`
      insert into step_executions (
        tenant_id, function_execution_id, callback_id, inputs, state, outcome, claimed_by, claimed_at, accepted_at, finished_at
      )
      values ('T1', 'Fx1', 'track', '{"n":1}', 'accepted', null, 'dead', now() - interval '1 hour', now() - interval '1 hour', null),
        ('T1', 'Fx2', 'list', '{}', 'finished', '{"outputs":{}}', 'dead', now(), now(), now())`;
    await sql`
      insert into requests (
        tenant_id, request_id, kind, inputs, door, state, outcome, claimed_by, claimed_at, accepted_at, sent_by, sent_at, finished_at
      )
      values ('T1', 'R1', 'create_and_track', '{"project":"PLAT"}', 'command', 'accepted', null, 'dead', now(), now(), null, null, null),
        ('T1', 'R2', 'create_and_track', '{"project":"PLAT"}', 'shortcut', 'sending', null, 'dead', now(), now(), 'dead', now(), null),
        ('T1', 'R3', 'create_and_track', '{}', 'shortcut', 'created', '{"created":[]}', 'dead', now(), now(), 'dead', now(), now()),
        ('T1', 'R4', 'create_and_track', '{}', 'shortcut', 'refused', '{"reason":"No."}', 'dead', now(), now(), 'dead', now(), now()),
        ('T1', 'Fx2', 'create_ticket', null, null, 'unknown', '{"reason":"?"}', 'dead', now(), now(), 'dead', now(), now())`;
    const late = { operation: 'O1', text: 'track PLAT-1' };
    await sql`select graphile_worker.add_job('answer_command:T1', ${sql.json(late)}::json)`;
    await open(url);
    const runs = await sql`
      select run_id as id, kind, door, inputs, due_at is not null as due, outcome is not null as over, vain from runs order by 1`;
    const request = { workflow: 'create_and_track', inputs: {} };
    const begun = { workflow: 'create_and_track', inputs: { project: 'PLAT' } };
    const step = { door: 'step', kind: 'step', vain: false };
    const form = { door: 'shortcut', kind: 'workflow' };
    assert.deepEqual(
      [...runs],
      [
        { ...step, id: 'Fx1', inputs: { callback_id: 'track', inputs: { n: 1 } }, due: true, over: false },
        { ...step, id: 'Fx2', inputs: { callback_id: 'list', inputs: {} }, due: false, over: true },
        { id: 'O1', kind: 'command', door: 'command', inputs: late, due: true, over: false, vain: false },
        { id: 'R1', kind: 'workflow', door: 'command', inputs: begun, due: true, over: false, vain: false },
        { ...form, id: 'R2', inputs: begun, due: true, over: false, vain: false },
        { ...form, id: 'R3', inputs: request, due: false, over: true, vain: false },
        { ...form, id: 'R4', inputs: request, due: false, over: true, vain: true },
      ],
    );
    const creates = await sql`select create_id as id, state from creates order by 1`;
    assert.deepEqual(
      creates.map(({ id, state }) => `${id} ${state}`),
      ['Fx2 unknown', 'R2 sending', 'R3 created', 'R4 refused'],
    );
    const [left] = await sql`select count(*)::int as jobs from graphile_worker._private_jobs`;
    assert.equal(left?.jobs, 0);
    const { tables } = await state(sql);
    assert.ok(!tables.includes('requests') && !tables.includes('step_executions'));
  });

  test('on the database of an older Maro keeps what it holds: of addresses the sites, apart for each tenant', async () => {
    const url = await makeDatabase();
    const sql = connect(url);
    await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
    await migrateTo(8, sql);
    const other = 'https://other.example/jira';
    /** What an older Maro does when it tracks an issue, or has untracked it. */
    const write = async (table: 'tracked_issues' | 'untracked_issues', tenant: string, site: string, n: number) => {
      const issue = {
        tenant_id: tenant,
        site,
        issue_id: `${n}`,
        issue_key: `PLAT-${n}`,
        summary: `${n}`,
        status: 'To Do',
      };
      await sql`
        insert into jira_issues ${sql({ ...issue, status_category: 'new', synced_at: new Date() })} on conflict do nothing`;
      const tracked = {
        tenant_id: tenant,
        channel_id: 'C1',
        site,
        issue_id: `${n}`,
        tracked_at: new Date(),
        door: 'command',
      };
      const undo = table === 'untracked_issues' ? { untracked_at: new Date(), untracked_in: 'o2' } : {};
      await sql`insert into ${sql(table)} ${sql({ ...tracked, operation_id: 'o', ...undo })}`;
    };
    await write('tracked_issues', 'T1', SITE, 1);
    await write('tracked_issues', 'T1', other, 2);
    await write('untracked_issues', 'T2', SITE, 3);
    const tracker = await open(url);
    const sites = await sql`select tenant_id, site, cloud_id, url, addresses from jira_sites order by 1, 2`;
    assert.deepEqual(
      [...sites],
      [
        { tenant_id: 'T1', site: SITE, cloud_id: null, url: SITE, addresses: [SITE] },
        { tenant_id: 'T1', site: other, cloud_id: null, url: other, addresses: [other] },
        { tenant_id: 'T2', site: SITE, cloud_id: null, url: SITE, addresses: [SITE] },
      ],
    );
    const renamed = 'https://renamed.atlassian.net';
    await write('tracked_issues', 'T1', renamed, 1);
    await write('tracked_issues', 'T1', renamed, 4);
    const site = { cloudId: undefined, url: renamed, own: [renamed, SITE] as const, others: [] };
    const { id } = await tracker.rememberSite({ tenant: 'T1', ...site });
    assert.equal(id, SITE);
    const { issues } = await tracker.list(listing({ tenant: 'T1' }));
    assert.deepEqual(issues.map(({ site, key }) => `${site} ${key}`).sort(), [
      `${other} PLAT-2`,
      `${renamed} PLAT-1`,
      `${renamed} PLAT-4`,
    ]);
    assert.equal(await tracker.restore({ tenant: 'T2', channel: 'C1', untrackedIn: 'o2', operation: 'o3' }), 1);
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
        new RegExp(
          `did not start: the database is at version 4321, and this version of Maro knows versions up to ${LATEST}`,
        ),
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
      assert.match(error.message, /could not be migrated to version \d+ \(.*"step_executions" already exists\)/);
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
        message: /^Maro did not start: it cannot use its database \(.*ECONNREFUSED.*\)\. Check .*DATABASE_URL/,
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
      assert.rejects(start, { name: 'DatabaseTrouble', message: /could not be migrated to version/ }),
      waitingForLocks(sql, 1).then(() => wire.cut()),
    ]);
    await release();
  });
});
