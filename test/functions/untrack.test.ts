import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { startMaro, type World, world } from '../maro.ts';
import { rows } from '../rows.ts';

describe('the step untrack', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  const step = async (name: string, issue_keys: string, inputs: object): Promise<Execution> =>
    w.slack.step(name, { channel_id: 'C1', issue_keys, ...inputs }).finished;
  const track = (keys: string, inputs: object = {}) => step('track', keys, inputs);
  const run = (keys: string, inputs: object = {}) => step('untrack', keys, inputs);
  const tracked = async (channel: string, tenant = 'T0ACME') =>
    (
      await rows<{ issue_key: string }>(
        w.databaseUrl,
        `select issue_key from tracked_issues join jira_issues using (tenant_id, site, issue_id)
         where tenant_id = $1 and channel_id = $2 order by issue_key`,
        tenant,
        channel,
      )
    ).map(({ issue_key }) => issue_key);

  test('takes issues off the list of its channel alone', async () => {
    await track('PLAT-1 PLAT-2 SHOP-1');
    await track('PLAT-1', { channel_id: 'C2' });
    const { state, outputs } = await run('plat-1, SHOP-1 plat-1', { user_id: 'U0BEN' });
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, {
      untracked: true,
      count: 2,
      issue_keys: 'PLAT-1, SHOP-1',
      skipped: '',
      stays_off: '',
      error: '',
    });
    assert.deepEqual(await tracked('C1'), ['PLAT-2']);
    assert.deepEqual(await tracked('C2'), ['PLAT-1']);
  });

  test('counts what was not tracked in the first place, since it is not tracked now', async () => {
    for (let times = 0; times < 2; times++) {
      const { state, outputs } = await run('PLAT-2 PLAT-999');
      assert.equal(state, 'completed');
      assert.deepEqual(outputs, {
        untracked: true,
        count: 2,
        issue_keys: 'PLAT-2, PLAT-999',
        skipped: '',
        stays_off: '',
        error: '',
      });
    }
  });

  test('untracks what it can, and says what it skipped and why', async () => {
    await track('PLAT-1');
    const { state, outputs } = await run('foo PLAT-1 https://other.example/browse/PLAT-1 <!here>');
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, {
      untracked: false,
      count: 1,
      issue_keys: 'PLAT-1',
      skipped:
        'foo: not an issue key; https://other.example/browse/PLAT-1: another Jira site; ‹!here›: not an issue key.',
      stays_off: '',
      error: '',
    });
    assert.deepEqual(await tracked('C1'), []);
  });

  test('fails with a sentence when nothing could be untracked, and goes on with it when told to', async () => {
    for (const [keys, sentence] of [
      ['foo ../../x', 'Nothing was untracked. foo: not an issue key; ../../x: not an issue key.'],
      [', ,', 'Nothing was untracked. Add an issue key, such as PLAT-12.'],
    ] as const) {
      const failed = await run(keys);
      assert.deepEqual([failed.state, failed.error], ['failed', sentence]);
      const { state, outputs } = await run(keys, { continue_on_error: true });
      assert.equal(state, 'completed');
      assert.deepEqual(outputs, {
        untracked: false,
        count: 0,
        issue_keys: '',
        skipped: '',
        stays_off: '',
        error: sentence,
      });
    }
  });

  test('changes nothing when it is given more than a hundred keys', async () => {
    await track('PLAT-1');
    const keys = Array.from({ length: 101 }, (_, i) => `PLAT-${i + 1}`).join(',');
    const { state, error } = await run(keys);
    assert.equal(state, 'failed');
    assert.match(String(error), /^That’s 101 issues, and the limit is 100\. Nothing changed/);
    assert.deepEqual(await tracked('C1'), ['PLAT-1']);
  });

  test('takes a link of the site for a key', async () => {
    const { site } = w.jira;
    await track('PLAT-1 PLAT-2 PLAT-3');
    const { outputs } = await run(
      `<${site}/browse/plat-1|PLAT-1> ${site}/projects/PLAT/issues/PLAT-2 ${site}/boards/1?selectedIssue=PLAT-3`,
    );
    assert.deepEqual([outputs.untracked, outputs.issue_keys], [true, 'PLAT-1, PLAT-2, PLAT-3']);
    assert.deepEqual(await tracked('C1'), []);
  });

  test('finds an issue that moved by each key it had and by the one it has, once when it is named by several', async () => {
    for (const keys of ['LEGACY-7', 'PLAT-12', 'LEGACY-7 PLAT-12', 'PLAT-12 legacy-7']) {
      await track('LEGACY-7');
      const { outputs } = await run(keys);
      assert.deepEqual(
        outputs,
        { untracked: true, count: 1, issue_keys: 'PLAT-12', skipped: '', stays_off: '', error: '' },
        keys,
      );
      assert.deepEqual(await tracked('C1'), []);
    }
    await track('PLAT-10');
    const { key } = w.jira.issues.move('PLAT-10', 'SHOP');
    await track(key);
    assert.equal((await run('PLAT-10')).outputs.issue_keys, key);
    assert.deepEqual(await tracked('C1'), []);
  });

  test('asks Jira nothing, and works while Jira is down', async () => {
    await track('PLAT-1');
    w.jira.resetRequests();
    await w.jira.down();
    const { outputs } = await run(`PLAT-1 ${w.jira.site}/browse/PLAT-2`);
    await w.jira.up();
    assert.deepEqual([outputs.untracked, outputs.count], [true, 2]);
    assert.equal(w.jira.count(), 0);
    assert.deepEqual(await tracked('C1'), []);
  });

  test("leaves another company's channel of the same id alone", async () => {
    await track('PLAT-1');
    await rows(
      w.databaseUrl,
      `insert into tracked_issues select 'T0OTHER', channel_id, site, issue_id, now(), null, door, null, 'other'
       from tracked_issues where channel_id = 'C1'`,
    );
    await rows(
      w.databaseUrl,
      `insert into jira_issues (tenant_id, site, issue_id, issue_key, summary, status, status_category, synced_at)
       select 'T0OTHER', site, issue_id, issue_key, summary, status, status_category, synced_at from jira_issues`,
    );
    await run('PLAT-1');
    assert.deepEqual(await tracked('C1'), []);
    assert.deepEqual(await tracked('C1', 'T0OTHER'), ['PLAT-1']);
    const { outputs } = await run('PLAT-1');
    assert.equal(outputs.count, 1);
    assert.deepEqual(await tracked('C1', 'T0OTHER'), ['PLAT-1']);
  });
});
