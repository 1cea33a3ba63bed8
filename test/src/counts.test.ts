import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { functions } from '../../functions/index.ts';
import type { Message } from '../../sandbox/slack/messages.ts';
import { COMMANDS, FORM_COMMANDS } from '../../src/listeners/answer-command.ts';
import { type Counted, countedWorld, type Most } from '../counting.ts';
import { until } from '../maro.ts';
import { rows } from '../rows.ts';

/** What is typed after the first word of a command, and the most that the command takes. */
const commands: Readonly<Record<string, { rest?: string; most: Most }>> = {
  '': { most: [0, 0, 0] },
  help: { most: [0, 0, 0] },
  track: { rest: 'PLAT-3', most: [1, 1, 0] },
  tracked: { most: [1, 0, 0] },
  list: { most: [1, 0, 0] },
  changes: { most: [1, 0, 0] },
  untrack: { rest: 'PLAT-3', most: [1, 0, 0] },
  // The call asks Slack which channels the person may see.
  where: { rest: 'PLAT-1', most: [1, 0, 1] },
  link: { rest: 'PLAT-1', most: [4, 2, 1] },
  board: { most: [7, 1, 1] },
  doctor: { most: [13, 4, 1] },
  move: { most: [0, 0, 1] },
  find: { rest: 'sign', most: [1, 1, 0] },
  assign: { rest: 'PLAT-1 nobody', most: [5, 1, 0] },
  priority: { rest: 'PLAT-1 High', most: [5, 2, 0] },
  show: { rest: 'PLAT-1', most: [2, 1, 0] },
  watch: { rest: 'PLAT-1', most: [1, 0, 0] },
  unwatch: { rest: 'PLAT-1', most: [1, 0, 0] },
  comment: { rest: 'PLAT-1 Counted', most: [6, 1, 0] },
  follow: { most: [1, 0, 0] },
  unfollow: { most: [1, 0, 0] },
  import: { most: [0, 0, 1] },
  export: { most: [1, 0, 3] },
  // These open a form, which needs nothing but the call that opens it.
  create: { most: [0, 0, 1] },
  stories: { most: [0, 0, 1] },
  notify: { most: [0, 0, 1] },
};

/**
 * What a step gets, and the most that it takes. Three of the trips are the ledger's: the step is accepted, its outcome is stored,
 * and Slack is marked as told. One of the calls to Slack completes the step.
 */
const steps: Readonly<Record<string, { inputs(attempt: number): Record<string, unknown>; most: Most }>> = {
  track: { inputs: () => ({ channel_id: 'C1', issue_keys: 'PLAT-1' }), most: [4, 1, 1] },
  untrack: { inputs: () => ({ channel_id: 'C1', issue_keys: 'PLAT-9' }), most: [4, 0, 1] },
  list: { inputs: () => ({ channel_id: 'C1' }), most: [4, 0, 1] },
  digest: { inputs: () => ({ channel_id: 'C1' }), most: [4, 0, 1] },
  board: { inputs: () => ({ channel_id: 'C1' }), most: [10, 1, 2] },
  find_issues: { inputs: () => ({ search: 'sign' }), most: [3, 1, 1] },
  get_issue: { inputs: () => ({ issue_key: 'PLAT-1' }), most: [3, 1, 1] },
  transition_issue: { inputs: () => ({ issue_key: 'PLAT-1', status: 'In Progress' }), most: [5, 2, 1] },
  assign_issue: { inputs: () => ({ issue_key: 'PLAT-1', assignee: 'Mara Lindqvist' }), most: [5, 2, 1] },
  update_issue: { inputs: (n) => ({ issue_key: 'PLAT-1', summary: `Counted ${n}` }), most: [5, 1, 1] },
  comment_issue: { inputs: () => ({ issue_key: 'PLAT-1', comment: 'Counted' }), most: [6, 1, 1] },
  // Asks, and stores where the question is. The choice is a trip of its own, and then the issue is read and the question replaced.
  pick_issue: { inputs: () => ({ channel_id: 'C1', question: 'Which?' }), most: [12, 1, 4] },
  // Of an issue that has the status. One that has not costs nothing while it waits.
  wait_for_issue: { inputs: () => ({ issue_key: 'PLAT-1', status: 'In progress' }), most: [4, 1, 1] },
  create_ticket: { inputs: (n) => ({ project: 'PLAT', summary: `Counted ${n}` }), most: [5, 1, 1] },
  create_stories: { inputs: (n) => ({ project: 'PLAT', stories: `One ${n}\nTwo ${n}` }), most: [5, 1, 1] },
  post_ticket: { inputs: () => ({ channel_id: 'C1', issue_keys: 'PLAT-1' }), most: [3, 1, 2] },
  link_ticket: {
    inputs: () => ({ issue_key: 'PLAT-1', message_link: 'https://acme.slack.com/archives/C1/p1700000000000100' }),
    most: [3, 2, 1],
  },
};

describe('the round trips and calls', () => {
  let w: Counted;
  before(async () => {
    w = await countedWorld();
    await w.slack.command('/maro track PLAT-1 PLAT-2', { channel: 'C1' });
  });

  test('are known of every command and of every step', () => {
    assert.deepEqual(Object.keys(commands).sort(), ['', ...COMMANDS].sort());
    assert.deepEqual(Object.keys(steps).sort(), Object.keys(functions).sort());
    for (const verb of FORM_COMMANDS) assert.deepEqual(commands[verb]?.most, [0, 0, 1]);
  });

  for (const [verb, { rest = '', most }] of Object.entries(commands)) {
    test(`of the command “/maro ${verb}” do not grow`, async () => {
      await w.takesAtMost(most, () => w.slack.command(`/maro ${verb} ${rest}`.trim(), { channel: 'C1' }));
    });
  }

  for (const [name, { inputs, most }] of Object.entries(steps)) {
    test(`of the step ${name} do not grow`, async () => {
      await w.takesAtMost(most, async (attempt) => {
        const before = new Set(w.slack.messages('C1', 'ada'));
        const step = w.slack.step(name, inputs(attempt));
        if (name === 'pick_issue') {
          const question = () => w.slack.messages('C1', 'ada').find((message) => !before.has(message));
          await until(() => question() !== undefined, 'the question is posted');
          const [, value] = /"value":"(\S+ - PLAT-1)"/.exec(JSON.stringify(question()?.blocks)) ?? [];
          await w.slack.press(question() as Message, 'Choose', { value });
        }
        const { state, error } = await step.finished;
        assert.equal(state, 'completed', error);
        const untold = 'select from runs where told_at is null and outcome is not null';
        await until(async () => (await rows(w.databaseUrl, untold)).length === 0, 'the outcome is marked as told');
      });
    });
  }
});
