import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Database } from '../../../src/database/pool.ts';
import { beginCreate, findCreate, type Settled, settleCreate } from '../../../src/ledger/creates.ts';
import { acceptRun, finishRun } from '../../../src/ledger/runs.ts';
import { clean } from '../../../src/tracker/clean.ts';
import { openDatabaseAt } from '../../tracker.ts';
import { openWire } from '../../wire.ts';
import { connect, makeDatabase, withQuery } from '../tracker/example.ts';

const CREATED: Settled = { state: 'created', created: [{ id: '10001', key: 'PLAT-1' }] };
const REFUSED: Settled = { state: 'refused', reason: `It's “not” done: \\ "quoted", \n and {braces}` };
const UNKNOWN: Settled = { state: 'unknown', reason: 'Nobody knows.' };

describe('a create', () => {
  let url: string;
  let sql: postgres.Sql;
  let one: Database;
  let other: Database;
  before(async () => {
    url = await makeDatabase();
    sql = connect(url);
    [one, other] = await Promise.all([openDatabaseAt(url), openDatabaseAt(url)]);
  });
  const begin = (database: Database, id: string, claim: string) => beginCreate(database, { tenant: 'T1', id, claim });
  const settle = (database: Database, id: string, settled: Settled) =>
    settleCreate(database, { tenant: 'T1', id }, settled);

  test('is sent by one of twenty that try, and a repeated statement is that one again', async () => {
    const standings = await Promise.all(
      Array.from({ length: 20 }, (_, n) => begin(n % 2 ? one : other, 'R1', `claim ${n}`)),
    );
    assert.deepEqual(standings.map(({ state }) => state).sort(), ['ours', ...Array(19).fill('sending')]);
    const winner = `claim ${standings.findIndex(({ state }) => state === 'ours')}`;
    assert.deepEqual(await begin(other, 'R1', winner), { state: 'ours' });
  });

  test('is looked for again after 1, 5 and 30 minutes when its end is unknown, and not otherwise', async () => {
    const look = (id: string) => ({ id: `${id} look`, kind: 'look', door: 'form', inputs: { request: id } });
    const due = async (id: string) =>
      (
        await sql`
          select run_id, inputs, round(extract(epoch from due_at - accepted_at) / 60) as minutes
          from runs where run_id like ${`${id} look %`} order by due_at`
      ).map((row) => ({ ...row, minutes: Number(row.minutes) }));
    for (const settled of [UNKNOWN, CREATED, REFUSED]) {
      const id = `looked for ${settled.state}`;
      await begin(one, id, 'mine');
      for (let n = 0; n < 2; n++) await settleCreate(one, { tenant: 'T1', id }, settled, look(id));
      const expected = [1, 5, 30].map((minutes) => ({
        ...{ run_id: `${id} look ${minutes}`, inputs: { request: id }, minutes },
      }));
      assert.deepEqual(await due(id), settled === UNKNOWN ? expected : []);
    }
  });

  test("tells how long ago it was begun, by the database's clock", async () => {
    await begin(one, 'R2', 'mine');
    await sql`update creates set sent_at = now() - interval '90 seconds' where create_id = 'R2'`;
    for (const standing of [await begin(other, 'R2', 'another'), await findCreate(other, { tenant: 'T1', id: 'R2' })]) {
      assert.ok(standing?.state === 'sending' && standing.ageMs >= 90_000 && standing.ageMs < 100_000);
    }
    assert.equal(await findCreate(one, { tenant: 'T1', id: 'nobody' }), undefined);
  });

  for (const settled of [CREATED, REFUSED, UNKNOWN]) {
    test(`that is ${settled.state} is never sent again, and says what it came to`, async () => {
      const id = `settled ${settled.state}`;
      await begin(one, id, 'mine');
      await settle(one, id, settled);
      assert.deepEqual(await begin(other, id, 'another'), settled);
      const { ageMs = -1, ...found } = (await findCreate(other, { tenant: 'T1', id })) ?? {};
      assert.deepEqual(found, settled);
      assert.ok(ageMs >= 0);
    });
  }

  test('has the first certain outcome, and what was unknown may be found later', async () => {
    await begin(one, 'R3', 'mine');
    assert.deepEqual(await settle(one, 'R3', UNKNOWN), UNKNOWN);
    assert.deepEqual(await settle(one, 'R3', CREATED), CREATED);
    for (const late of [REFUSED, UNKNOWN]) assert.deepEqual(await settle(other, 'R3', late), CREATED);
  });

  test("is one tenant's own", async () => {
    await begin(one, 'R4', 'mine');
    assert.deepEqual(await beginCreate(one, { tenant: 'T2', id: 'R4', claim: 'theirs' }), { state: 'ours' });
  });

  test('is one trip each to begin, to find and to settle', async () => {
    const wire = await openWire(url);
    const database = await openDatabaseAt(withQuery(wire.url, { max: 1 }));
    for (const id of ['trips 0', 'trips 1']) {
      for (const call of [
        () => begin(database, id, 'mine'),
        () => findCreate(database, { tenant: 'T1', id }),
        () => settle(database, id, CREATED),
      ]) {
        wire.trips = 0;
        await call();
        // The first of each kind has its statement prepared.
        if (id === 'trips 1') assert.equal(wire.trips, 1);
      }
    }
  });

  test('is kept for thirty days, and its run too, of whichever tenant', async () => {
    for (const [id, tenant] of [
      ['old', 'T8'],
      ['young', 'T9'],
    ] as const) {
      await acceptRun(one, { tenant, id, kind: 'step', door: 'step', inputs: {}, claim: 'mine' });
      await finishRun(
        one,
        { tenant, id, claim: 'mine' },
        { outcome: {}, failed: false, told: true, alongside: undefined },
      );
      await beginCreate(one, { tenant, id, claim: 'mine' });
    }
    await sql`update runs set accepted_at = now() - interval '31 days' where run_id = 'old'`;
    await sql`update creates set sent_at = now() - interval '31 days' where create_id = 'old'`;
    await clean(one);
    const kept = await sql<{ id: string }[]>`
      select run_id as id from runs where tenant_id in ('T8', 'T9')
      union all select create_id from creates where tenant_id in ('T8', 'T9')`;
    assert.deepEqual(
      kept.map(({ id }) => id),
      ['young', 'young'],
    );
  });
});
