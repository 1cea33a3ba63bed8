import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import type { Database } from '../../../src/database/pool.ts';
import type { Json } from '../../../src/database/statement.ts';
import { createLedger, type Kind, type Ledger, type Run } from '../../../src/ledger/index.ts';
import { keepLease, LeaseLost } from '../../../src/ledger/lease.ts';
import { createLog } from '../../../src/log.ts';
import { cleanup } from '../../cleanup.ts';
import { until } from '../../maro.ts';
import { openDatabaseAt } from '../../tracker.ts';
import { connect, makeDatabase } from '../tracker/example.ts';

describe('a ledger', () => {
  let database: Database;
  let sql: postgres.Sql;
  let lines: { msg: string; level: string; operation?: string }[];
  before(async () => {
    const url = await makeDatabase();
    sql = connect(url);
    database = await openDatabaseAt(url);
  });

  /** A kind that notes what is done, and does what `change` says. */
  function noting(change: Partial<Kind> = {}) {
    const ran: string[] = [];
    const told: [id: string, outcome: Json][] = [];
    const kind: Kind = {
      keeps: true,
      async run({ id }: Run) {
        ran.push(id);
        return { outcome: { done: id }, failed: false, told: false };
      },
      giveUp: () => ({ error: 'given up' }),
      async tell({ id }, outcome) {
        told.push([id, outcome]);
        return true;
      },
      ...change,
    };
    return { kind, ran, told };
  }
  function open(tenant: string, kind: Kind): Ledger {
    lines = [];
    const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
    const ledger = createLedger(database, tenant, () => ({ noted: kind }), log);
    cleanup(() => ledger.stop(1_000));
    return ledger;
  }
  const asked = (id: string) => ({ id, kind: 'noted', door: 'step', inputs: {} });
  const claimed = (id: string, claim: string) => ({
    ...{ ...asked(id), claim, attempts: 1, ageMs: 0, outcome: undefined, tellings: 0 },
  });
  const due = (tenant: string) =>
    sql`update runs set due_at = now() where tenant_id = ${tenant} and due_at is not null`;
  const left = async (tenant: string) =>
    (await sql`select 1 from runs where tenant_id = ${tenant} and due_at is not null`).length;

  test('brings to its end what a process that died had accepted, and tells it once', async () => {
    const { kind, ran, told } = noting();
    const ledger = open('T1', kind);
    await ledger.accept(asked('R1'), 'dead');
    await due('T1');
    ledger.start();
    await until(async () => (await left('T1')) === 0, 'nothing is left');
    assert.deepEqual([ran, told], [['R1'], [['R1', { done: 'R1' }]]]);
  });

  test('begins a run three times and not again: then it is given up, told, and named in the log', async () => {
    const { kind, ran, told } = noting();
    const ledger = open('T2', kind);
    await ledger.accept(asked('poison'), 'dead');
    await sql`update runs set attempts = 3 where run_id = 'poison'`;
    await due('T2');
    ledger.start();
    await until(async () => (await left('T2')) === 0, 'nothing is left');
    assert.deepEqual([ran, told], [[], [['poison', { error: 'given up' }]]]);
    assert.ok(
      lines.some(
        ({ level, msg, operation }) => level === 'error' && msg === 'a run was given up' && operation === 'poison',
      ),
    );
  });

  test('tells an outcome again that was not taken, and does nothing again', async () => {
    let taken = false;
    const { kind, ran } = noting({ tell: async () => taken });
    const ledger = open('T3', kind);
    await ledger.accept(asked('R3'), 'mine');
    await ledger.bringToEnd(claimed('R3', 'mine'));
    const [row] = await sql`select tellings, told_at, due_at > now() as later from runs where run_id = 'R3'`;
    assert.deepEqual({ ...row }, { tellings: 1, told_at: null, later: true });
    taken = true;
    await due('T3');
    ledger.start();
    await until(async () => (await left('T3')) === 0, 'nothing is left');
    assert.deepEqual(ran, ['R3']);
  });

  test('gives up telling after eight tries, and names what stays untold in the log', async () => {
    const { kind } = noting({ tell: async () => false });
    const ledger = open('T4', kind);
    await ledger.accept(asked('R4'), 'mine');
    await ledger.bringToEnd({ ...claimed('R4', 'mine'), tellings: 7 });
    assert.equal(await left('T4'), 0);
    assert.ok(lines.some(({ msg, operation }) => msg === 'an outcome could not be delivered' && operation === 'R4'));
  });

  test('forgets what need not be kept once it is told, and does nothing again for that', async () => {
    let taken = false;
    const { kind, ran } = noting({ keeps: false, tell: async () => taken });
    const ledger = open('T5', kind);
    await ledger.accept(asked('R5'), 'mine');
    await ledger.bringToEnd(claimed('R5', 'mine'));
    taken = true;
    await due('T5');
    ledger.start();
    await until(async () => (await left('T5')) === 0, 'nothing is left');
    assert.deepEqual(ran, ['R5']);
    assert.deepEqual([...(await sql`select 1 from runs where run_id = 'R5'`)], []);
  });

  test('tells no outcome that is not stored: the run is carried out again, and that one is told', async () => {
    await sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''broken''; end'`;
    await sql`create trigger refuse before update of outcome on runs for each row execute function refuse()`;
    const { kind, ran, told } = noting();
    const ledger = open('T5b', kind);
    await ledger.accept(asked('R5b'), 'mine');
    await ledger.bringToEnd(claimed('R5b', 'mine'));
    await sql`drop trigger refuse on runs`;
    assert.deepEqual(told, []);
    await due('T5b');
    ledger.start();
    await until(async () => (await left('T5b')) === 0, 'nothing is left');
    assert.deepEqual([ran, told.length], [['R5b', 'R5b'], 1]);
  });

  test('keeps a run claimed while its outcome is told', async () => {
    const holds: boolean[] = [];
    const { kind } = noting({
      async tell(_run, _outcome, lease) {
        holds.push(lease.holds());
        return true;
      },
    });
    const ledger = open('T5c', kind);
    await ledger.accept(asked('R5c'), 'mine');
    await ledger.bringToEnd(claimed('R5c', 'mine'));
    assert.deepEqual(holds, [true]);
  });

  test('leaves a run to the process that has taken it over', async () => {
    const { kind, told } = noting({
      async run() {
        throw new LeaseLost();
      },
    });
    const ledger = open('T6', kind);
    await ledger.accept(asked('R6'), 'mine');
    assert.equal(await ledger.perform(claimed('R6', 'mine')), undefined);
    const taken = noting();
    const other = open('T6', taken.kind);
    await other.accept(asked('R7'), 'mine');
    await sql`update runs set claimed_by = 'theirs' where run_id = 'R7'`;
    await other.bringToEnd(claimed('R7', 'mine'));
    assert.deepEqual([told, taken.told], [[], []]);
  });

  test('looks for nothing more once it is stopped, and leaves what it has to others at once', async () => {
    const begun = Promise.withResolvers<void>();
    const { kind } = noting({
      async run() {
        begun.resolve();
        return new Promise(() => {});
      },
    });
    const ledger = open('T7', kind);
    await ledger.accept(asked('R8'), 'mine');
    void ledger.perform(claimed('R8', 'mine'));
    await begun.promise;
    ledger.start();
    await ledger.stop(100);
    await ledger.release();
    const [row] = await sql`select due_at <= now() as due, attempts from runs where run_id = 'R8'`;
    assert.deepEqual({ ...row }, { due: true, attempts: 1 });
  });
});

describe('a lease', () => {
  test('ends five seconds before the claim does, when that cannot be renewed', async () => {
    const lease = keepLease(performance.now(), 5_200, () => Promise.reject(new Error('The database is away.')));
    assert.equal(lease.holds(), true);
    await sleep(250);
    assert.equal(lease.holds(), false);
    lease.end();
  });
});
