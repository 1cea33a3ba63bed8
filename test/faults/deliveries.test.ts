import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { type MaroProcess, startProcess, until, type World, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';

type Tracked = { issue_id: string; tracked_at: Date; operation_id: string };

describe('a step that Slack delivers again', () => {
  let w: World;
  const maros: MaroProcess[] = [];
  const start = async () => maros.push(await startProcess(w));
  before(async () => {
    w = await world();
    await Promise.all([start(), start()]);
    await w.slack.connected(2);
  });

  const inputs = (issue_keys: string, channel_id = 'C1') => ({ channel_id, issue_keys, user_id: 'U0ADA' });
  const tracked = (channel: string) =>
    rows<Tracked>(
      w.databaseUrl,
      'select issue_id, tracked_at, operation_id from tracked_issues where channel_id = $1',
      channel,
    );
  const outcomes = ({ attempts }: Execution) => attempts.map(({ args }) => args.outputs ?? args.error);
  /** As if `ms` had passed since somebody took the execution. */
  const age = ({ id }: Execution, ms: number) =>
    rows(w.databaseUrl, `update runs set due_at = due_at - $2::int * interval '1 ms' where run_id = $1`, id, ms);

  test('has its effect once, and every replay gets the same outcome', async () => {
    const execution = w.slack.step('track', inputs('PLAT-1'));
    await execution.finished;
    const first = await tracked('C1');
    assert.equal(first[0]?.operation_id, execution.id);
    for (const retryNum of [0, 1, 2, 3]) assert.equal((await w.slack.redeliver(execution, { retryNum })).ok, true);
    await until(() => execution.attempts.length === 5, 'each delivery has been answered');
    assert.equal(execution.completions, 1);
    assert.equal(new Set(outcomes(execution).map((outcome) => JSON.stringify(outcome))).size, 1);
    assert.deepEqual(await tracked('C1'), first, 'not even the time of tracking has changed');
  });

  test('is done when the retry is the only delivery that arrives', async () => {
    w.slack.trouble.silence(true);
    const execution = w.slack.step('track', inputs('PLAT-2', 'C2'));
    await until(() => w.slack.log.some(({ args }) => args === execution.event), 'the first delivery is out');
    w.slack.clock.advance(3_001);
    w.slack.trouble.silence(false);
    assert.deepEqual(await execution.delivered, [{ ok: false, reason: 'http_timeout' }]);
    assert.equal((await execution.finished).state, 'completed');
    assert.equal((await tracked('C2')).length, 1);
  });

  test('long after is told what came of it, a failure too, and nothing is tried again', async () => {
    const newest = w.jira.issues.create('PLAT', { summary: 'The newest' }).key;
    const next = newest.replace(/\d+/, (number) => String(Number(number) + 1));
    const execution = w.slack.step('track', inputs(next));
    const { error } = await execution.finished;
    assert.match(error ?? '', /^Nothing was tracked\. PLAT-\d+: not found/);
    await age(execution, 3_600_000);
    assert.equal(w.jira.issues.create('PLAT', { summary: 'It would be found by now' }).key, next);
    const asked = w.jira.count();
    await w.slack.redeliver(execution, { retryNum: 3 });
    await until(() => execution.attempts.length === 2, 'the replay is answered');
    assert.deepEqual(outcomes(execution), [error, error]);
    assert.equal(w.jira.count(), asked);
  });

  test('twenty times at once to two processes is one execution with one outcome', async () => {
    w.jira.resetRequests();
    w.jira.trouble('bulkfetch', { kind: 'latency', ms: 200 });
    const execution = w.slack.step('track', inputs('SHOP-1 SHOP-2', 'C4'), { deliveries: 20 });
    assert.ok((await execution.delivered).every(({ ok }) => ok));
    await execution.finished;
    await w.slack.redeliver(execution);
    await until(() => execution.attempts.length > 1, 'a late replay is answered');
    w.jira.trouble('bulkfetch', undefined);
    assert.equal(w.jira.count('bulkfetch'), 1, 'one process did the work, once');
    assert.equal(execution.completions, 1);
    assert.equal(new Set(outcomes(execution).map((outcome) => JSON.stringify(outcome))).size, 1);
    // The mark waits some milliseconds for others.
    const told = 'select from runs where run_id = $1 and finished_at is not null and told_at is not null';
    await until(
      async () => (await rows(w.databaseUrl, told, execution.id)).length === 1,
      'the outcome is marked as told',
    );
    assert.deepEqual(
      (await tracked('C4')).map(({ operation_id }) => operation_id),
      [execution.id, execution.id],
    );
  });

  test('is done by the next process when the one that had it was killed', async () => {
    w.jira.trouble('bulkfetch', { kind: 'no_answer', times: 3 });
    const abandoned = w.slack.step('track', inputs('PLAT-3', 'D1'));
    const soon = w.slack.step('track', inputs('PLAT-4', 'D1'));
    const held = w.slack.step('track', inputs('PLAT-5', 'D1'));
    await Promise.all([abandoned.delivered, soon.delivered, held.delivered]);
    await until(() => w.jira.count('bulkfetch') === 4, 'all three are at work');
    for (const maro of maros) maro.kill('SIGKILL');
    for (const maro of maros) assert.equal(await maro.ended, 'SIGKILL');
    assert.deepEqual(await tracked('D1'), [], 'nobody finished');
    await until(() => w.slack.connections() === 0, 'Slack has seen the connections end');
    await start();

    await age(abandoned, 30_000);
    await w.slack.redeliver(abandoned);
    assert.equal((await abandoned.finished).state, 'completed');

    // This claim still holds when the replay comes, for some seconds: the run waits until then.
    await age(soon, 26_000);
    await w.slack.redeliver(soon);
    await w.slack.redeliver(held);
    assert.equal(soon.attempts.length, 0);
    assert.equal((await soon.finished).state, 'completed');
    assert.equal(held.attempts.length, 0, 'what may still be at work elsewhere is left alone');
    assert.deepEqual(
      (await tracked('D1')).map(({ operation_id }) => operation_id).sort(),
      [abandoned.id, soon.id].sort(),
    );
    assert.deepEqual([abandoned.attempts.length, soon.attempts.length], [1, 1]);
  });

  test('leaves nothing in the log of what was typed, and no token', () => {
    assert.equal(maros.length, 3);
    assertPrivate(maros, w, ['PLAT-', 'SHOP-', 'U0ADA']);
    assert.deepEqual(
      w.slack.refusals.filter(({ error }) => error !== 'execution_not_in_running_state'),
      [],
    );
  });
});
