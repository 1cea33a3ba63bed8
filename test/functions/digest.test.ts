import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { startMaro, type World, world } from '../maro.ts';
import { rows } from '../rows.ts';

const SECRET = 'a-secret-of-the-webhook';
const NOTHING = {
  ...{ any: false, count: 0, text: '', error: '' },
  formatted_digest: { type: 'rich_text', elements: [] },
};

describe('the step digest', () => {
  let w: World;
  before(async () => {
    w = await world();
    const maro = await startMaro(w, { PORT: '0', JIRA_WEBHOOK_SECRET: SECRET });
    w.jira.webhooks.register({ url: `http://127.0.0.1:${maro.port}/jira/webhook`, secret: SECRET });
    await w.slack.command('/maro track PLAT-1 PLAT-4', { channel: 'C1', user: 'ada' });
    await later(20 * 24 * 60);
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  const run = (inputs: object = {}): Promise<Execution> =>
    w.slack.step('digest', { channel_id: 'C1', ...inputs }).finished;
  /** Makes everything that is stored older. */
  async function later(minutes = 1): Promise<void> {
    await w.jira.webhooks.settled();
    for (const [table, ...columns] of [
      ['tracked_issues', 'added_at'],
      ['issue_changes', 'changed_at', 'recorded_at'],
      ['digests', 'since_at', 'until_at'],
    ] as const) {
      const older = columns.map((column) => `${column} = ${column} - interval '${minutes} minutes'`);
      await rows(w.databaseUrl, `update ${table} set ${older.join()}`);
    }
  }

  test('puts out nothing and false when there is nothing to tell', async () => {
    const { state, outputs } = await run({ period: 'last_day' });
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, NOTHING);
  });

  test('puts out a heading for each part, and a line with a link for each issue', async () => {
    w.jira.issues.edit('PLAT-1', { status: 'Done' }, 'tobias');
    await later();
    const { outputs } = await run();
    const url = `${w.jira.site}/browse/PLAT-1`;
    const words = String(outputs.text).split('\n')[1] ?? '';
    assert.match(String(outputs.text), new RegExp(`^Done:\nPLAT-1 · .+ · Done( · .+)? · ${url}$`));
    assert.deepEqual([outputs.any, outputs.count, outputs.error], [true, 1, '']);
    const said = ` ${words.replace('PLAT-1 · ', '').replace(` · ${url}`, '')}`;
    const elements = [
      { type: 'link', url, text: 'PLAT-1' },
      { type: 'text', text: said },
    ];
    assert.deepEqual(outputs.formatted_digest, {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'Done', style: { bold: true } }] },
        { type: 'rich_text_list', style: 'bullet', elements: [{ type: 'rich_text_section', elements }] },
      ],
    });
  });

  test('tells a change once since the last digest, and again for the last day and the last week', async () => {
    await later();
    assert.deepEqual((await run()).outputs, NOTHING);
    for (const period of ['last_day', 'last_week']) assert.equal((await run({ period })).outputs.count, 1, period);
    await later(2 * 24 * 60);
    assert.equal((await run({ period: 'last_day' })).outputs.any, false);
    assert.equal((await run({ period: 'last_week' })).outputs.any, true);
  });

  test('tells what is overdue and what has a flag', async () => {
    w.jira.issues.edit('PLAT-4', { duedate: '2026-01-01', flagged: true }, 'mara');
    await later();
    assert.match(String((await run()).outputs.text), /^Blocked:\nPLAT-4 .*\nOverdue:\nPLAT-4 .*$/);
  });

  test('fails with a sentence, or completes with it', async () => {
    await rows(w.databaseUrl, 'alter table digests rename to hidden');
    const failed = await run();
    assert.equal(failed.state, 'failed');
    assert.match(String(failed.error), /\.$/);
    const { state, outputs } = await run({ continue_on_error: true });
    assert.equal(state, 'completed');
    assert.deepEqual({ ...outputs, error: '' }, NOTHING);
    assert.equal(outputs.error === '', false);
    await rows(w.databaseUrl, 'alter table hidden rename to digests');
  });
});
