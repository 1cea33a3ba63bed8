import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Tracker } from '../../../src/tracker/index.ts';
import type { Settled } from '../../../src/tracker/requests.ts';
import { connect, makeDatabase, open } from './example.ts';

const CREATED: Settled = { state: 'created', created: [{ id: '10001', key: 'PLAT-1' }] };
const REFUSED: Settled = { state: 'refused', reason: `It's “not” done: \\ "quoted", \n and {braces}` };
const UNKNOWN: Settled = { state: 'unknown', reason: 'Nobody knows.' };

describe('a request', () => {
  let sql: postgres.Sql;
  let one: Tracker;
  let other: Tracker;
  before(async () => {
    const url = await makeDatabase();
    sql = connect(url);
    [one, other] = await Promise.all([open(url), open(url)]);
  });

  const which = (request: string) => ({ tenant: 'T1', request });
  const ask = (request: string, claim: string, summary = 'first') => ({
    ...which(request),
    kind: 'create_and_track',
    inputs: { summary },
    door: 'command',
    claim,
  });
  const sending = (request: string, claim: string) => ({ ...which(request), kind: 'create_ticket', claim });
  const age = (request: string, seconds: number) => sql`
    update requests set claimed_at = claimed_at - make_interval(secs => ${seconds}) where request_id = ${request}`;
  const jobs = (request: string) => sql`
    select run_at > now() + interval '20 seconds' as later from graphile_worker._private_jobs where key = ${`T1 ${request}`}`;
  const twenty = <T>(run: (tracker: Tracker, i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 20 }, (_, i) => run(i % 2 ? one : other, i)));
  /** Accepted, sent and settled by one call. */
  async function brought(request: string, to: Settled): Promise<void> {
    await one.acceptRequest(ask(request, 'mine'));
    await one.sendRequest(sending(request, 'mine'));
    await one.settleRequest(which(request), to);
  }

  test('that is submitted twenty times at once to two processes is run by one, with one job', async () => {
    const turns = await twenty((tracker, i) => tracker.acceptRequest(ask('R1', `claim ${i}`)));
    assert.equal(turns.filter((turn) => turn === 'ours').length, 1);
    assert.equal(turns.filter((turn) => turn === 'running').length, 19);
    assert.deepEqual([...(await jobs('R1'))], [{ later: true }]);
  });

  test('is sent by one of twenty that try, and a repeated statement is that one again', async () => {
    await one.acceptRequest(ask('R2', 'mine'));
    const standings = await twenty((tracker, i) => tracker.sendRequest(sending('R2', `claim ${i}`)));
    assert.deepEqual(new Set(standings.map(({ state }) => state)), new Set(['ours', 'sending']));
    assert.equal(standings.filter(({ state }) => state === 'ours').length, 1);
    const winner = `claim ${standings.findIndex(({ state }) => state === 'ours')}`;
    assert.deepEqual(await other.sendRequest(sending('R2', winner)), { state: 'ours' });
  });

  test('that nobody accepted here, since Slack did, is sent by one of twenty as well', async () => {
    const standings = await twenty((tracker, i) => tracker.sendRequest(sending('R3', `claim ${i}`)));
    assert.equal(standings.filter(({ state }) => state === 'ours').length, 1);
    assert.deepEqual([...(await jobs('R3'))], [], 'its step has a job of its own');
  });

  for (const settled of [CREATED, REFUSED, UNKNOWN]) {
    test(`that is ${settled.state} is never sent again, and says what it came to`, async () => {
      const request = `settled ${settled.state}`;
      await brought(request, settled);
      assert.deepEqual(await other.sendRequest(sending(request, 'another')), settled);
    });
  }

  test('has the first certain outcome, and what was unknown may be found later', async () => {
    await brought('R4', UNKNOWN);
    assert.deepEqual(await one.settleRequest(which('R4'), UNKNOWN), UNKNOWN);
    assert.deepEqual(await one.settleRequest(which('R4'), CREATED), CREATED);
    for (const late of [REFUSED, UNKNOWN]) assert.deepEqual(await other.settleRequest(which('R4'), late), CREATED);
  });

  for (const settled of [CREATED, UNKNOWN]) {
    test(`that is ${settled.state} blocks a second submit of the same form`, async () => {
      const request = `blocked by ${settled.state}`;
      await brought(request, settled);
      await one.finishRequest(which(request));
      await age(request, 1_000);
      assert.equal(await other.acceptRequest(ask(request, 'again', 'corrected')), 'done');
      assert.deepEqual([...(await jobs(request))], []);
    });
  }

  test('that Jira refused may be corrected, with other inputs, by one of twenty', async () => {
    await brought('R5', REFUSED);
    await one.finishRequest(which('R5'));
    const turns = await twenty((tracker, i) => tracker.acceptRequest(ask('R5', `again ${i}`, 'corrected')));
    assert.equal(turns.filter((turn) => turn === 'ours').length, 1);
    assert.deepEqual((await sql`select inputs from requests where request_id = 'R5'`)[0]?.inputs, {
      summary: 'corrected',
    });
    assert.equal((await jobs('R5')).length, 1);
    assert.deepEqual(await one.sendRequest(sending('R5', 'again')), { state: 'ours' });
  });

  test('that came to nothing before Jira was asked may be made again', async () => {
    await one.acceptRequest(ask('R6', 'mine'));
    await one.finishRequest(which('R6'));
    assert.deepEqual([...(await jobs('R6'))], []);
    assert.equal(await one.acceptRequest(ask('R6', 'again')), 'ours');
  });

  test('is taken over after twenty seconds, by one, and not by whoever had it', async () => {
    await one.acceptRequest(ask('R7', 'crashed'));
    assert.equal((await other.claimRequest({ ...which('R7'), claim: 'early' }))?.turn, 'running');
    await age('R7', 21);
    const claims = await twenty((tracker, i) => tracker.claimRequest({ ...which('R7'), claim: `job ${i}` }));
    const ours = claims.filter((claim) => claim?.turn === 'ours');
    assert.deepEqual(ours, [{ turn: 'ours', kind: 'create_and_track', inputs: { summary: 'first' }, door: 'command' }]);
    assert.equal((await one.claimRequest({ ...which('R7'), claim: 'crashed' }))?.turn, 'running');
    assert.equal(await one.claimRequest({ ...which('nobody'), claim: 'x' }), undefined);
  });

  test('whose create is in doubt is not finished: its job stays, and whoever comes is told since when', async () => {
    await one.acceptRequest(ask('R8', 'mine'));
    await one.sendRequest(sending('R8', 'mine'));
    await one.finishRequest(which('R8'));
    assert.equal((await jobs('R8')).length, 1);
    const standing = await other.sendRequest(sending('R8', 'another'));
    assert.ok(standing.state === 'sending' && Math.abs(Date.now() - standing.sentAt.getTime()) < 60_000);
    await age('R8', 21);
    assert.equal(
      await other.acceptRequest(ask('R8', 'resubmitted', 'corrected')),
      'ours',
      'to find out what became of it',
    );
    assert.equal((await other.sendRequest(sending('R8', 'resubmitted'))).state, 'sending');
    await other.settleRequest(which('R8'), CREATED);
    await other.finishRequest(which('R8'));
    assert.equal((await jobs('R8')).length, 0);
  });

  test("is one tenant's own", async () => {
    await brought('R9', CREATED);
    const theirs = { ...ask('R9', 'theirs'), tenant: 'T2' };
    assert.equal(await one.acceptRequest(theirs), 'ours');
    assert.deepEqual(await one.sendRequest({ ...sending('R9', 'theirs'), tenant: 'T2' }), { state: 'ours' });
    assert.equal(await one.claimRequest({ ...which('R9'), tenant: 'T3', claim: 'x' }), undefined);
  });

  test('is kept for thirty days, and longer while its create is in doubt', async () => {
    await brought('R10', CREATED);
    await brought('R11', UNKNOWN);
    await one.sendRequest(sending('R12', 'mine'));
    await brought('R13', CREATED);
    await sql`
      update requests set accepted_at = now() - interval '31 days' where request_id in ('R10', 'R11', 'R12')`;
    await one.clean();
    const kept = await sql<{ request_id: string }[]>`
      select request_id from requests where request_id in ('R10', 'R11', 'R12', 'R13') order by request_id`;
    assert.deepEqual(
      kept.map(({ request_id }) => request_id),
      ['R12', 'R13'],
    );
  });
});
