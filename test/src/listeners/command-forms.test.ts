import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { type Seed, seed } from '../../../sandbox/jira/seed.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { openWire, type Wire } from '../../wire.ts';

/** Jira knows Ada by her email address. */
const site: Seed = {
  ...seed,
  people: {
    ...seed.people,
    ada: { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' },
  },
};

describe('a command without a key', () => {
  let w: World;
  let wire: Wire;
  before(async () => {
    w = await world({}, { seed: site });
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: `${wire.url}?max=1` }, { looksAfterMs: [50, 200] });
    await w.slack.command('/maro track PLAT-5', { channel: 'C1' });
  });
  afterEach(async () => {
    for (const endpoint of ['all', 'watch'] as const) w.jira.trouble(endpoint, undefined);
    if (top() !== undefined) await w.slack.close(top(), { all: true });
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  /** The text of the open view, and the labels of its inputs. */
  const said = () => {
    const labels = top().blocks.flatMap(({ label }) => (label === undefined ? [] : words(label)));
    return [words(top().blocks), ...labels].join('').replace(/\*<[^|]*\|([^>]*)>\*/g, '$1');
  };
  const says = (sentence: RegExp) => until(() => sentence.test(said()), `the view says ${sentence}`, 5_000);
  const watchers = () => w.jira.issues.find('PLAT-5')?.watchers;

  async function type(text: string) {
    await w.slack.command(`/maro ${text}`, { channel: 'C1' });
    await until(() => top() !== undefined, 'a view is open');
  }
  /** Types into the menu, and chooses the first issue that it offers. */
  async function choose(typed: string) {
    const [option] = await w.slack.suggest(top(), 'issues:find', typed);
    await w.slack.press(top(), 'issues:find', { value: option });
  }

  for (const [command, question, form] of [
    ['move', 'Which issue do you want to move?', /^Move PLAT-5 to/],
    ['assign', 'Which issue do you want to assign?', /^Assign PLAT-5 to/],
    ['comment', 'Which issue do you want to comment on?', /^Comment on PLAT-5/],
    ['priority', 'Which issue’s priority do you want to set?', /^Priority of PLAT-5/],
    ['show', 'Which issue do you want to see?', /^PLAT-5 Sign-in loops/],
  ] as const) {
    test(`“/maro ${command}” asks for the issue, and continues with the chosen one`, async () => {
      await type(command);
      assert.equal(said().split('\n')[0], question);
      await choose('clock');
      await says(form);
    });
  }

  for (const [command, form] of [
    ['assign', /^Assign PLAT-5 to/],
    ['comment', /^Comment on PLAT-5/],
    ['priority', /^Priority of PLAT-5/],
  ] as const) {
    test(`“/maro ${command} PLAT-5” opens the form for the change`, async () => {
      await type(`${command} PLAT-5`);
      await says(form);
    });
  }

  test('“/maro watch” and “/maro unwatch” watch and unwatch the chosen issue, and show it', async () => {
    await type('watch');
    await choose('clock');
    await says(/^You now watch PLAT-5\. Jira tells you about its changes\.\nPLAT-5 Sign-in loops/);
    assert.deepEqual(watchers(), ['712020:ada']);
    await w.slack.close(top());
    await type('unwatch');
    await choose('PLAT-5');
    await says(/^You no longer watch PLAT-5\.\nPLAT-5 Sign-in loops/);
    assert.deepEqual(watchers(), []);
  });

  test('a person can watch and unwatch an issue in the view that shows it', async () => {
    await type('show');
    await choose('clock');
    await says(/^PLAT-5 /);
    await w.slack.press(top(), 'Watch');
    await says(/^You now watch PLAT-5\./);
    await w.slack.press(top(), 'Unwatch');
    await says(/^You no longer watch PLAT-5\./);
    assert.deepEqual(watchers(), []);
  });

  test('a refusal is shown above the issue, and a lost answer is never reported as not done', async () => {
    await type('show');
    await choose('clock');
    await says(/^PLAT-5 /);
    w.jira.trouble('watch', { kind: 'conflict', times: 1 });
    await w.slack.press(top(), 'Watch');
    await says(/^PLAT-5 wasn’t watched\..*\nPLAT-5 Sign-in/);
    w.jira.trouble('watch', { kind: 'cut', times: 1 });
    await w.slack.press(top(), 'Watch');
    await says(/^Jira didn’t answer in time, so PLAT-5 may or may not have been watched\./);
  });

  test('“/maro track” and “/maro link” open their forms in the channel', async () => {
    await type('track');
    assert.deepEqual(
      top().blocks.map(({ block_id }) => block_id),
      ['found', 'issues'],
    );
    await w.slack.submit(top(), { issues: 'PLAT-3' });
    await says(/PLAT-3: now tracked/);
    await w.slack.close(top());
    await type('link');
    const [option] = await w.slack.suggest(top(), 'issues:find', 'clock');
    await w.slack.submit(top(), { issue: option });
    const isLinked = () =>
      w.slack.messages('C1', 'ada').some((message) => /linked PLAT-5 to this channel/.test(words(message)));
    await until(isLinked, 'the card is in the channel');
  });

  test('the menu takes one round trip and at most one call to Jira, and its view takes one call to Slack', async () => {
    const calls = w.slack.calls().length;
    wire.trips = 0;
    w.jira.resetRequests();
    await type('move');
    assert.deepEqual([wire.trips, w.jira.count(), w.slack.calls().length - calls], [0, 0, 1]);
    await w.slack.suggest(top(), 'issues:find', 'clock');
    assert.deepEqual([wire.trips, w.jira.count()], [1, 1]);
  });
});
