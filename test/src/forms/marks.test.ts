import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { MOST_MARKS } from '../../../src/runner/redraw.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

/** Long enough for Maro to redraw the list. */
const SLOW = { kind: 'latency', ms: 700 } as const;

describe('a row of the list while Maro changes its issue', () => {
  let w: World;
  let list: Message;
  before(async () => {
    w = await world();
    await startMaro(w, {}, { looksAfterMs: [50, 200] });
    await w.slack.command('/maro track PLAT-4 PLAT-8', { channel: 'C1' });
  });
  beforeEach(async () => {
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    await w.slack.command('/maro track PLAT-4', { channel: 'C1' });
    list = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0] as Message;
  });
  afterEach(async () => {
    for (const endpoint of ['transition', 'transitions', 'assign', 'edit'] as const)
      w.jira.trouble(endpoint, undefined);
    if (top() !== undefined) await w.slack.close(top(), { all: true });
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const rowOf = (message: Message) => words(message.blocks.find((block) => /\|PLAT-4>/.test(words(block))));
  const says = (what: RegExp) => until(() => what.test(words(list)), `the list says ${what}`);
  const answers = () => w.slack.log.filter(({ kind }) => kind === 'response_url').length;
  async function open(entry: string, act?: string) {
    const [value] = new RegExp(`${entry} PLAT-4 [^"]+`).exec(JSON.stringify(list.blocks)) ?? [];
    await w.slack.press(list, 'list:row', { value });
    const isDrawn = () => top() !== undefined && !/^Asking Jira/.test(words(top().blocks));
    await until(isDrawn, 'the view is drawn');
    if (act === undefined) return;
    await w.slack.press(top(), act);
    await until(() => Boolean(top().submit), 'the form is drawn');
  }

  test('says to which status the issue moves until Jira confirms it, which takes two more answers to Slack', async () => {
    await open('issue:move');
    w.jira.trouble('transition', SLOW);
    const sent = answers();
    const submitted = w.slack.submit(top(), { status: 'In Progress' });
    await says(/PLAT-4> .*_moving to In Progress…_/);
    assert.match(list.text, /PLAT-4 [^.]*, moving to In Progress…\./);
    await submitted;
    await says(/^PLAT-4 is now In Progress\./);
    assert.match(words(list), /In progress.*PLAT-4/is);
    assert.doesNotMatch(words(list) + list.text, /moving/);
    assert.equal(answers() - sent, 2);
  });

  test('says to whom Maro assigns the issue, in place of the assignee', async () => {
    w.jira.issues.edit('PLAT-4', { assignee: 'mara' });
    await w.slack.command('/maro track PLAT-4', { channel: 'C1' });
    list = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0] as Message;
    assert.match(rowOf(list), /Mara/);
    await open('issue:more', 'Assign…');
    w.jira.trouble('assign', SLOW);
    const [yuki] = await w.slack.suggest(top(), 'create:person', 'Yuki');
    const [key = ''] = Object.keys(top().state.values);
    const submitted = w.slack.submit(top(), { [key]: yuki });
    await says(/PLAT-4> .*_assigning to Yuki Tanaka…_/);
    assert.doesNotMatch(rowOf(list), /Mara/);
    await submitted;
    await says(/^PLAT-4 is now assigned to Yuki Tanaka\./);
  });

  test('says which priority Maro sets', async () => {
    await open('issue:more', 'Priority…');
    w.jira.trouble('edit', SLOW);
    const submitted = w.slack.submit(top(), { priority: 'High' });
    await says(/PLAT-4> .*_setting priority to High…_/);
    await submitted;
    await says(/^PLAT-4 was changed: priority High\./);
    assert.doesNotMatch(words(list), /setting priority/);
  });

  test('shows the earlier values and the reason after a refusal; Slack takes all answers of a form that is sent again and again', async () => {
    const before = rowOf(list);
    await open('issue:move');
    w.jira.trouble('transition', { kind: 'conflict' });
    for (let attempt = 1; attempt <= MOST_MARKS; attempt++) {
      w.jira.trouble('transitions', SLOW);
      const submitted = w.slack.submit(top(), { status: 'In Progress' });
      await says(/_moving to In Progress…_/);
      await submitted;
      w.jira.trouble('transitions', undefined);
      assert.match(words(top().blocks), /^PLAT-4 wasn’t moved\. Somebody changed the issue/);
      await says(/^PLAT-4 wasn’t moved\. Somebody changed the issue/);
      assert.equal(rowOf(list), before);
    }
    w.jira.trouble('transition', SLOW);
    await w.slack.submit(top(), { status: 'In Progress' });
    await says(/^PLAT-4 is now In Progress\./);
  });

  test('stays as it was if Slack does not take the mark, and Maro still moves the issue', async () => {
    await open('issue:move');
    w.slack.trouble.expireUrls();
    const before = rowOf(list);
    w.jira.trouble('transition', SLOW);
    await w.slack.submit(top(), { status: 'In Progress' });
    assert.equal(w.jira.issues.find('PLAT-4')?.status.name, 'In Progress');
    assert.equal(rowOf(list), before);
    const direct = () => w.slack.everything().filter(({ channel }) => channel === 'D1');
    await until(() => /PLAT-4> is now In Progress\./.test(words(direct().at(-1))), 'a direct message says so');
    w.slack.refusals.splice(0);
  });
});
