import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Tracker } from '../../../src/tracker/index.ts';
import { connect, makeDatabase, open } from './example.ts';

describe('an execution', () => {
  let sql: postgres.Sql;
  let one: Tracker;
  let other: Tracker;
  before(async () => {
    const url = await makeDatabase();
    sql = connect(url);
    [one, other] = await Promise.all([open(url), open(url)]);
  });

  const named = (functionExecutionId: string) => ({ tenant: 'T1', functionExecutionId });
  const execution = (functionExecutionId: string, claim: string, inputs: Record<string, unknown> = {}) => ({
    ...named(functionExecutionId),
    callbackId: 'track',
    inputs,
    claim,
  });
  const acceptances = (id: string, generation: string) =>
    Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? one : other).accept(execution(id, `${generation} ${i}`))),
    );
  const age = (id: string, seconds: number) => sql`
    update step_executions set claimed_at = claimed_at - make_interval(secs => ${seconds})
    where function_execution_id = ${id}`;

  test('that is delivered twenty times at once to two processes is run by one', async () => {
    const claims = await acceptances('Fx1', 'first');
    assert.equal(claims.filter(({ state }) => state === 'ours').length, 1);
    const running = claims.filter((claim) => claim.state === 'running');
    assert.equal(running.length, 19);
  });

  test('stays with the claim that has it, however often that is repeated', async () => {
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await one.accept(execution('Fx2', 'mine')), { state: 'ours' });
      assert.equal((await other.accept(execution('Fx2', 'another'))).state, 'running');
    }
  });

  test('that is not finished after twenty seconds is taken over by one', async () => {
    await one.accept(execution('Fx3', 'crashed'));
    await age('Fx3', 15);
    const claim = await other.accept(execution('Fx3', 'early'));
    assert.equal(claim.state, 'running');
    await age('Fx3', 6);
    const claims = await acceptances('Fx3', 'second');
    assert.equal(claims.filter(({ state }) => state === 'ours').length, 1);
    assert.equal(claims.filter(({ state }) => state === 'running').length, 19);
    assert.equal((await one.accept(execution('Fx3', 'crashed'))).state, 'running');
  });

  test('has the outcome that came first, and every replay gets it', async () => {
    await one.accept(execution('Fx4', 'mine'));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? one : other).finish(named('Fx4'), { outputs: { tracked: true, count: i } }),
      ),
    );
    const [outcome] = outcomes;
    assert.deepEqual(
      outcomes,
      outcomes.map(() => outcome),
    );
    assert.deepEqual(await one.finish(named('Fx4'), { error: 'too late' }), outcome);
    for (const claim of ['mine', 'a replay']) {
      assert.deepEqual(await other.accept(execution('Fx4', claim)), { state: 'finished', outcome });
    }
    await age('Fx4', 1_000);
    assert.deepEqual(await other.accept(execution('Fx4', 'much later')), { state: 'finished', outcome });
  });

  test('that failed has its sentence as its outcome', async () => {
    const outcome = { error: `It's “not” done: \\ "quoted", \n and {braces}` };
    await one.accept(execution('Fx5', 'mine'));
    assert.deepEqual(await one.finish(named('Fx5'), outcome), outcome);
    assert.deepEqual(await one.accept(execution('Fx5', 'a replay')), { state: 'finished', outcome });
  });

  test('that was never accepted keeps the outcome it came to', async () => {
    assert.deepEqual(await one.finish(named('Fx6'), { error: 'not stored' }), { error: 'not stored' });
    assert.deepEqual(await one.accept(execution('Fx6', 'mine')), { state: 'ours' });
  });

  test('keeps inputs and outputs that PostgreSQL has no letters for', async () => {
    const inputs = { keys: 'PLAT-1\0 \ud800 \\u0000 \'";--', nested: [{ __proto__: null, a: 1 }] };
    assert.deepEqual(await one.accept(execution('Fx7\'";--', 'mine', inputs)), { state: 'ours' });
    const outcome = { outputs: { text: '\0\udfff', count: 0, tracked: false } };
    assert.deepEqual(await one.finish(named('Fx7\'";--'), outcome), outcome);
    const [row] = await sql`select inputs from step_executions where function_execution_id = ${'Fx7\'";--'}`;
    assert.deepEqual(row?.inputs.keys, inputs.keys);
  });

  test('of one tenant is none of another, although both are called the same', async () => {
    const theirs = { ...execution('Fx8', 'theirs'), tenant: 'T2' };
    assert.deepEqual(await one.accept(execution('Fx8', 'mine')), { state: 'ours' });
    assert.deepEqual(await one.accept(theirs), { state: 'ours' });
    await one.finish(theirs, { error: 'theirs' });
    assert.deepEqual(await one.accept(execution('Fx8', 'mine')), { state: 'ours' });
    assert.deepEqual(await one.finish(named('Fx8'), { error: 'mine' }), { error: 'mine' });
  });
});
