import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createDatabase, type Server, startPostgres } from '../../sandbox/postgres.ts';
import { DatabaseTrouble } from '../../src/database/trouble.ts';
import { readDatabaseUrl } from '../../src/database-url.ts';
import { startProcess, until, world } from '../maro.ts';
import { rows } from '../rows.ts';
import { issue, open, tracking } from '../src/tracker/example.ts';

describe('a standby that is promoted while the old primary takes no writes', () => {
  const base = mkdtempSync('/tmp/maro-test-');
  chmodSync(base, 0o755);
  let primary: Server;
  let standby: Server;
  before(async () => {
    const folders = [join(base, 'primary'), join(base, 'standby')] as const;
    await (await startPostgres({ folder: folders[0] })).stop();
    execFileSync('cp', ['-a', ...folders]);
    primary = await startPostgres({ folder: folders[0] });
    const [{ host } = { host: '' }] = readDatabaseUrl(primary.url).hosts;
    execFileSync('touch', [join(folders[1], 'standby.signal')]);
    const settings = { primary_conninfo: `host=${host} port=5432 user=postgres` };
    standby = await startPostgres({ folder: folders[1], settings });
  });
  after(async () => {
    await Promise.all([primary?.stop(), standby?.stop()]);
    rmSync(base, { recursive: true });
  });

  test('is used within five seconds, by the jobs as well, and nobody is told a lie meanwhile', async () => {
    const onPrimary = await createDatabase(primary.url, { name: 'maro' });
    const onStandby = standby.url.replace(/\/postgres$/, '/maro');
    const hosts = [primary, standby].map(({ url }) => encodeURIComponent(readDatabaseUrl(url).hosts[0]?.host ?? ''));
    const both = `postgres://postgres@${hosts.join()}/maro`;
    await until(
      () =>
        rows(onStandby, 'select 1').then(
          () => true,
          () => false,
        ),
      'the standby has the database',
    );

    const tracker = await open(both);
    const w = await world();
    const maro = await startProcess({ ...w, env: { ...w.env, DATABASE_URL: both } });
    await tracker.track(tracking([issue(1)]));
    await until(async () => (await rows(onStandby, 'select 1 from tracked_issues')).length === 1, 'it is replicated');

    await rows(primary.url, 'alter system set default_transaction_read_only = on');
    await rows(primary.url, 'select pg_reload_conf()');
    const acknowledged: string[] = [];
    const outcome = async (n: number) => {
      try {
        const of = issue(n);
        await tracker.track(tracking([of]));
        acknowledged.push(of.id);
        return 'done';
      } catch (error) {
        assert.ok(error instanceof DatabaseTrouble, String(error));
        return error.message;
      }
    };
    let n = 1;
    await until(async () => (await outcome(++n)) !== 'done', 'the old primary takes no writes');
    assert.match(await outcome(++n), /^Maro’s database is read-only right now, so nothing was changed/);
    acknowledged.splice(0);

    await rows(standby.url, 'select pg_promote()');
    await until(async () => (await outcome(++n)) === 'done', 'the new primary is found', 5_000);
    for (let more = 0; more < 20; more++) assert.equal(await outcome(++n), 'done');
    const stored = await rows<{ issue_id: string }>(onStandby, 'select issue_id from tracked_issues');
    assert.deepEqual(
      acknowledged.filter((id) => !stored.some((row) => row.issue_id === id)),
      [],
    );

    // Maro's own jobs find it, too.
    await rows(onStandby, "select graphile_worker.add_job('clean')");
    await until(
      async () => (await rows(onStandby, 'select 1 from graphile_worker._private_jobs')).length === 0,
      'the job is done',
    );
    assert.ok(!maro.log.some(({ level }) => level === 'fatal'));
    assert.equal((await rows(onPrimary, 'select 1 from tracked_issues')).length, stored.length - acknowledged.length);
  });
});
