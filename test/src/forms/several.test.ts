import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { type Seed, seed } from '../../../sandbox/jira/seed.ts';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { MOST_MARKS } from '../../../src/runner/redraw.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

/** Jira knows Ada by her email address. */
const [platform] = seed.projects;
if (platform === undefined) throw new Error('the seed has no project');
/** A project whose keys are so long that fifty of them do not fit into the notice on a list. */
const LONG = 'PLATFORMSANDSERVICES';
const site: Seed = {
  ...seed,
  projects: [...seed.projects, { ...platform, id: '10077', key: LONG }],
  people: {
    ...seed.people,
    ada: { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' },
  },
};
/** Long enough for Maro to redraw the list. */
const SLOW = { kind: 'latency', ms: 700 } as const;
const KEYS = ['PLAT-4', 'PLAT-5', 'PLAT-8', 'PLAT-9', 'SHOP-1'];

describe('the form that changes several issues', () => {
  let w: World;
  before(async () => {
    w = await world({}, { seed: site });
    await startMaro(w, {}, { looksAfterMs: [50, 200], tasksAfterMs: [0, 100, 300] });
    await w.slack.command(`/maro track ${KEYS.join(' ')}`, { channel: 'C1' });
  });
  beforeEach(() => {
    for (const key of ['PLAT-4', 'PLAT-8', 'PLAT-9']) w.jira.issues.edit(key, { status: 'To Do' });
    w.jira.issues.edit('PLAT-5', { status: 'In Progress' });
  });
  afterEach(async () => {
    w.jira.bulkMs = 0;
    for (const endpoint of ['all', 'bulkTransition', 'bulkTransitions', 'bulkProgress', 'bulkEdit'] as const)
      w.jira.trouble(endpoint, undefined);
    if (top() !== undefined) await w.slack.close(top(), { all: true });
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const statusOf = (key: string) => w.jira.issues.find(key)?.status.name;
  const isDrawn = () =>
    until(() => top() !== undefined && !words(top().blocks).startsWith('Asking Jira'), 'the form is drawn');
  const options = () =>
    top()
      .blocks.flatMap(({ block_id, element }) =>
        block_id === 'value' ? (element as { options: { text: { text: string } }[] }).options : [],
      )
      .map(({ text }) => text.text);

  async function choose(
    keys: readonly string[],
    act: string,
    channel = 'C1',
    chosen: readonly unknown[] = [],
  ): Promise<Message> {
    const list = (await w.slack.command('/maro tracked', { channel })).messages[0] as Message;
    await w.slack.press(list, 'Change several…');
    await isDrawn();
    const issues = [...chosen];
    for (const key of keys) {
      const [option] = await w.slack.suggest(top(), 'several:issues', key);
      assert.ok(option, `${key} is not in the menu`);
      issues.push(option);
    }
    await w.slack.submit(top(), { Issues: issues, 'What to do': act });
    await isDrawn();
    return list;
  }
  const says = (list: Message, sentence: RegExp) =>
    until(() => sentence.test(words(list)), `the list says ${sentence}, and not ${words(list)}`);

  const press = (inputs: Record<string, unknown> = {}) => w.slack.submit(top(), inputs);
  const person = async (name: string) => (await w.slack.suggest(top(), 'create:person', name))[0];
  const assigneeOf = (key: string) => w.jira.issues.find(key)?.assignee?.displayName;

  test('moves issues to a status; the list shows the status and says what became of each issue', async () => {
    const list = await choose(['PLAT-4', 'PLAT-5'], 'Move to…');
    assert.deepEqual(options(), ['In Progress', 'To Do', 'Ready (1 of 2)', 'In Review (1 of 2)', 'Done (1 of 2)']);
    assert.match(words(top().blocks), /^2 issues: PLAT-4 and PLAT-5\n.*choose Move to… in each issue’s own menu/s);
    await press({ Status: 'In Progress' });
    await says(list, /^PLAT-4 and PLAT-5 are now In Progress\./);
    assert.deepEqual(['PLAT-4', 'PLAT-5'].map(statusOf), ['In Progress', 'In Progress']);
    assert.match(words(list), /In progress.*PLAT-4/is);
    assert.equal(w.jira.count('bulkTransition'), 1);
  });

  test('says why some issues were not moved, and which Maro can no longer see', async () => {
    const list = await choose(['PLAT-4', 'PLAT-5', 'PLAT-8', 'SHOP-1'], 'Move to…');
    w.jira.issues.forbid('PLAT-8');
    await press({ Status: 'Done (1 of 4)' });
    w.jira.issues.allow('PLAT-8');
    await says(
      list,
      /^PLAT-5 is now Done\.\nPLAT-4 and SHOP-1 weren’t moved\. Jira doesn’t offer “Done” now, or asks for more fields\. Try Move to… in the issue’s own menu\.\nPLAT-8 wasn’t moved\. There’s no such issue, or Maro can’t see it\./,
    );
  });

  test('changes fifty issues with a handful of calls, and can undo that it untracks fifty', async () => {
    const statuses = ['To Do', 'In Progress', 'In Review'];
    const keys = Array.from({ length: 50 }, (_, n) => w.jira.issues.create(LONG, { summary: `One of many, ${n}` }).key);
    for (const [index, key] of keys.entries()) w.jira.issues.edit(key, { status: statuses[index % 3] ?? '' });
    await w.slack.command(`/maro track ${keys.join(' ')}`, { channel: 'C2' });
    const list = (await w.slack.command('/maro tracked', { channel: 'C2' })).messages[0] as Message;
    await w.slack.press(list, 'Change several…');
    await isDrawn();
    const issues = (await w.slack.suggest(top(), 'several:issues', '')).slice(0, 50);
    w.jira.resetRequests();
    await w.slack.submit(top(), { Issues: issues, 'What to do': 'Move to…' });
    await isDrawn();
    // The issues, and what those of each status can become.
    assert.equal(w.jira.requests.length, 1 + 3);
    w.jira.resetRequests();
    await press({ Status: 'In Progress' });
    await says(list, /^50 of 50 issues were moved\./);
    const privately = () => w.slack.messages('C2', 'ada').filter(({ ephemeral_to }) => ephemeral_to);
    await until(() => /are now In Progress/.test(words(privately().at(-1))), 'the answer is there');
    assert.ok(keys.every((key) => words(privately().at(-1)).includes(`${key}`)));
    assert.deepEqual(w.jira.requests.map(({ endpoint }) => endpoint).sort(), [
      'bulkProgress',
      'bulkTransition',
      ...Array(3).fill('bulkTransitions'),
      'bulkfetch',
      'bulkfetch',
    ]);
    assert.ok(keys.every((key) => statusOf(key) === 'In Progress'));
    const untracking = await choose([], 'Untrack', 'C2', issues);
    await press();
    await says(untracking, /^50 issues are no longer tracked\./);
    await w.slack.press(untracking, 'Undo');
    await says(untracking, /^50 issues are tracked again\./);
  });

  test('assigns issues to the person, to somebody else, and to nobody, with four or five calls', async () => {
    const list = await choose(['PLAT-4', 'PLAT-5'], 'Assign…');
    w.jira.resetRequests();
    await press();
    await says(list, /are now assigned to Ada Park\./);
    assert.deepEqual(['PLAT-4', 'PLAT-5'].map(assigneeOf), ['Ada Park', 'Ada Park']);
    assert.deepEqual(
      w.jira.requests.map(({ endpoint }) => endpoint),
      ['bulkfetch', 'users', 'bulkEdit', 'bulkProgress', 'bulkfetch'],
    );
    const other = await choose(['PLAT-4', 'PLAT-5'], 'Assign…');
    await press({ 'Assign to': await person('Yuki') });
    await says(other, /are now assigned to Yuki Tanaka\..*Yuki Tanaka/s);
    const last = await choose(['PLAT-4'], 'Unassign');
    assert.match(words(top().blocks), /^Unassign PLAT-4\?/);
    await press();
    await says(last, /^PLAT-4 is no longer assigned to anybody\./);
    assert.deepEqual(['PLAT-4', 'PLAT-5'].map(assigneeOf), [undefined, 'Yuki Tanaka']);
  });

  test('sets the priority, and gives Jira’s reason if it refuses', async () => {
    const list = await choose(['PLAT-4', 'PLAT-5'], 'Priority…');
    await press({ Priority: 'Highest' });
    await says(list, /now have the priority Highest\./);
    assert.deepEqual(
      ['PLAT-4', 'PLAT-5'].map((key) => w.jira.issues.find(key)?.priority),
      ['Highest', 'Highest'],
    );
    const refused = await choose(['PLAT-4', 'PLAT-5'], 'Assign…');
    w.jira.permissions.delete('EDIT_ISSUES');
    await press();
    w.jira.permissions.add('EDIT_ISSUES');
    await says(refused, /^PLAT-4 and PLAT-5 weren’t assigned\. .*assignee/);
  });

  test('has their rows say what Maro is doing until Jira has confirmed it, and what they were after a refusal', async () => {
    const list = await choose(['PLAT-4', 'PLAT-8'], 'Move to…');
    const rowOf = (key: string) => words(list.blocks.find((block) => words(block).includes(`|${key}>`)));
    const says = (doing: string) =>
      until(() => ['PLAT-4', 'PLAT-8'].every((key) => rowOf(key).includes(`_${doing}_`)), `two rows say ${doing}`);
    const before = words(list);
    for (let attempt = 1; attempt <= MOST_MARKS; attempt++) {
      w.jira.trouble('bulkTransition', { kind: 'conflict' });
      w.jira.trouble('bulkTransitions', SLOW);
      const sent = press({ Status: 'In Progress' });
      await says('moving to In Progress…');
      assert.doesNotMatch(rowOf('PLAT-9'), /moving/);
      await sent;
      await until(() => /^PLAT-4 and PLAT-8 weren’t moved\./.test(words(list)), 'the list says why');
      assert.ok(words(list).endsWith(before));
    }
    w.jira.trouble('bulkTransition', undefined);
    await press({ Status: 'In Progress' });
    await until(() => /^PLAT-4 and PLAT-8 are now In Progress\./.test(words(list)), 'the list says what was done');
    assert.doesNotMatch(words(list), /moving/);
  });

  test('untracks issues, and tracks them again', async () => {
    const list = await choose(['PLAT-8', 'PLAT-9'], 'Untrack');
    assert.match(words(top().blocks), /^Untrack PLAT-8 and PLAT-9 in this channel\?/);
    w.jira.resetRequests();
    await press();
    await says(list, /^PLAT-8 and PLAT-9 are no longer tracked\./);
    assert.equal(w.jira.requests.length, 0);
    await w.slack.press(list, 'Undo');
    await says(list, /^2 issues are tracked again\..*PLAT-8/s);
  });

  test('says that untracked issues stay off the list, although the channel follows a query that has them', async () => {
    const [preview] = (await w.slack.command('/maro follow epic PLAT-8', { channel: 'C4' })).messages;
    const followed = await w.slack.press(preview as Message, 'Follow');
    assert.match(words(followed.messages.at(-1) ?? (await followed.next())), /follows epic PLAT-8/i);
    await w.slack.command('/maro track PLAT-4', { channel: 'C4' });
    const list = await choose(['PLAT-9'], 'Untrack', 'C4');
    await press();
    await says(
      list,
      /^PLAT-9 is no longer tracked\. It stays off the list, although this channel follows epic PLAT-8\./,
    );
    const other = await choose(['PLAT-4', 'PLAT-10'], 'Untrack', 'C4');
    await press();
    await says(
      other,
      /^PLAT-4 and PLAT-10 are no longer tracked\. 1 of them stays off the list, .* queries that have it\./,
    );
  });

  test('offers only issues that the channel tracks', async () => {
    const list = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0] as Message;
    await w.slack.press(list, 'Change several…');
    await isDrawn();
    assert.deepEqual(await w.slack.suggest(top(), 'several:issues', 'PLAT-15'), []);
  });

  test('says that Maro’s account lacks the permission to change several issues', async () => {
    w.jira.permissions.delete('BULK_CHANGE');
    await choose(['PLAT-4', 'PLAT-5'], 'Move to…');
    assert.match(
      words(top().blocks),
      /^Nothing was moved\. Jira doesn’t let Maro change several issues at once\. .*Make bulk changes/,
    );
    await w.slack.close(top());
    await choose(['PLAT-4', 'PLAT-5'], 'Unassign');
    await press();
    w.jira.permissions.add('BULK_CHANGE');
    assert.match(
      words(top().blocks),
      /^PLAT-4 and PLAT-5 weren’t assigned\. You do not have the permission to change issues in bulk\./,
    );
    // The form can be sent again, since nothing was done.
    await press();
    assert.equal(top(), undefined);
  });

  test('says what was done even if Jira’s answer is lost, and never that it was not done', async () => {
    const list = await choose(['PLAT-4', 'PLAT-8'], 'Move to…');
    w.jira.trouble('bulkTransition', { kind: 'cut' });
    await press({ Status: 'In Progress' });
    await says(list, /^PLAT-4 and PLAT-8 are now In Progress\./);
    const other = await choose(['PLAT-4', 'PLAT-8'], 'Move to…');
    w.jira.resetRequests();
    w.jira.trouble('bulkTransition', { kind: 'cut', undone: true });
    await press({ Status: 'To Do' });
    await says(other, /^Jira didn’t answer in time, so PLAT-4 and PLAT-8 may or may not have been moved\./);
    assert.equal(w.jira.count('bulkTransition'), 1);
  });

  test('looks at the histories of the issues if Jira does not report the progress', async () => {
    const list = await choose(['PLAT-4', 'PLAT-8'], 'Move to…');
    w.jira.bulkMs = 3_600_000;
    await press({ Status: 'In Progress' });
    await says(list, /^PLAT-4 and PLAT-8 are now In Progress\./);
    const other = await choose(['PLAT-4', 'PLAT-8'], 'Priority…');
    w.jira.bulkMs = 0;
    w.jira.trouble('bulkProgress', { kind: 'server_error', status: 500 });
    await press({ Priority: 'Low' });
    await says(other, /PLAT-4 and PLAT-8 now have the priority Low\./);
  });

  test('does not move an issue that already has the status', async () => {
    const list = await choose(['PLAT-4', 'PLAT-5'], 'Move to…');
    w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
    w.jira.resetRequests();
    await press({ Status: 'In Progress' });
    await says(list, /are now In Progress\./);
    assert.equal(w.jira.count('bulkTransition'), 0);
  });

  test('says that an issue was deleted or hidden from Maro during the change', async () => {
    const list = await choose(['PLAT-4', 'PLAT-8'], 'Move to…');
    w.jira.trouble('bulkTransitions', { kind: 'latency', ms: 300 });
    w.jira.resetRequests();
    const sent = press({ Status: 'In Progress' });
    await until(() => w.jira.count('bulkTransitions') > 0, 'Maro asks Jira');
    w.jira.issues.forbid('PLAT-8');
    await sent;
    w.jira.issues.allow('PLAT-8');
    await says(
      list,
      /^PLAT-4 is now In Progress\.\nPLAT-8 wasn’t moved\. There’s no such issue, or Maro can’t see it\./,
    );
    assert.equal(statusOf('PLAT-8'), 'To Do');
  });

  test('says that Jira is slow, and later reports the outcome', async () => {
    const list = await choose(['PLAT-4', 'PLAT-8'], 'Move to…');
    w.jira.trouble('bulkProgress', { kind: 'latency', ms: 2_400 });
    await press({ Status: 'In Progress' });
    assert.match(words(top().blocks), /^Jira is slow right now\. You can close this\./);
    await says(list, /^PLAT-4 and PLAT-8 are now In Progress\./);
    assert.match(words(top().blocks), /^Done\./);
  });

  test('has commands with several keys that do the same', async () => {
    const say = async (text: string) =>
      words((await w.slack.command(`/maro ${text}`, { channel: 'C1' })).messages[0]).trim();
    assert.equal(await say('move PLAT-4, plat-8 to In Progress'), 'PLAT-4 and PLAT-8 are now In Progress.');
    assert.equal(await say('move PLAT-4 PLAT-8 start'), 'PLAT-4 and PLAT-8 are now In Progress.');
    assert.equal(await say('assign PLAT-4,PLAT-8 Yuki'), 'PLAT-4 and PLAT-8 are now assigned to Yuki Tanaka.');
    assert.equal(await say('assign PLAT-4 PLAT-8 me'), 'PLAT-4 and PLAT-8 are now assigned to Ada Park.');
    assert.equal(await say('priority PLAT-4 PLAT-8 high'), 'PLAT-4 and PLAT-8 now have the priority High.');
    assert.equal(
      await say('priority PLAT-4 PLAT-8 Urgent'),
      'PLAT-4 and PLAT-8 weren’t changed. Jira doesn’t offer the priority “Urgent” here. It offers Highest, High, Medium, Low, Lowest.',
    );
    assert.match(
      await say(`move ${Array.from({ length: 51 }, (_, n) => `PLAT-${n + 1}`).join(' ')} Done`),
      /^Nothing was moved\. You chose 51 issues, and the limit is 50\./,
    );
  });
});
