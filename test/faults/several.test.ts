import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Message } from '../../sandbox/slack/index.ts';
import type { View } from '../../sandbox/slack/views.ts';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';
import { createWaitLong, endSleepers, isHeldUp } from './sleepers.ts';

const KEYS = ['PLAT-4', 'PLAT-5'];

describe('a change of several issues whose process is killed', () => {
  let w: World;
  let maro: MaroProcess;
  let db: postgres.Sql;
  before(async () => {
    w = await world();
    db = connect(w.databaseUrl);
    maro = await startProcess(w);
    await createWaitLong(db);
    await w.slack.command(`/maro track ${KEYS.join(' ')}`, { channel: 'C1' });
  });
  afterEach(() => {
    for (const endpoint of ['bulkTransition', 'bulkProgress'] as const) w.jira.trouble(endpoint, undefined);
    w.slack.refusals.splice(0);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const moved = () => KEYS.every((key) => w.jira.issues.find(key)?.status.name === 'In Progress');
  const sleeping = () => isHeldUp(db);
  const hold = (when: string) =>
    db.unsafe(`create trigger hold before ${when} for each row execute function wait_long()`);

  /** Sends the form, without waiting for its answer. @returns the list from which it was opened. */
  async function send(status = 'In Progress'): Promise<Message> {
    for (const key of KEYS) w.jira.issues.edit(key, { status: 'To Do' });
    // Jira offers In Review only to an issue in progress.
    if (status.startsWith('In Review')) w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
    const list = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0] as Message;
    await w.slack.press(list, 'Change several…');
    await until(() => top()?.callback_id === 'change_several', 'the form is shown');
    const offered = await w.slack.suggest(top(), 'several:issues', '');
    const issues = KEYS.map((key) => offered.find(({ value }) => value === key));
    await w.slack.submit(top(), { Issues: issues, 'What to do': 'Move to…' });
    await until(() => top().callback_id === 'change_several:value', 'the statuses are shown');
    w.jira.resetRequests();
    void w.slack.submit(top(), { Status: status }).catch(() => undefined);
    return list;
  }
  async function killAndRestart(): Promise<void> {
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    for (const table of ['creates', 'runs']) await db.unsafe(`drop trigger if exists hold on ${table}`);
    for (const endpoint of ['bulkTransition', 'bulkProgress'] as const) w.jira.trouble(endpoint, undefined);
    await db.unsafe('update runs set due_at = now() where due_at is not null');
    await db.unsafe("update creates set sent_at = sent_at - interval '1 minute'");
    maro = await startProcess(w);
  }
  async function ended(list: Message, sentence: RegExp): Promise<void> {
    await until(() => sentence.test(words(list)), `the list says ${sentence}, not ${words(list)}`, 25_000);
    const isLeft = async () => (await db.unsafe('select from runs where due_at is not null')).length > 0;
    await until(async () => !(await isLeft()), 'nothing is left to do');
    assert.equal(w.jira.count('bulkTransition'), 1);
    if (top() !== undefined) await w.slack.close(top(), { all: true });
  }
  const IS_DONE = /^PLAT-4 and PLAT-5 are now In Progress\./;

  // The first, since Maro's moves in the others would count, within the time by which Jira's clock and Maro's may differ.
  test('before Jira got the request: no process repeats it, and no person is told that it was not done', async () => {
    w.jira.trouble('bulkTransition', { kind: 'no_answer', undone: true });
    const list = await send();
    await until(() => w.jira.count('bulkTransition') > 0, 'Maro asks Jira');
    await killAndRestart();
    await ended(list, /^Jira didn’t answer in time, so PLAT-4 and PLAT-5 may or may not have been moved\./);
  });

  test('before Maro stored that it would submit it: another process submits it', async () => {
    await hold('insert on creates');
    const list = await send();
    await until(sleeping, 'Maro stores it');
    await killAndRestart();
    await ended(list, IS_DONE);
    assert.ok(moved());
  });

  test('before Jira answered: another process sees from the issues that it is done', async () => {
    w.jira.trouble('bulkTransition', { kind: 'no_answer' });
    const list = await send();
    await until(moved, 'Jira does it');
    await killAndRestart();
    await ended(list, IS_DONE);
  });

  test('before the task was stored: another process sees from the issues that it is done', async () => {
    await hold('update of outcome on creates');
    const list = await send();
    await until(sleeping, 'Maro stores the task');
    await killAndRestart();
    await ended(list, IS_DONE);
  });

  test('while it waits for the task: another process says of which issue Jira was not asked', async () => {
    w.jira.trouble('bulkProgress', { kind: 'no_answer' });
    const list = await send('In Review (1 of 2)');
    await until(() => w.jira.count('bulkProgress') > 0, 'Maro asks how far it is');
    await killAndRestart();
    await ended(
      list,
      /^PLAT-4 is now In Review\.\nPLAT-5 wasn’t moved\. Jira wasn’t asked for this change\. Try again\./,
    );
  });

  test('while it waits for the task: another process follows the same task', async () => {
    w.jira.trouble('bulkProgress', { kind: 'no_answer' });
    const list = await send();
    await until(() => w.jira.count('bulkProgress') > 0, 'Maro asks how far it is');
    w.jira.issues.remove('PLAT-5');
    await killAndRestart();
    await ended(
      list,
      /^PLAT-4 is now In Progress\.\nJira didn’t answer in time, so PLAT-5 may or may not have been moved\./,
    );
  });
});
