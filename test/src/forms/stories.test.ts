import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { View } from '../../../sandbox/slack/views.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

describe('stories from a command', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  async function open(): Promise<View> {
    await w.slack.command('/maro stories', { channel: 'C1' });
    await until(() => top()?.blocks.some(({ block_id }) => block_id === 'stories') ?? false, 'the form is there');
    return top();
  }
  const project = async () => ({ project: (await w.slack.suggest(top(), 'create:project', 'PLAT'))[0] });

  test('are created with their epic, all tracked, and shown in the channel', async () => {
    const form = await open();
    w.jira.resetRequests();
    const stories = Array.from({ length: 30 }, (_, n) => `Story number ${n}`).join('\n');
    await w.slack.submit(form, { ...(await project()), stories, epic: 'All about numbers' });
    await until(
      () => w.jira.issues.all().filter(({ summary }) => summary.startsWith('Story number')).length === 30,
      'all',
    );
    const creating = w.jira.count('create') + w.jira.count('bulk');
    assert.ok(creating <= 2, `${creating}`);
    await until(
      () => w.slack.messages('C1', 'ben').some((message) => words(message).includes('Story number 29')),
      'the list is there',
    );
    const list = words((await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0]);
    assert.match(list, /31/);
  });

  test('more than fifty, none, and two epics are refused at their fields, before any call', async () => {
    const form = await open();
    const given = await project();
    w.jira.resetRequests();
    for (const [values, complaint] of [
      [{ stories: 'x\n'.repeat(51) }, { stories: 'That’s 51 stories, and the limit is 50. Split them up.' }],
      [{ stories: ' \n ' }, { stories: 'Add at least one story.' }],
      [{ stories: 'One', epic: 'A new one', in: 'PLAT-1' }, { in: 'Choose a new epic or an existing one, not both.' }],
    ] as const) {
      const { errors } = await w.slack.submit(form, { ...given, ...values });
      assert.deepEqual(errors, complaint);
    }
    assert.equal(w.jira.count(), 0);
    await w.slack.close(form);
  });

  test('come back filled when Jira is away', async () => {
    const form = await open();
    const given = await project();
    await w.jira.down();
    await w.slack.submit(form, { ...given, stories: 'The only story' });
    await w.jira.up();
    assert.match(words(top().blocks), /^Nothing was created\. Jira isn’t answering/);
    assert.match(JSON.stringify(top()), /The only story/);
    await w.slack.submit(top());
    await until(() => w.jira.issues.all().some(({ summary }) => summary === 'The only story'), 'it is created');
  });
});
