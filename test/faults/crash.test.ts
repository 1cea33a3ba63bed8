import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Execution } from '../../sandbox/slack/index.ts';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';
import { createWaitLong, endSleepers } from './sleepers.ts';

describe('a process that is killed', () => {
  let w: World;
  let maro: MaroProcess;
  let db: postgres.Sql;
  before(async () => {
    w = await world();
    db = connect(w.databaseUrl);
    maro = await startProcess(w);
    await createWaitLong(db);
  });

  /** Kills the process, lets the time pass that another one waits before it looks, and starts that other one. */
  async function killAndRestart(): Promise<void> {
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    await db.unsafe('update runs set due_at = now() where due_at is not null');
    maro = await startProcess(w);
  }
  const rowsOf = async (key: string) => {
    const rows = await db.unsafe(
      'select tracked_at from tracked_issues join jira_issues using (tenant_id, site, issue_id) where issue_key = $1',
      [key],
    );
    return [...rows];
  };
  const due = async () => (await db.unsafe('select from runs where due_at is not null')).length;
  /** One effect, one outcome, and nothing left to do. */
  async function ended(execution: Execution, key: string): Promise<void> {
    await execution.finished;
    assert.equal(execution.state, 'completed');
    assert.equal(execution.outputs.issue_keys, key);
    assert.equal(execution.completions, 1);
    assert.equal((await rowsOf(key)).length, 1);
    await until(async () => (await due()) === 0, 'nothing is left to do');
  }

  test('after it accepted a step: another finishes it', async () => {
    w.jira.trouble('bulkfetch', { kind: 'no_answer' });
    const execution = w.slack.step('track', { channel_id: 'C1', issue_keys: 'PLAT-1' });
    await execution.delivered;
    await until(() => w.jira.count('bulkfetch') > 0, 'Maro is asking Jira');
    w.jira.trouble('bulkfetch', undefined);
    await killAndRestart();
    await ended(execution, 'PLAT-1');
  });

  test('after it tracked and before it stored the outcome: tracked once, and the step completes', async () => {
    await db.unsafe('create trigger hold before update of outcome on runs for each row execute function wait_long()');
    const execution = w.slack.step('track', { channel_id: 'C1', issue_keys: 'PLAT-2' });
    await until(async () => (await rowsOf('PLAT-2')).length === 1, 'the issue is tracked');
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    await db.unsafe('drop trigger hold on runs');
    await killAndRestart();
    await ended(execution, 'PLAT-2');
  });

  test('after it stored the outcome and before Slack took it: that same one is sent, and nothing is done again', async () => {
    w.slack.trouble.rateLimit('functions.completeSuccess', { times: 1, retryAfter: 60 });
    const execution = w.slack.step('track', { channel_id: 'C1', issue_keys: 'PLAT-3' });
    const finished = async () => {
      const rows = await db.unsafe('select finished_at from runs where run_id = $1', [execution.id]);
      return rows[0]?.finished_at != null;
    };
    await until(finished, 'the outcome is stored');
    const [row] = await rowsOf('PLAT-3');
    w.jira.resetRequests();
    await killAndRestart();
    await ended(execution, 'PLAT-3');
    assert.equal(w.jira.count('bulkfetch'), 0);
    assert.deepEqual(await rowsOf('PLAT-3'), [row]);
  });

  test('after Slack took the outcome: the step stays as it is', async () => {
    await db.unsafe(
      'create trigger hold before update of told_at on runs for each row when (new.told_at is not null) execute function wait_long()',
    );
    const execution = w.slack.step('track', { channel_id: 'C1', issue_keys: 'PLAT-4' });
    await execution.finished;
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    await db.unsafe('drop trigger hold on runs');
    await killAndRestart();
    await ended(execution, 'PLAT-4');
    assert.equal(w.slack.refusals.at(-1)?.error, 'execution_not_in_running_state');
  });

  test('after it promised a person an answer: another carries the command out and answers', async () => {
    w.jira.trouble('bulkfetch', { kind: 'rate_limited', headers: { 'Retry-After': '3' }, times: 1 });
    const seen = await w.slack.command('/maro track PLAT-5', { channel: 'C2' });
    assert.match(words(seen.messages[0]), /^Jira is slow right now\. The answer will appear here in a moment\./);
    await killAndRestart();
    assert.match(words(await seen.next()), /^PLAT-5: now tracked/);
    await until(async () => (await due()) === 0, 'nothing is left to do');
  });

  test('while a view is open: another tracks what the message mentions and fills the view', async () => {
    w.jira.trouble('bulkfetch', { kind: 'no_answer' });
    const seen = await w.slack.shortcut('track_mentioned', w.slack.post('PLAT-8', { channel: 'C2' }));
    await seen.nextView();
    await until(async () => (await due()) === 1, 'the shortcut is stored');
    w.jira.trouble('bulkfetch', undefined);
    await killAndRestart();
    assert.match(words((await seen.nextView()).blocks), /PLAT-8: now tracked/);
    await until(async () => (await due()) === 0, 'nothing is left to do');
  });

  test('what nobody needs any more is removed once a day, and nothing else', async () => {
    await w.slack.command('/maro track PLAT-9 PLAT-10', { channel: 'D1' });
    await w.slack.command('/maro untrack PLAT-9', { channel: 'D1' });
    await db.unsafe(`
      update jira_issues set synced_at = now() - interval '2 days';
      update untracked_issues set untracked_at = now() - interval '8 days';
      update runs set accepted_at = now() - interval '31 days'`);
    const { length: crons } = await db.unsafe(
      "select from graphile_worker._private_known_crontabs where identifier = 'clean'",
    );
    assert.equal(crons, 1);
    const clean = async () => {
      const before = maro.log.filter(({ msg }) => msg === 'cleaned').length;
      await db.unsafe("select graphile_worker.add_job('clean')");
      await until(() => maro.log.filter(({ msg }) => msg === 'cleaned').length > before, 'Maro has cleaned');
    };
    await clean();
    await clean();
    const count = async (table: string) => (await db.unsafe(`select from ${table}`)).length;
    assert.equal(await count('untracked_issues'), 0);
    assert.equal(await count('runs'), 0);
    const rows = await db.unsafe(`
      select count(*)::int as orphans from jira_issues
      where not exists (select from tracked_issues t where t.issue_id = jira_issues.issue_id)`);
    assert.equal(rows[0]?.orphans, 0);
    assert.equal((await rowsOf('PLAT-10')).length, 1);
  });
});
