import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { startMaro, type World, world } from '../maro.ts';
import { rows } from '../rows.ts';

const NOTHING = {
  ...{ listed: false, count: 0, issue_keys: '', text: '', skipped: '', error: '' },
  formatted_list: { type: 'rich_text', elements: [] },
};

describe('the step list', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
    // Newest last: what is tracked in one step is equally new.
    for (const issue_keys of ['PLAT-4 PLAT-2', 'SHOP-5', 'SHOP-4']) await track(issue_keys, 'C1');
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  async function track(issue_keys: string, channel_id: string): Promise<void> {
    const { outputs } = await w.slack.step('track', { channel_id, issue_keys }).finished;
    assert.equal(outputs.tracked, true);
  }
  const run = (channel_id: string, inputs: object = {}): Promise<Execution> =>
    w.slack.step('list', { channel_id, ...inputs }).finished;

  test('puts out a line for each issue: in progress, to do, done', async () => {
    const { state, outputs } = await run('C1');
    assert.equal(state, 'completed');
    const line = (key: string, summary: string, status: string) =>
      `${key} · ${summary} · ${status} · ${w.jira.site}/browse/${key}`;
    const item = (key: string, words: string) => {
      const link = { type: 'link', url: `${w.jira.site}/browse/${key}`, text: key };
      return { type: 'rich_text_section', elements: [link, { type: 'text', text: ` ${words}` }] };
    };
    assert.deepEqual(outputs, {
      listed: true,
      count: 4,
      issue_keys: 'SHOP-5, SHOP-4, PLAT-4, PLAT-2',
      text: [
        line('SHOP-5', 'Umlaute fehlen auf dem Lieferschein', 'In Prüfung'),
        line('SHOP-4', 'Warenkorb über Geräte hinweg behalten', 'Zu erledigen'),
        line('PLAT-4', 'Say who signed in from where, and when', 'To Do'),
        line('PLAT-2', 'Sign in with the company account', 'Done'),
      ].join('\n'),
      formatted_list: {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [
              item('SHOP-5', 'Umlaute fehlen auf dem Lieferschein · In Prüfung'),
              item('SHOP-4', 'Warenkorb über Geräte hinweg behalten · Zu erledigen'),
              item('PLAT-4', 'Say who signed in from where, and when · To Do'),
              item('PLAT-2', 'Sign in with the company account · Done'),
            ],
          },
        ],
      },
      skipped: '',
      error: '',
    });
  });

  test('lists by status category, whatever language the statuses are in', async () => {
    for (const [status, issue_keys] of [
      ['all', 'SHOP-5, SHOP-4, PLAT-4, PLAT-2'],
      ['to_do', 'SHOP-4, PLAT-4'],
      ['in_progress', 'SHOP-5'],
      ['done', 'PLAT-2'],
    ]) {
      const { outputs } = await run('C1', { status });
      assert.equal(outputs.issue_keys, issue_keys, status);
      assert.equal(outputs.count, issue_keys?.split(', ').length, status);
      assert.equal(String(outputs.text).split('\n').length, outputs.count, status);
    }
  });

  test('an issue that is tracked again becomes the newest', async () => {
    await track('PLAT-1', 'C2');
    await track('PLAT-2', 'C2');
    await track('PLAT-1', 'C2');
    assert.equal((await run('C2')).outputs.issue_keys, 'PLAT-1, PLAT-2');
  });

  test('an empty list is a list', async () => {
    for (const inputs of [{}, { status: 'done' }]) {
      const { state, outputs } = await run('D1', inputs);
      assert.equal(state, 'completed');
      assert.deepEqual(outputs, { ...NOTHING, listed: true });
    }
  });

  test('a status that there is not fails with a sentence, and goes on with it when told to', async () => {
    const failed = await run('C1', { status: 'Done' });
    assert.equal(failed.state, 'failed');
    assert.match(String(failed.error), /^“Status” isn’t one of All, To do, In progress, Done/);
    const { outputs } = await run('C1', { status: 'Done', continue_on_error: true });
    assert.deepEqual(outputs, { ...NOTHING, error: failed.error });
  });

  test("Jira's words can ping nobody and forge no link", async () => {
    w.jira.issues.edit('PLAT-3', { summary: `<!channel> & <https://evil.example|PLAT-1>\nPLAT-666 · done` });
    await track('PLAT-3 PLAT-90 PLAT-91 PLAT-92 PLAT-93 PLAT-94 PLAT-95 PLAT-96', 'C3');
    const { outputs } = await run('C3');
    const lines = String(outputs.text).split('\n');
    assert.equal(lines.length, 8);
    assert.doesNotMatch(String(outputs.text), /[<>]|\p{Bidi_Control}/u);
    const of = (key: string) => lines.find((line) => line.startsWith(`${key} · `));
    const link = `To Do · ${w.jira.site}/browse/`;
    assert.equal(of('PLAT-90'), `PLAT-90 · ‹!channel› everybody look at ‹!here› and ‹@U012AB3CD› · ${link}PLAT-90`);
    assert.match(of('PLAT-3') ?? '', /^PLAT-3 · ‹!channel› & ‹https:\/\/evil\.example\|PLAT-1› PLAT-666 · done · /);
    assert.match(of('PLAT-95') ?? '', /^PLAT-95 · .{100,149}… · To Do · /);
  });

  test('says how many more there are than lines, and keeps to what Slack takes', async () => {
    const keys = Array.from(
      { length: 130 },
      (_, i) => w.jira.issues.create('SHOP', { summary: `${i} ${'long '.repeat(60)}`, status: 'Erledigt' }).key,
    );
    await track(keys.slice(0, 100).join(' '), 'C4');
    await track(keys.slice(100).join(' '), 'C4');
    await track('PLAT-1', 'C4');
    for (const [inputs, count] of [
      [{}, 131],
      [{ status: 'done' }, 130],
    ] as const) {
      const { outputs } = await run('C4', inputs);
      assert.equal(outputs.count, count);
      assert.equal(String(outputs.issue_keys).split(', ').length, count);
      const lines = String(outputs.text).split('\n');
      assert.equal(lines.length, 101);
      assert.equal(lines.at(-1), `… and ${count - 100} more`);
      assert.ok(String(outputs.text).length < 40_000);
    }
    assert.equal((await run('C4', { status: 'in_progress' })).outputs.count, 1);
  });

  test("holds nothing of another company's channel of the same id", async () => {
    const before = (await run('C1')).outputs;
    await rows(
      w.databaseUrl,
      `insert into tracked_issues select 'T0OTHER', 'C1', site, issue_id, now(), null, 'step', null, 'other'
       from jira_issues where issue_key in ('PLAT-90', 'PLAT-2')`,
    );
    assert.deepEqual((await run('C1')).outputs, before);
  });

  test('asks Jira nothing', async () => {
    w.jira.resetRequests();
    await run('C1');
    assert.equal(w.jira.count(), 0);
  });
});
