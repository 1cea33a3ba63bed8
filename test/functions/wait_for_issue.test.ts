import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { startMaro, until, type World, world } from '../maro.ts';
import { rows } from '../rows.ts';

const SECRET = 'a-secret-of-the-webhook';

describe('the step wait_for_issue', () => {
  let w: World;
  let maro: Awaited<ReturnType<typeof startMaro>>;
  beforeEach(async () => {
    w = await world();
    maro = await startWithWebhook();
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  async function startWithWebhook() {
    const started = await startMaro(w, { PORT: '0', JIRA_WEBHOOK_SECRET: SECRET });
    w.jira.webhooks.register({ url: `http://127.0.0.1:${started.port}/jira/webhook`, secret: SECRET });
    return started;
  }
  const start = (issue_key: string, inputs: object = {}) => w.slack.step('wait_for_issue', { issue_key, ...inputs });
  const parked = () =>
    rows<{ run_id: string }>(w.databaseUrl, `select run_id from runs where claimed_by = '' and finished_at is null`);
  const wait = (count = 1) => until(async () => (await parked()).length === count, `${count} steps wait`);
  const letTimePass = () =>
    rows(
      w.databaseUrl,
      'with w as (update waits set until_at = now()) update runs set due_at = now() where finished_at is null',
    );

  test('completes when the issue is done, whatever the status is called', async () => {
    const { finished } = start('SHOP-17');
    await wait();
    w.jira.issues.edit('SHOP-17', { status: 'Erledigt' });
    const { state, outputs } = await finished;
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, {
      reached: true,
      timed_out: false,
      issue_key: 'SHOP-17',
      issue_url: `${w.jira.site}/browse/SHOP-17`,
      summary: 'Gutschein wird doppelt abgezogen',
      status: 'Erledigt',
      assignee: outputs.assignee,
      error: '',
    });
  });

  test('waits for a status by its name in any case, and for no other', async () => {
    const { finished } = start('PLAT-4', { status: ' in REVIEW ' });
    await wait();
    w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
    await w.jira.webhooks.settled();
    w.jira.issues.edit('PLAT-4', { status: 'In Review' });
    const { outputs } = await finished;
    assert.deepEqual([outputs.reached, outputs.status], [true, 'In Review']);
  });

  test('completes at once if the issue has the status already', async () => {
    const { outputs } = await start('PLAT-2').finished;
    assert.deepEqual([outputs.reached, outputs.timed_out, outputs.status], [true, false, 'Done']);
  });

  test('stops when the time is over', async () => {
    const { finished } = start('PLAT-4', { hours: 1 });
    await wait();
    await letTimePass();
    const { state, outputs } = await finished;
    assert.equal(state, 'completed');
    assert.deepEqual([outputs.reached, outputs.timed_out, outputs.status], [false, true, 'To Do']);
  });

  test('waits on while Jira does not answer', async () => {
    const { finished } = start('PLAT-4');
    await wait();
    const [first] = await rows<{ until_at: Date }>(w.databaseUrl, 'select until_at from waits');
    w.jira.trouble('bulkfetch', { kind: 'server_error', status: 503 });
    const asked = w.jira.count();
    w.jira.issues.edit('PLAT-4', { status: 'Done' });
    await until(() => w.jira.count() > asked, 'Maro asks Jira');
    await wait();
    w.jira.trouble('bulkfetch', undefined);
    await rows(w.databaseUrl, `update runs set due_at = now() where claimed_by = ''`);
    assert.equal((await finished).outputs.reached, true);
    assert.deepEqual(await rows(w.databaseUrl, 'select until_at from waits'), [first]);
  });

  test('follows an issue that moves', async () => {
    const { finished } = start('PLAT-4');
    await wait();
    w.jira.issues.move('PLAT-4', 'SHOP');
    await w.jira.webhooks.settled();
    w.jira.issues.edit('PLAT-4', { status: 'Erledigt' });
    const { outputs } = await finished;
    assert.equal(outputs.reached, true);
    assert.match(String(outputs.issue_key), /^SHOP-/);
  });

  test('says that an issue is gone', async () => {
    const { finished } = start('PLAT-4');
    await wait();
    w.jira.issues.remove('PLAT-4');
    const { state, error } = await finished;
    const sentence = 'Maro stopped waiting. PLAT-4: not found. There’s no such issue, or Maro can’t see it.';
    assert.deepEqual([state, error], ['failed', sentence]);
  });

  test('completes each of many steps once, however often Jira tells of the change', async () => {
    const steps = Array.from({ length: 12 }, () => start('PLAT-4'));
    await wait(12);
    w.jira.webhooks.trouble({ kind: 'doubled' });
    w.jira.issues.edit('PLAT-4', { status: 'Done' });
    const ended = await Promise.all(steps.map(({ finished }) => finished));
    assert.deepEqual(new Set(ended.map(({ outputs }) => outputs.reached)), new Set([true]));
    await w.jira.webhooks.settled();
    assert.equal(w.slack.calls('functions.completeSuccess').length, 12);
  });

  test('goes on in another process when the one that waits has ended', async () => {
    const { finished } = start('PLAT-4');
    await wait();
    await maro.stop();
    await startWithWebhook();
    w.jira.issues.edit('PLAT-4', { status: 'Done' });
    assert.equal((await finished).outputs.reached, true);
  });

  for (const [issue_key, inputs, sentence] of [
    ['PLAT-999', {}, 'Maro didn’t wait. PLAT-999: not found. There’s no such issue, or Maro can’t see it.'],
    ['PLAT-1 PLAT-2', {}, 'Maro didn’t wait. That’s 2 issues, and this takes one.'],
    ['PLAT-4', { hours: 0 }, 'Maro didn’t wait. “Hours to wait” is 0. It can be 1 to 672.'],
    ['PLAT-4', { hours: 673 }, 'Maro didn’t wait. “Hours to wait” is 673. It can be 1 to 672.'],
  ] as const) {
    test(`does not wait for ${issue_key} ${JSON.stringify(inputs)}`, async () => {
      assert.equal((await start(issue_key, inputs).finished).error, sentence);
      assert.deepEqual(await rows(w.databaseUrl, 'select from waits'), []);
    });
  }
});
