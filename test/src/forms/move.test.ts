import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

describe('the form that moves an issue', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w, {}, { looksAfterMs: [50, 200] });
    await w.slack.command('/maro track PLAT-4 PLAT-8', { channel: 'C1' });
  });
  beforeEach(() => {
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    w.jira.resetRequests();
  });
  afterEach(async () => {
    for (const endpoint of ['all', 'transition', 'transitions'] as const) w.jira.trouble(endpoint, undefined);
    if (top() !== undefined) await w.slack.close(top(), { all: true });
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const statusOf = (key: string) => w.jira.issues.find(key)?.status.name;
  const options = () =>
    top()
      .blocks.flatMap(({ block_id, element }) =>
        String(block_id).startsWith('status') ? (element as { options: object[] }).options : [],
      )
      .map((option) => (option as { text: { text: string } }).text.text);
  const isDrawn = () =>
    until(() => top() !== undefined && !words(top().blocks).startsWith('Asking Jira'), 'the form is drawn');
  const privately = () => w.slack.messages('C1', 'ada').filter(({ ephemeral_to }) => ephemeral_to);

  async function open(key = 'PLAT-4') {
    const seen = await w.slack.command(`/maro move ${key}`, { channel: 'C1' });
    await isDrawn();
    return seen;
  }
  async function choose(status: string) {
    const before = JSON.stringify(top().blocks);
    await w.slack.press(top(), 'move:status', { value: status });
    await until(() => JSON.stringify(top().blocks) !== before, 'the form is drawn anew');
  }
  async function list(): Promise<Message> {
    return (await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0] as Message;
  }

  test('offers what Jira offers for the issue now, and is two calls more when it is sent', async () => {
    await open();
    assert.deepEqual(options(), ['To Do', 'Ready', 'In Progress', 'Blocked', "Won't Do", 'Parked']);
    assert.equal(w.jira.requests.length, 1);
    await w.slack.submit(top(), { status: 'In Progress' });
    assert.equal(statusOf('PLAT-4'), 'In Progress');
    assert.equal(top(), undefined);
    assert.equal(w.jira.requests.length, 3);
    await until(() => /PLAT-4> is now In Progress\./.test(String(privately().at(-1)?.text)), 'the answer is there');
  });

  test('asks for the fields that Jira requires', async () => {
    await open();
    await choose('Parked');
    assert.match(JSON.stringify(top().blocks), /Due date/);
    await w.slack.submit(top(), { 'Due date': '2026-12-24' });
    assert.equal(statusOf('PLAT-4'), 'Parked');
    assert.equal(w.jira.issues.find('PLAT-4')?.fields.duedate, '2026-12-24');
  });

  test('takes a choice of a resolution, and no other status carries it', async () => {
    await open();
    await choose('Parked');
    await choose("Won't Do");
    assert.doesNotMatch(JSON.stringify(top().blocks), /Due date/);
    await w.slack.submit(top(), { Resolution: 'Duplicate' });
    assert.equal(statusOf('PLAT-4'), "Won't Do");
    assert.equal(w.jira.issues.find('PLAT-4')?.fields.resolution, 'Duplicate');
  });

  test('takes the comment that a workflow wants, and says so if it is missing', async () => {
    await open();
    await choose('Blocked');
    await w.slack.submit(top());
    assert.match(words(top().blocks), /^PLAT-4 wasn’t moved\. Say in a comment what blocks this\./);
    await w.slack.submit(top(), { Comment: 'Waiting for the certificate' });
    assert.equal(statusOf('PLAT-4'), 'Blocked');
    assert.match(JSON.stringify(w.jira.issues.find('PLAT-4')?.comments.at(-1)), /Ada.*Waiting for the certificate/i);
  });

  test('from a row of the list draws the list anew, with what the issue is now', async () => {
    await w.slack.command('/maro track PLAT-4', { channel: 'C1' });
    const shown = await list();
    const [value] = /issue:move PLAT-4 [^"]+/.exec(JSON.stringify(shown.blocks)) ?? [];
    await w.slack.press(shown, 'list:row', { value });
    await isDrawn();
    await w.slack.submit(top(), { status: 'In Progress' });
    await until(() => words(shown).startsWith('PLAT-4 is now In Progress.'), 'the list is drawn anew');
    assert.match(words(shown), /In progress.*PLAT-4/is);
  });

  test('shows after a refusal what Jira offers then, why, and what was typed', async () => {
    await open();
    await choose('Parked');
    w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
    w.jira.trouble('transition', { kind: 'conflict' });
    await w.slack.submit(top(), { 'Due date': '2026-12-24' });
    assert.match(words(top().blocks), /^PLAT-4 wasn’t moved\. Somebody changed the issue/);
    assert.ok(options().includes('In Review') && !options().includes('Ready'));
    assert.match(JSON.stringify(top().blocks), /"initial_date":"2026-12-24"/);
    w.jira.trouble('transition', undefined);
    await w.slack.submit(top());
    assert.equal(statusOf('PLAT-4'), 'Parked');
  });

  test('does not choose again a status that Jira no longer offers', async () => {
    await open();
    w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
    await w.slack.submit(top(), { status: 'Ready' });
    assert.match(words(top().blocks), /^PLAT-4 wasn’t moved\. Jira doesn’t offer “Ready” for it now/);
    assert.match(JSON.stringify(top().state.values), /"selected_option":null/);
  });

  test('is told as done if only Jira’s answer was lost, and never as not done if nobody knows', async () => {
    await open();
    w.jira.trouble('transition', { kind: 'cut' });
    await w.slack.submit(top(), { status: 'In Progress' });
    assert.equal(top(), undefined);
    await open();
    w.jira.trouble('transition', { kind: 'cut', undone: true });
    await w.slack.submit(top(), { status: 'To Do' });
    assert.match(words(top().blocks), /^Jira didn’t answer in time, so PLAT-4 may or may not have been moved\./);
    assert.equal(w.jira.count('transition'), 2);
  });

  test('reports a late refusal in a direct message if the form is closed, and gives back only what the person typed', async () => {
    const told = () => w.slack.messages('D1', 'ada').map(words);
    const before = told().length;
    await open();
    w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
    w.jira.trouble('transitions', { kind: 'latency', ms: 2_600, times: 1 });
    await w.slack.submit(top(), { status: 'Ready' });
    assert.match(words(top().blocks), /^Jira is slow right now/);
    await w.slack.close(top());
    await until(() => told().length > before, 'the direct message is there');
    assert.match(told().at(-1) ?? '', /^PLAT-4 wasn’t moved\. [^\n]*\n?$/);
    assert.deepEqual([...new Set(w.slack.refusals.splice(0).map(({ error }) => error))], ['not_found']);
  });

  test('says why there is nothing to choose from', async () => {
    await open('PLAT-4711');
    assert.match(words(top().blocks), /PLAT-4711: not found/);
    await w.slack.close(top());
    w.jira.trouble('transitions', { kind: 'server_error', status: 500 });
    await open();
    assert.match(words(top().blocks), /^PLAT-4 wasn’t moved\. Jira/);
    w.jira.trouble('transitions', undefined);
    await w.slack.close(top());
    w.jira.permissions.delete('TRANSITION_ISSUES');
    await open();
    w.jira.permissions.add('TRANSITION_ISSUES');
    assert.equal(words(top().blocks).trim(), 'Jira offers no other status for PLAT-4 now.');
  });

  test('says after a submission that the issue is gone meanwhile', async () => {
    await open('PLAT-8');
    w.jira.issues.remove('PLAT-8');
    await w.slack.submit(top(), { status: 'Done' }).catch(() => w.slack.submit(top(), { status: 'To Do' }));
    assert.match(words(top().blocks), /^PLAT-8 wasn’t moved\. There’s no such issue/);
  });
});
