import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { declarations } from '../../../functions/index.ts';
import type { Message } from '../../../sandbox/slack/messages.ts';
import { type Maro, startMaro, until, type World, world } from '../../maro.ts';
import { assertPrivate } from '../../privacy.ts';
import { rows } from '../../rows.ts';

type Stored = {
  tenant_id: string;
  callback_id: string;
  inputs: unknown;
  state: string;
  outcome: unknown;
};

describe('a step in a workflow', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w, { LOG_LEVEL: 'debug' });
  });

  const stored = async (id: string) => {
    const text = 'select tenant_id, kind, door, inputs, outcome from runs where run_id = $1';
    const [row] = await rows<Stored>(w.databaseUrl, text, id);
    return { ...row };
  };

  test('is kept with its inputs and with what Slack was told of it', async () => {
    const inputs = { channel_id: 'C1', issue_keys: 'PLAT-1', user_id: 'U0ADA' };
    const execution = w.slack.step('track', inputs);
    assert.deepEqual(await execution.delivered, [{ ok: true, body: {} }]);
    const { outputs } = await execution.finished;
    assert.deepEqual(await stored(execution.id), {
      tenant_id: 'T0ACME',
      ...{ kind: 'step', door: 'step', inputs: { callback_id: 'track', inputs } },
      outcome: { outputs },
    });
  });

  test('is completed with the token of the bot: the one that came with it may be over', async () => {
    const execution = await w.slack.step('list', { channel_id: 'C1' }).finished;
    assert.deepEqual(
      execution.attempts.map(({ token }) => token),
      [w.slack.botToken],
    );
  });

  test('hands on what it came to: an issue is tracked, listed and untracked by one workflow', async () => {
    const channel_id = '{{inputs.channel_id}}';
    const run = await w.slack.workflow(
      {
        input_parameters: {
          properties: { channel_id: { type: 'slack#/types/channel_id' }, said: { type: 'string' } },
          required: ['channel_id', 'said'],
        },
        steps: [
          { id: '0', function_id: '#/functions/track', inputs: { channel_id, issue_keys: '{{inputs.said}}' } },
          { id: '1', function_id: '#/functions/list', inputs: { channel_id } },
          { id: '2', function_id: '#/functions/untrack', inputs: { channel_id, issue_keys: '{{steps.0.issue_keys}}' } },
        ],
      },
      { channel_id: 'C2', said: `plat-2, ${w.jira.site}/browse/PLAT-3 PLAT-999` },
    );
    const [track, list, untrack] = run.steps.map(({ outputs }) => outputs);
    const skipped = 'PLAT-999: not found. There’s no such issue, or Maro can’t see it.';
    assert.deepEqual(track, { tracked: false, count: 2, issue_keys: 'PLAT-2, PLAT-3', skipped, error: '' });
    assert.deepEqual([list?.listed, list?.count, list?.error], [true, 2, '']);
    assert.match(String(list?.text), new RegExp(`^PLAT-[23] · .* · .* · ${w.jira.site}/browse/PLAT-[23]\n`));
    assert.deepEqual(untrack, {
      untracked: true,
      count: 2,
      issue_keys: 'PLAT-2, PLAT-3',
      skipped: '',
      stays_off: '',
      error: '',
    });
  });

  test('that achieves nothing ends its workflow, unless it shall go on', async () => {
    const workflow = (continue_on_error: boolean) => {
      const inputs = { channel_id: 'C2', issue_keys: 'PLAT-999', continue_on_error };
      const list = { id: '1', function_id: '#/functions/list', inputs: { channel_id: 'C2' } };
      return w.slack.workflow({ steps: [{ id: '0', function_id: '#/functions/track', inputs }, list] }, {});
    };
    const ended = await workflow(false);
    assert.deepEqual([ended.state, ended.steps.length], ['failed', 1]);
    assert.match(ended.steps[0]?.error ?? '', /^Nothing was tracked\. PLAT-999: not found/);
    const went = await workflow(true);
    assert.deepEqual([went.state, went.steps.length], ['completed', 2]);
    assert.match(String(went.steps[0]?.outputs.error), /^Nothing was tracked\. PLAT-999: not found/);
  });

  /** What each of them needs, and no more. */
  const NEEDED: Record<string, Record<string, string>> = {
    track: { channel_id: 'C1', issue_keys: 'PLAT-1' },
    untrack: { channel_id: 'C1', issue_keys: 'PLAT-1' },
    list: { channel_id: 'C1' },
    create_ticket: { project: 'PLAT', summary: 'It is broken' },
    link_ticket: { issue_key: 'PLAT-1', message_link: 'https://acme.slack.com/archives/C1/p1700000000000100' },
    create_stories: { project: 'PLAT', stories: 'One\nTwo' },
    post_ticket: { channel_id: 'C1', issue_keys: 'PLAT-1' },
    digest: { channel_id: 'C1' },
    board: { channel_id: 'C1' },
    get_issue: { issue_key: 'PLAT-1' },
    find_issues: { search: 'sign' },
    transition_issue: { issue_key: 'PLAT-4', status: 'Start' },
    assign_issue: { issue_key: 'PLAT-1', assignee: 'nobody' },
    update_issue: { issue_key: 'PLAT-1', priority: 'High' },
    comment_issue: { issue_key: 'PLAT-1', comment: 'It is broken' },
    pick_issue: { channel_id: 'C1', question: 'Which?' },
    wait_for_issue: { issue_key: 'PLAT-2' },
  };
  /** What is said where one of two inputs is needed, so that neither is required by itself. */
  const ONE_OF_TWO: Record<string, RegExp> = {
    stories: /Add at least one story/,
    assignee: /^Nothing was assigned\. Add a person/,
    priority: /^PLAT-1 wasn’t changed\. Add what to change\.$/,
    comment: /^Nothing was added\. Add the text of the comment\.$/,
  };
  /** Ada answers the question of a step. */
  const chooseFirst = async () => {
    const question = () => w.slack.messages('C1', 'ada').find(({ text }) => text === 'Which?');
    await until(() => question() !== undefined, 'the question is posted');
    const [, value] = /"value":"(\S+ - PLAT-1)"/.exec(JSON.stringify(question()?.blocks)) ?? [];
    await w.slack.press(question() as Message, 'Choose', { value });
  };
  for (const { id, definition } of declarations) {
    test(`called ${id} puts out everything that is declared, also when it only goes on`, async () => {
      const { properties = {}, required = [] } = definition.output_parameters ?? {};
      const declared = Object.keys(properties).sort();
      const inputs = NEEDED[id] as Record<string, string>;
      if (id === 'pick_issue') await w.slack.command('/maro track PLAT-1', { channel: 'C1' });
      const step = w.slack.step(id, inputs);
      if (id === 'pick_issue') await chooseFirst();
      const { outputs } = await step.finished;
      assert.deepEqual(Object.keys(outputs).sort(), declared);
      // A digest of a channel in which nothing has changed says so.
      assert.equal(outputs[String(required[0])], id !== 'digest');
      for (const name of Object.keys(inputs)) {
        const nothing = { ...inputs, [name]: '', continue_on_error: true };
        const excused = await w.slack.step(id, nothing, { unchecked: true }).finished;
        assert.equal(excused.state, 'completed');
        assert.deepEqual(Object.keys(excused.outputs).sort(), declared);
        assert.equal(excused.outputs[String(required[0])], false);
        const sentence = ONE_OF_TWO[name] ?? /^“.+” is empty, so nothing was done/;
        assert.match(String(excused.outputs.error), sentence);
      }
    });
  }

  test('may be one of many at once', async () => {
    const steps = Array.from({ length: 40 }, (_, i) =>
      w.slack.step('track', { channel_id: 'C3', issue_keys: `PLAT-${(i % 10) + 1}` }),
    );
    const states = (await Promise.all(steps.map(({ finished }) => finished))).map(({ state }) => state);
    assert.deepEqual(new Set(states), new Set(['completed']));
    assert.ok(steps.every(({ attempts }) => attempts.length === 1));
    assert.equal((await rows(w.databaseUrl, "select from tracked_issues where channel_id = 'C3'")).length, 10);
  });

  test('leaves a log without tokens and without words, in which nothing went wrong', async () => {
    await until(() => maro.log.length > 0, 'there is a log');
    assertPrivate([maro], w, ['PLAT-', 'U0ADA', 'It is broken']);
    assert.deepEqual(
      maro.log.filter(({ level }) => level !== 'info' && level !== 'debug'),
      [],
    );
    assert.deepEqual(w.slack.refusals, []);
  });
});
