import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Database } from '../../../src/database/pool.ts';
import { acceptRun, claimDueRuns, parkRun } from '../../../src/ledger/runs.ts';
import { clean } from '../../../src/tracker/clean.ts';
import { update } from '../../../src/tracker/update.ts';
import { waitForIssue, waitOf } from '../../../src/tracker/waits.ts';
import { openDatabaseAt } from '../../tracker.ts';
import { connect, issue, makeDatabase } from './example.ts';

describe('a run that waits for an issue', () => {
  let sql: postgres.Sql;
  let database: Database;
  let tenant: string;
  before(async () => {
    const url = await makeDatabase();
    sql = connect(url);
    database = await openDatabaseAt(url);
  });
  beforeEach(() => {
    tenant = `T-${randomUUID()}`;
  });

  let minute = 0;
  /** Jira tells that the issue changed once more. */
  const change = (n: number) => {
    minute += 1;
    const changed = issue(n, { status: `Status ${minute}`, updatedAt: new Date(Date.UTC(2026, 5, 1, 0, minute)) });
    const from = { kind: 'state' as const };
    return update(database, { tenant, site: changed.site, issues: [changed], gone: [], changes: [], from });
  };
  async function begin(id: string, n: number): Promise<{ claim: string; until: Date }> {
    const claim = randomUUID();
    await acceptRun(database, { tenant, id, kind: 'step', door: 'step', inputs: {}, claim });
    const { until } = await waitForIssue(database, { tenant, run: id, issue: issue(n), minutes: 60 });
    return { claim, until };
  }
  const due = async () =>
    (await claimDueRuns(database, { tenant, kinds: ['step'], limit: 100, claim: randomUUID() })).map(({ id }) => id);

  test('is due when the issue changes, again as a first attempt, and not before', async () => {
    for (const [id, n] of [
      ['a', 1],
      ['b', 2],
    ] as const) {
      const { claim, until } = await begin(id, n);
      await parkRun(database, { tenant, id, claim }, until);
    }
    assert.deepEqual(await due(), []);
    await change(1);
    const [run] = await claimDueRuns(database, { tenant, kinds: ['step'], limit: 9, claim: 'c' });
    assert.deepEqual([run?.id, run?.attempts], ['a', 1]);
    assert.deepEqual(await due(), []);
  });

  test('is due at once if the issue changes while the run is carried out', async () => {
    const { claim, until } = await begin('a', 1);
    await change(1);
    assert.deepEqual(await due(), []);
    await parkRun(database, { tenant, id: 'a', claim }, until);
    assert.deepEqual(await due(), ['a']);
  });

  test('misses no change that comes while the run is put off', async () => {
    for (let round = 0; round < 60; round++) {
      const id = `run ${round}`;
      const { claim, until } = await begin(id, 1);
      await Promise.all([parkRun(database, { tenant, id, claim }, until), change(1)]);
      assert.deepEqual(await due(), [id]);
      await sql`delete from waits where run_id = ${id}`;
    }
  });

  test('wakes with many others without a deadlock, whatever the order of the changes', async () => {
    const waiting = Array.from({ length: 20 }, (_, i) => `run ${i}`);
    for (const id of waiting) {
      const { claim, until } = await begin(id, 1);
      await waitForIssue(database, { tenant, run: `${id} other`, issue: issue(2), minutes: 60 });
      await parkRun(database, { tenant, id, claim }, until);
    }
    for (let round = 0; round < 20; round++) await Promise.all([change(1), change(2), change(1), change(2)]);
    assert.deepEqual((await due()).sort(), [...waiting].sort());
  });

  test('keeps the time of its first call, and none when it never waited', async () => {
    const { until } = await begin('a', 1);
    assert.deepEqual(await waitForIssue(database, { tenant, run: 'a', issue: issue(1), minutes: 1 }), {
      until,
      isOver: false,
    });
    assert.equal(await waitOf(database, { tenant, run: 'b' }), undefined);
  });

  test('keeps its issue in the sync, though no channel tracks it, until the run has ended', async () => {
    await begin('a', 1);
    await sql`update jira_issues set synced_at = now() - interval '2 days' where tenant_id = ${tenant}`;
    await clean(database);
    assert.equal((await sql`select from jira_issues where tenant_id = ${tenant}`).length, 1);
    await sql`update runs set finished_at = now() where tenant_id = ${tenant}`;
    await clean(database);
    await clean(database);
    assert.equal((await sql`select from waits where tenant_id = ${tenant}`).length, 0);
    assert.equal((await sql`select from jira_issues where tenant_id = ${tenant}`).length, 0);
  });

  test('costs nothing beside ten thousand others until its issue changes', async () => {
    await sql`
      insert into runs (tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, due_at)
      select ${tenant}, 'many ' || n, 'step', 'step', '{}', now(), 0, '', now() + interval '1 day' from generate_series(1, 10000) as n`;
    await sql`
      insert into waits (tenant_id, run_id, issue_id, until_at)
      select ${tenant}, 'many ' || n, (20000 + n)::text, now() + interval '1 day' from generate_series(1, 10000) as n`;
    const { claim, until } = await begin('a', 1);
    await parkRun(database, { tenant, id: 'a', claim }, until);
    const read = async () => {
      const [row] = await sql<{ reads: string }[]>`
        select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as reads from pg_stat_user_tables where relname in ('waits', 'runs')`;
      return Number(row?.reads);
    };
    await sql`select pg_stat_force_next_flush()`;
    const before = await read();
    await change(1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.ok((await read()) - before < 1_000, `${(await read()) - before} rows were read`);
    assert.deepEqual(await due(), ['a']);
  });
});
