import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Message } from '../../sandbox/slack/index.ts';
import type { View } from '../../sandbox/slack/views.ts';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

describe('a list or a card that says what Maro is doing when the process is killed', () => {
  let w: World;
  let maro: MaroProcess;
  before(async () => {
    w = await world();
    maro = await startProcess(w);
  });
  afterEach(async () => {
    w.jira.permissions.add('TRANSITION_ISSUES');
    await w.slack.close(view(), { all: true }).catch(() => {});
    // The submission was lost with the process that had it.
    w.slack.refusals.splice(0);
  });

  const view = () => w.slack.views('ada').at(-1) as View;
  async function listed(key = 'PLAT-4'): Promise<Message> {
    w.jira.issues.edit(key, { status: 'To Do' });
    await w.slack.command(`/maro track ${key}`, { channel: 'C1' });
    const [list] = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages;
    assert.ok(list);
    const [value] = new RegExp(`issue:move ${key} [^"]+`).exec(JSON.stringify(list.blocks)) ?? [];
    await w.slack.press(list, 'list:row', { value });
    return list;
  }
  async function posted(): Promise<Message> {
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    await w.slack.command('/maro link PLAT-4', { channel: 'C1' });
    const card = w.slack.messages('C1', 'ben').at(-1);
    assert.ok(card);
    await w.slack.press(card, 'Move to…');
    return card;
  }
  /** Moves the issue from its row or its card, and kills the process while Jira does not answer and the message has the mark. */
  async function killWhileMoving(
    endpoint: 'transition' | 'transitions',
    open: () => Promise<Message> = listed,
  ): Promise<Message> {
    const message = await open();
    await until(() => view()?.callback_id === 'move_issue', 'the form is shown');
    w.jira.resetRequests();
    w.jira.trouble(endpoint, { kind: 'no_answer' });
    w.slack.submit(view(), { status: 'In Progress' }).catch(() => {});
    await until(() => words(message).includes('moving to In Progress…'), 'the message shows it');
    await until(() => w.jira.count(endpoint) > 0, 'Maro asks Jira');
    w.jira.trouble(endpoint, undefined);
    maro.kill('SIGKILL');
    await maro.ended;
    await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
    return message;
  }

  test('shows the outcome as soon as another process knows it', async () => {
    const list = await killWhileMoving('transition');
    maro = await startProcess(w);
    await until(() => words(list).startsWith('PLAT-4 is now In Progress.'), 'the list says so', 40_000);
    assert.match(words(list), /In progress.*PLAT-4/is);
    assert.deepEqual([/moving/.test(words(list)), w.jira.count('transition')], [false, 1]);
  });

  test('shows the outcome on a card, too', async () => {
    const card = await killWhileMoving('transition', posted);
    maro = await startProcess(w);
    await until(
      () => words(card).includes('In Progress · ') && !/moving/.test(words(card)),
      'the card says so',
      40_000,
    );
    assert.equal(w.jira.count('transition'), 1);
  });

  test('shows the earlier value and the reason if Jira no longer offers the status to the other process', async () => {
    // Another issue, since Maro has just moved PLAT-4, within the time by which Jira's clock and Maro's may differ.
    const list = await killWhileMoving('transitions', () => listed('PLAT-9'));
    w.jira.permissions.delete('TRANSITION_ISSUES');
    maro = await startProcess(w);
    await until(() => /^Maro was interrupted, so PLAT-9 may or may not/.test(words(list)), 'the list says why', 40_000);
    assert.doesNotMatch(words(list), /moving/);
    assert.equal(w.jira.count('transition'), 0);
  });
});
