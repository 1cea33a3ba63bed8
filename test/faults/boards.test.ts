import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

const SECRET = { PORT: '0', JIRA_WEBHOOK_SECRET: 'a-secret-of-the-webhook' };

describe('boards of two processes', () => {
  let w: World;
  let first: MaroProcess;
  let second: MaroProcess;
  before(async () => {
    w = await world();
    [first, second] = await Promise.all([startProcess(w, SECRET), startProcess(w, SECRET)]);
    tell(first);
    await say('track PLAT-1 PLAT-4');
    await say('board');
  });

  const say = (text: string) => w.slack.command(`/maro ${text}`, { channel: 'C1', user: 'ada' });
  const tell = ({ port }: MaroProcess) =>
    w.jira.webhooks.register({
      url: `http://127.0.0.1:${port}/jira/webhook`,
      secret: SECRET.JIRA_WEBHOOK_SECRET,
    });
  const boards = () => w.slack.everything().filter(({ metadata }) => metadata !== undefined);
  const shows = (pattern: RegExp, ms?: number) =>
    until(() => pattern.test(words(boards()[0])), `the board shows ${pattern}`, ms);
  const edits = () => w.slack.calls('chat.update').length;

  test('show a change by themselves, and many changes by few edits, of which the last shows the last', async () => {
    const before = edits();
    for (let n = 1; n <= 10; n++) w.jira.issues.edit('PLAT-1', { summary: `Summary ${n}` }, 'mara');
    await w.jira.webhooks.settled();
    await shows(/Summary 10/);
    assert.ok(edits() - before <= 3, `${edits() - before} edits`);
    assert.equal(boards().length, 1);
  });

  test('are drawn by the other process when one is killed between the event and the edit', async () => {
    w.jira.issues.edit('PLAT-4', { summary: 'Nearly lost' }, 'mara');
    await w.jira.webhooks.settled();
    assert.doesNotMatch(words(boards()[0]), /Nearly lost/);
    first.kill('SIGKILL');
    await first.ended;
    // If the dead process had begun to draw, its job is free once it has been silent for half a minute.
    await shows(/Nearly lost/, 60_000);
  });

  test('are drawn by the next process when both are killed while they draw', async () => {
    tell(second);
    const before = edits();
    w.slack.trouble.fail('chat.update', 'internal_error', 100);
    w.jira.issues.edit('PLAT-4', { status: 'Done' }, 'mara');
    await w.jira.webhooks.settled();
    await until(() => edits() > before, 'Maro draws', 60_000);
    second.kill('SIGKILL');
    await second.ended;
    w.slack.trouble.lift('chat.update');
    await rows(w.databaseUrl, 'update boards set held_until = null, not_before = null');
    await rows(w.databaseUrl, "update replicas set seen_at = seen_at - interval '1 minute'");
    await rows(w.databaseUrl, "select graphile_worker.add_job('draw:T0ACME')");
    second = await startProcess(w, SECRET);
    await shows(/1 done today/);
    assert.equal(boards().length, 1);
  });
});
