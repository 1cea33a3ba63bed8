import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Database } from '../../../src/database/pool.ts';
import { acceptRun, claimDueRuns, parkRun } from '../../../src/ledger/runs.ts';
import { choose, questionPosted, waitForChoice } from '../../../src/tracker/choices.ts';
import { suggest } from '../../../src/tracker/suggest.ts';
import { openDatabaseAt } from '../../tracker.ts';
import { connect, issue, makeDatabase, open, tracking } from './example.ts';

describe('a run that waits for a choice', () => {
  let sql: postgres.Sql;
  let database: Database;
  let tenant: string;
  let url: string;
  before(async () => {
    url = await makeDatabase();
    sql = connect(url);
    database = await openDatabaseAt(url);
  });
  beforeEach(() => {
    tenant = `T-${randomUUID()}`;
  });

  async function begin(id: string): Promise<{ claim: string; until: Date }> {
    const claim = randomUUID();
    await acceptRun(database, { tenant, id, kind: 'step', door: 'step', inputs: {}, claim });
    const { until } = await waitForChoice(database, { tenant, run: id, minutes: 60 });
    return { claim, until };
  }
  const pick = (run: string, choice: string, by = 'U1') => choose(database, { tenant, run, choice, by });
  const due = async () =>
    (await claimDueRuns(database, { tenant, kinds: ['step'], limit: 100, claim: randomUUID() })).map(({ id }) => id);

  test('takes the first choice, says so again when it is repeated, and is due once', async () => {
    const { claim, until } = await begin('a');
    await parkRun(database, { tenant, id: 'a', claim }, until);
    assert.deepEqual(await pick('a', 'PLAT-1'), { state: 'chosen' });
    assert.deepEqual(await pick('a', 'PLAT-1'), { state: 'chosen' });
    assert.deepEqual(await pick('a', 'PLAT-2'), { state: 'chosen already', choice: 'PLAT-1', by: 'U1' });
    assert.deepEqual(await pick('a', 'PLAT-1', 'U2'), { state: 'chosen already', choice: 'PLAT-1', by: 'U1' });
    assert.deepEqual(await due(), ['a']);
    const { chosen } = await waitForChoice(database, { tenant, run: 'a', minutes: 1 });
    assert.deepEqual(chosen, { choice: 'PLAT-1', by: 'U1' });
  });

  test('takes one of many choices at once, while the run is put off, and misses none', async () => {
    for (let round = 0; round < 40; round++) {
      const id = `run ${round}`;
      const { claim, until } = await begin(id);
      const [, ...made] = await Promise.all([
        parkRun(database, { tenant, id, claim }, until),
        ...['PLAT-1', 'PLAT-2', 'PLAT-3'].map((key) => pick(id, key, `U-${key}`)),
      ]);
      assert.equal(made.filter(({ state }) => state === 'chosen').length, 1);
      assert.equal(made.filter(({ state }) => state === 'chosen already').length, 2);
      assert.deepEqual(await due(), [id]);
      await sql`delete from waits where run_id = ${id}`;
    }
  });

  test('takes none when the time is over, for another tenant, or for a run that is unknown', async () => {
    await begin('a');
    assert.deepEqual(await pick('b', 'PLAT-1'), { state: 'over' });
    const other = { tenant: 'T-other', run: 'a', choice: 'PLAT-1', by: 'U1' };
    assert.deepEqual(await choose(database, other), { state: 'over' });
    await sql`update waits set until_at = now() where tenant_id = ${tenant}`;
    assert.deepEqual(await pick('a', 'PLAT-1'), { state: 'over' });
    const { isOver, chosen } = await waitForChoice(database, { tenant, run: 'a', minutes: 60 });
    assert.deepEqual([isOver, chosen], [true, undefined]);
  });

  test('keeps the time of its first call, and where the question is', async () => {
    const { until } = await begin('a');
    await questionPosted(database, { tenant, run: 'a', channel: 'C1', ts: '1.2' });
    assert.deepEqual(await waitForChoice(database, { tenant, run: 'a', minutes: 1 }), {
      ...{ until, isOver: false, chosen: undefined, isAsking: true },
      question: { channel: 'C1', ts: '1.2' },
    });
  });

  test('is offered the issues of the channel that have all the words, and no others', async () => {
    const tracker = await open(url);
    const some = [
      issue(1, { summary: 'Sign in with 50% of the “Account”' }),
      issue(2, { summary: 'Sign out', category: 'done' }),
      issue(12, { summary: 'Other' }),
      issue(3, { key: 'SHOP-3', summary: 'Sign in the shop' }),
      issue(4, { summary: 'Sign in, gone' }),
    ];
    await tracker.track(tracking(some, { tenant, channel: 'C1' }));
    await tracker.track(tracking([issue(5, { summary: 'Sign in elsewhere' })], { tenant, channel: 'C2' }));
    await sql`update jira_issues set gone_at = now() where tenant_id = ${tenant} and issue_key = 'PLAT-4'`;
    const keys = async (typed: string, projects: string[] = ['PLAT']) => {
      const words = typed.split(' ').filter((word) => word !== '');
      return (await suggest(database, { tenant, channel: 'C1', words, projects, limit: 10, others: 0 })).map(
        ({ key }) => key,
      );
    };
    assert.deepEqual((await keys('')).toSorted(), ['PLAT-1', 'PLAT-12', 'PLAT-2']);
    assert.deepEqual(await keys('IN sign'), ['PLAT-1']);
    assert.deepEqual((await keys('sign', [])).toSorted(), ['PLAT-1', 'PLAT-2', 'SHOP-3']);
    assert.deepEqual(await keys('plat-1'), ['PLAT-1', 'PLAT-12']);
    assert.deepEqual(await keys('plat-12'), ['PLAT-12']);
    assert.deepEqual(await keys('50% “account'), ['PLAT-1']);
    assert.deepEqual(await keys('_'), []);
    assert.equal((await keys('sign')).at(-1), 'PLAT-2', 'done issues come last');
  });
});
