import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Database } from '../../../src/database/pool.ts';
import { sql as statement } from '../../../src/database/statement.ts';
import { beginCreate, settleCreate } from '../../../src/ledger/creates.ts';
import {
  acceptRun,
  claimDueRuns,
  finishRun,
  forgetRun,
  markTold,
  postponeTelling,
  releaseClaims,
  renewClaim,
} from '../../../src/ledger/runs.ts';
import { openDatabaseAt } from '../../tracker.ts';
import { openWire } from '../../wire.ts';
import { connect, makeDatabase, withQuery } from '../tracker/example.ts';

const kinds = ['step'];

describe('a run', () => {
  let url: string;
  let sql: postgres.Sql;
  let one: Database;
  let other: Database;
  before(async () => {
    url = await makeDatabase();
    sql = connect(url);
    [one, other] = await Promise.all([openDatabaseAt(url), openDatabaseAt(url)]);
  });

  const asked = (id: string, claim: string, inputs: Record<string, unknown> = { n: 1 }) => ({
    ...{ tenant: 'T1', id, kind: 'step', door: 'step', inputs, claim },
  });
  const which = (id: string, claim: string) => ({ tenant: 'T1', id, claim });
  const done = (outcome: Record<string, unknown>, failed = false) => ({
    ...{ outcome, failed, told: false, alongside: undefined },
  });
  const twenty = <T>(call: (database: Database, n: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 20 }, (_, n) => call(n % 2 ? one : other, n)));
  /** As if so many seconds had passed since it was claimed. */
  const age = (id: string, seconds: number) => sql`
    update runs set
      due_at = due_at - make_interval(secs => ${seconds}), accepted_at = accepted_at - make_interval(secs => ${seconds})
    where run_id = ${id}`;
  const row = async (id: string) => (await sql`select * from runs where run_id = ${id}`)[0];

  test('that is delivered twenty times at once to two processes is run by one', async () => {
    const states = await twenty(async (database, n) => (await acceptRun(database, asked('R1', `claim ${n}`))).state);
    assert.deepEqual(states.toSorted(), ['ours', ...Array(19).fill('running')]);
  });

  test('stays with the claim that has it, however often that is repeated', async () => {
    for (let n = 0; n < 3; n++) {
      const acceptance = await acceptRun(one, asked('R2', 'mine'));
      assert.ok(acceptance.state === 'ours' && acceptance.attempts === 1);
      assert.deepEqual(await acceptRun(other, asked('R2', 'theirs')), { state: 'running' });
    }
  });

  test('tells its age, by the clock of the database', async () => {
    const isAbout = (ageMs: number | undefined, expectedMs: number) =>
      assert.ok(ageMs !== undefined && ageMs >= expectedMs && ageMs < expectedMs + 10_000, `${ageMs}`);
    const first = await acceptRun(one, asked('R2b', 'dead'));
    isAbout('ageMs' in first ? first.ageMs : undefined, 0);
    await age('R2b', 60);
    const again = await acceptRun(one, asked('R2b', 'other'));
    isAbout('ageMs' in again ? again.ageMs : undefined, 60_000);
    await age('R2b', 60);
    const [due] = await claimDueRuns(one, { tenant: 'T1', kinds, limit: 1, claim: 'sweep' });
    isAbout(due?.ageMs, 120_000);
    await forgetRun(one, which('R2b', due?.claim ?? ''));
  });

  test('whose claim has expired is begun again by one, which counts as an attempt', async () => {
    await acceptRun(one, asked('R3', 'dead'));
    await age('R3', 19);
    assert.equal((await acceptRun(other, asked('R3', 'early'))).state, 'running');
    await age('R3', 2);
    const acceptances = await twenty((database, n) => acceptRun(database, asked('R3', `later ${n}`)));
    const ours = acceptances.filter((acceptance) => acceptance.state === 'ours');
    assert.deepEqual(
      ours.map(({ attempts }) => attempts),
      [2],
    );
    assert.equal((await acceptRun(one, asked('R3', 'dead'))).state, 'running');
  });

  test('lasts as long as its claim is renewed, and no longer', async () => {
    await acceptRun(one, asked('R4', 'mine'));
    await age('R4', 15);
    assert.equal(await renewClaim(one, which('R4', 'mine')), true);
    await age('R4', 15);
    assert.equal((await acceptRun(other, asked('R4', 'theirs'))).state, 'running');
    await age('R4', 10);
    assert.equal((await acceptRun(other, asked('R4', 'theirs'))).state, 'ours');
    assert.equal(await renewClaim(one, which('R4', 'mine')), false);
  });

  test('keeps the outcome that came first, and every replay gets it', async () => {
    await acceptRun(one, asked('R5', 'mine'));
    assert.deepEqual(await finishRun(one, which('R5', 'mine'), done({ first: 1 })), { first: 1 });
    assert.deepEqual(await finishRun(one, which('R5', 'mine'), done({ second: 2 })), { first: 1 });
    await age('R5', 1_000);
    assert.deepEqual(await acceptRun(other, asked('R5', 'replay')), { state: 'finished', outcome: { first: 1 } });
  });

  test('is marked by nobody whose claim another has taken', async () => {
    await acceptRun(one, asked('R6', 'stale'));
    await age('R6', 21);
    await acceptRun(other, asked('R6', 'fresh'));
    const before = await row('R6');
    const stale = which('R6', 'stale');
    assert.equal(await finishRun(one, stale, done({ stale: true })), undefined);
    await markTold(one, { tenant: 'T1', runs: [stale, which('R5', 'mine')] });
    await postponeTelling(one, stale, 60);
    await forgetRun(one, stale);
    await releaseClaims(one, { tenant: 'T1', claims: ['stale'] });
    assert.deepEqual(await row('R6'), before);
  });

  test('that failed may be tried again with other inputs, and that did something may not', async () => {
    for (const failed of [true, false]) {
      const id = `failed ${failed}`;
      await acceptRun(one, asked(id, 'mine'));
      await finishRun(one, which(id, 'mine'), done({ failed }, failed));
      const again = await acceptRun(other, asked(id, 'again', { n: 2 }));
      assert.equal(again.state, failed ? 'ours' : 'finished');
      assert.deepEqual((await row(id))?.inputs, { n: failed ? 2 : 1 });
    }
  });

  test('that failed and is tried again has all of its tellings again', async () => {
    await acceptRun(one, asked('told in vain', 'mine'));
    await finishRun(one, which('told in vain', 'mine'), done({ error: 'no' }, true));
    await postponeTelling(one, which('told in vain', 'mine'), 0);
    await acceptRun(other, asked('told in vain', 'again'));
    assert.equal((await row('told in vain'))?.tellings, 0);
  });

  test('that failed and may have created something may not be tried again; what Jira refused may be asked anew', async () => {
    for (const [state, again] of [
      ['created', 'finished'],
      ['unknown', 'finished'],
      ['sending', 'finished'],
      ['refused', 'ours'],
    ] as const) {
      const id = `create ${state}`;
      await acceptRun(one, asked(id, 'mine'));
      await beginCreate(one, { tenant: 'T1', id, claim: 'mine' });
      if (state === 'created') await settleCreate(one, { tenant: 'T1', id }, { state, created: [] });
      else if (state !== 'sending') await settleCreate(one, { tenant: 'T1', id }, { state, reason: 'no' });
      await finishRun(one, which(id, 'mine'), done({ error: 'no' }, true));
      assert.equal((await acceptRun(other, asked(id, 'again'))).state, again);
      const standing = await beginCreate(one, { tenant: 'T1', id, claim: 'again' });
      assert.equal(standing.state, again === 'ours' ? 'ours' : state);
    }
  });

  test('that is due is claimed by one of many that look, the longest due first, ten at most', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `due ${String(n).padStart(2, '0')}`);
    for (const [n, id] of ids.entries()) {
      await acceptRun(one, { ...asked(id, 'dead'), tenant: 'T2' });
      await age(id, 100 - n);
    }
    const look = (database: Database, claim: string) =>
      claimDueRuns(database, { tenant: 'T2', kinds, limit: 10, claim });
    const [first] = [await look(one, 'first')];
    assert.deepEqual(first?.map(({ id }) => id).sort(), ids.slice(0, 10));
    const claimed = (await Promise.all([look(one, 'a'), look(other, 'b'), look(one, 'c'), look(other, 'd')])).flat();
    assert.deepEqual(claimed.map(({ id }) => id).sort(), ids.slice(10));
    assert.ok(claimed.every(({ attempts, inputs }) => attempts === 2 && inputs.n === 1));
    assert.deepEqual(await look(one, 'late'), []);
  });

  test('of a kind that a process does not know is left to one that does', async () => {
    const tenant = 'T2b';
    await acceptRun(one, { ...asked('of later', 'dead'), tenant, kind: 'later' });
    await sql`update runs set due_at = now() where run_id = 'of later'`;
    assert.deepEqual(await claimDueRuns(one, { tenant, kinds, limit: 1, claim: 'old' }), []);
    const [due] = await claimDueRuns(one, { tenant, kinds: ['step', 'later'], limit: 1, claim: 'new' });
    assert.equal(due?.attempts, 2);
  });

  test('that is accepted again with its own claim, however late, counts as begun once', async () => {
    await acceptRun(one, asked('R3b', 'mine'));
    await age('R3b', 60);
    const again = await acceptRun(one, asked('R3b', 'mine'));
    assert.ok(again.state === 'ours' && again.attempts === 1);
    await age('R3b', 15);
    await acceptRun(one, asked('R3b', 'mine'));
    await age('R3b', 15);
    assert.equal((await acceptRun(other, asked('R3b', 'theirs'))).state, 'running', 'its claim is counted from then');
  });

  test('that is finished and not told is due with its outcome, and does not count as begun again', async () => {
    const tenant = 'T3';
    await acceptRun(one, { ...asked('told', 'mine'), tenant });
    await finishRun(one, { ...which('told', 'mine'), tenant }, done({ outcome: 1 }));
    await age('told', 21);
    const [due] = await claimDueRuns(one, { tenant, kinds, limit: 1, claim: 'again' });
    assert.deepEqual([due?.outcome, due?.attempts, due?.tellings], [{ outcome: 1 }, 1, 0]);
    const claim = { tenant, id: 'told', claim: due?.claim ?? '' };
    await postponeTelling(one, claim, 0);
    const [later] = await claimDueRuns(one, { tenant, kinds, limit: 1, claim: 'later' });
    assert.equal(later?.tellings, 1);
    await markTold(one, { ...claim, runs: [{ ...claim, claim: later?.claim ?? '' }] });
    await age('told', 1_000);
    assert.deepEqual(await claimDueRuns(one, { tenant, kinds, limit: 1, claim: 'no more' }), []);
  });

  test('that was given up by its process is due at once', async () => {
    const tenant = 'T4';
    await acceptRun(one, { ...asked('released', 'mine'), tenant });
    await releaseClaims(one, { tenant, claims: ['mine'] });
    assert.equal((await claimDueRuns(other, { tenant, kinds, limit: 1, claim: 'next' })).length, 1);
  });

  test("is one tenant's own", async () => {
    await acceptRun(one, { ...asked('shared', 'mine'), tenant: 'T5' });
    assert.equal((await acceptRun(one, { ...asked('shared', 'theirs'), tenant: 'T6' })).state, 'ours');
    await age('shared', 21);
    const due = await claimDueRuns(one, { tenant: 'T5', kinds, limit: 10, claim: 'look' });
    assert.equal(due.length, 1);
  });

  test('stores what goes along with its outcome in the same trip, and each of its marks is one trip', async () => {
    const wire = await openWire(url);
    const database = await openDatabaseAt(withQuery(wire.url, { max: 1 }));
    const alongside = statement`
      insert into channels (tenant_id, channel_id, project) values ('T1', 'C1', ${'PLAT'})
      on conflict (tenant_id, channel_id) do update set project = excluded.project`;
    const calls: Record<string, (id: string) => Promise<unknown>> = {
      accept: (id) => acceptRun(database, asked(id, 'mine')),
      renew: (id) => renewClaim(database, which(id, 'mine')),
      finish: (id) => finishRun(database, which(id, 'mine'), { ...done({ id }), alongside }),
      tell: (id) => markTold(database, { tenant: 'T1', runs: [which(id, 'mine'), which('R5', 'mine')] }),
      postpone: (id) => postponeTelling(database, which(id, 'mine'), 5),
      forget: (id) => forgetRun(database, which(id, 'mine')),
      release: () => releaseClaims(database, { tenant: 'T1', claims: ['mine'] }),
      claim: () => claimDueRuns(database, { tenant: 'T9', kinds, limit: 10, claim: 'look' }),
    };
    // The first of each kind has its statement prepared.
    for (const call of Object.values(calls)) await call('trips 0');
    for (const [name, call] of Object.entries(calls)) {
      wire.trips = 0;
      await call('trips 1');
      assert.equal(wire.trips, 1, name);
    }
    assert.equal((await sql`select project from channels`)[0]?.project, 'PLAT');
  });
});
