import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type postgres from 'postgres';
import { functions } from '../../functions/index.ts';
import type { Execution } from '../../sandbox/slack/index.ts';
import { call } from '../../src/function.ts';
import { type Services, unclaimed } from '../../src/services.ts';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';
import { openTaker } from '../workflows/runners.ts';
import { createWaitLong, endSleepers, isHeldUp } from './sleepers.ts';

describe('a ticket', () => {
  let w: World;
  let maro: MaroProcess;
  let db: postgres.Sql;
  let services: Services;
  let takeRequest: Awaited<ReturnType<typeof openTaker>>['take'];
  before(async () => {
    w = await world();
    db = connect(w.databaseUrl);
    maro = await startProcess(w);
    ({ services, take: takeRequest } = await openTaker(w, w.databaseUrl));
    await createWaitLong(db);
  });
  afterEach(() => {
    for (const endpoint of ['create', 'search', 'issueTypes', 'bulkfetch'] as const)
      w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const step = (summary: string, project = 'PLAT'): Execution => {
    w.jira.resetRequests();
    return w.slack.step('create_ticket', { project, summary });
  };
  const made = (summary: string) => w.jira.issues.all().filter((issue) => issue.summary === summary);
  /** What is left to do. */
  const due = async () => (await db.unsafe('select from runs where due_at is not null')).length;
  /** As if the time had passed that a process waits before it takes over. */
  async function age(): Promise<void> {
    await db.unsafe('update runs set due_at = now() where due_at is not null');
    await db.unsafe("update creates set sent_at = sent_at - interval '1 minute'");
  }
  async function killAndRestart(): Promise<void> {
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    for (const table of ['creates', 'runs']) await db.unsafe(`drop trigger if exists hold on ${table}`);
    await age();
    maro = await startProcess(w);
  }
  const hold = (when: string) =>
    db.unsafe(`create trigger hold before ${when} for each row execute function wait_long()`);
  /** One ticket, one create, one outcome, and nothing left to do. */
  async function endedWithOne(execution: Execution, summary: string): Promise<void> {
    await execution.finished;
    assert.equal(execution.state, 'completed', execution.error);
    const [ticket, ...more] = made(summary);
    assert.deepEqual([execution.outputs.issue_key, more], [ticket?.key, []]);
    assert.deepEqual([w.jira.count('create'), execution.completions], [1, 1]);
    await until(async () => (await due()) === 0, 'nothing is left to do');
  }

  describe('whose process is killed', () => {
    test('before it was written down that Jira is asked: another creates it', async () => {
      await hold('insert on creates');
      const execution = step('Killed before sending');
      await execution.delivered;
      await until(() => isHeldUp(db), 'Maro writes it down');
      await killAndRestart();
      await endedWithOne(execution, 'Killed before sending');
    });

    test('before Jira was asked: another creates it, since nothing was sent', async () => {
      w.jira.trouble('issueTypes', { kind: 'no_answer' });
      // Of this project Maro does not know the types yet.
      const execution = step('Killed before asking', 'SHOP');
      await until(() => w.jira.count('issueTypes') > 0, 'Maro asks what types there are');
      w.jira.trouble('issueTypes', undefined);
      await killAndRestart();
      await endedWithOne(execution, 'Killed before asking');
    });

    test('before Jira answered: another finds it', async () => {
      w.jira.trouble('create', { kind: 'no_answer' });
      const execution = step('Killed while asking');
      await until(() => w.jira.count('create') > 0, 'Maro asks Jira');
      w.jira.trouble('create', undefined);
      await killAndRestart();
      await endedWithOne(execution, 'Killed while asking');
    });

    test('before the answer was kept: another finds it', async () => {
      await hold('update of outcome on creates');
      const execution = step('Killed before keeping');
      await until(() => made('Killed before keeping').length > 0, 'the ticket is there');
      await killAndRestart();
      await endedWithOne(execution, 'Killed before keeping');
    });

    test('before the outcome of its step was kept: another puts out the same', async () => {
      await hold('update of outcome on runs');
      const execution = step('Killed after keeping');
      await until(async () => {
        const rows = await db.unsafe("select from creates where create_id = $1 and state = 'created'", [execution.id]);
        return rows.length > 0;
      }, 'the ticket is kept');
      w.jira.issues.edit(made('Killed after keeping')[0]?.key as string, { status: 'Done' });
      await killAndRestart();
      await endedWithOne(execution, 'Killed after keeping');
    });
  });

  describe('whose process is killed when its card stands in the channel', () => {
    const cards = (key: string) => w.slack.messages('C1', 'ben').filter((message) => words(message).includes(key));
    async function killedAfterPosting(key: string): Promise<Execution> {
      await hold('update of outcome on runs');
      const execution = w.slack.step('post_ticket', { channel_id: 'C1', issue_keys: key });
      await until(() => cards(key).length > 0, 'the card is there');
      await killAndRestart();
      await execution.finished;
      await until(async () => (await due()) === 0, 'nothing is left to do');
      return execution;
    }

    test('has one card: another process finds it', async () => {
      const { outputs, completions } = await killedAfterPosting('PLAT-5');
      const [card, ...more] = cards('PLAT-5');
      assert.deepEqual([more.length, completions], [0, 1]);
      const message_link = `https://acme.slack.com/archives/C1/p${card?.ts.replace('.', '')}`;
      assert.deepEqual(outputs, { posted: true, message_link, error: '' });
    });

    test('has one card, and its step says so where Slack does not show the channel', async () => {
      w.slack.trouble.fail('conversations.history', 'missing_scope');
      const { error } = await killedAfterPosting('PLAT-4');
      assert.match(error ?? '', /can’t tell whether the message was posted, so it didn’t post another\.$/);
      assert.equal(cards('PLAT-4').length, 1);
    });
  });

  describe('that is asked for through a door', () => {
    const asked = (id: string, summary: string) => ({
      id,
      workflow: 'create_and_track',
      inputs: { project: 'PLAT', summary, channel_id: 'C1', user_id: 'U0ADA' },
      door: 'command' as const,
    });
    const take = (id: string, summary: string) => takeRequest(asked(id, summary));
    const posted = (summary: string) =>
      w.slack.messages('C1', 'ben').filter((message) => words(message).includes(summary));
    const tracked = async (summary: string) => {
      const join = 'select from tracked_issues join jira_issues using (tenant_id, site, issue_id) where summary = $1';
      return (await db.unsafe(join, [summary])).length;
    };
    async function broughtToEnd(summary: string): Promise<void> {
      await age();
      await until(() => posted(summary).length > 0, 'the message is there');
      await until(async () => (await due()) === 0, 'nothing is left to do');
      assert.deepEqual([made(summary).length, posted(summary).length, await tracked(summary)], [1, 1, 1]);
    }

    test('is created, tracked and posted by whoever took it', async () => {
      const { state, run } = await take('R1', 'Taken and run');
      assert.equal(state, 'ours');
      assert.equal(await due(), 1);
      assert.equal((await run?.())?.state, 'completed');
      assert.deepEqual([made('Taken and run').length, await tracked('Taken and run'), await due()], [1, 1, 0]);
    });

    test('and whose process died is created, tracked and posted by another', async () => {
      await take('R2', 'Taken and left');
      await broughtToEnd('Taken and left');
    });

    test('and was created before its process died is tracked and posted by another, and not created again', async () => {
      await take('R3', 'Created and left');
      const inputs = {
        ...{
          project: 'PLAT',
          summary: 'Created and left',
          issue_type: undefined,
          description: undefined,
          formatted_description: undefined,
        },
        ...{
          channel_id: 'C1',
          user_id: undefined,
          message_link: undefined,
          fields: undefined,
          required_fields: undefined,
          continue_on_error: false,
        },
      };
      await call(
        functions.create_ticket,
        inputs,
        unclaimed({ tenant: 'T0ACME', door: 'command', operation: 'R3', services }),
      );
      await broughtToEnd('Created and left');
    });

    test('is not asked for again while somebody is at it, nor when it is there', async () => {
      const first = await take('R4', 'Submitted twice');
      assert.deepEqual(await take('R4', 'Submitted twice'), { state: 'running', run: undefined });
      await first.run?.();
      assert.deepEqual(await take('R4', 'Submitted twice'), { state: 'finished', run: undefined });
      assert.equal(made('Submitted twice').length, 1);
    });

    test('and is still looked for when its process is told to stop is left to another', async () => {
      w.jira.resetRequests();
      w.jira.trouble('create', { kind: 'no_answer' });
      w.jira.trouble('search', { kind: 'server_error', status: 500 });
      await take('R6', 'Left at the end');
      await age();
      await until(() => w.jira.count('create') === 1, 'Maro asks Jira');
      maro.kill('SIGTERM');
      assert.equal(await maro.ended, 0);
      const rows = await db.unsafe("select state from creates where create_id = 'R6'");
      assert.deepEqual([...rows], [{ state: 'sending' }], 'it did not wait until it knew');
      for (const endpoint of ['create', 'search'] as const) w.jira.trouble(endpoint, undefined);
      await age();
      maro = await startProcess(w);
      await until(() => posted('Left at the end').length > 0, 'the message is there');
      assert.deepEqual([made('Left at the end').length, w.jira.count('create')], [1, 1]);
      await until(async () => (await due()) === 0, 'nothing is left to do');
    });

    test('and whose process died is told to the person when Jira refuses it, with what was typed', async () => {
      await take('R7', 'r'.repeat(256));
      await age();
      const direct = () => w.slack.everything().filter(({ channel }) => channel === 'D1');
      await until(() => direct().length > 0, 'the direct message is there');
      assert.match(words(direct()[0]), /^Nothing was created\. This summary has 256 .*You typed:\nr{256}/s);
      await until(async () => (await due()) === 0, 'nothing is left to do');
      assert.equal(made('r'.repeat(256)).length, 0);
    });

    test('and whose epic Jira refused may be asked for again, and gets the epic', async () => {
      const inputs = { project: 'PLAT', stories: 'In the epic', epic_summary: 'Refused at first', user_id: 'U0ADA' };
      const request = { id: 'R8', workflow: 'create_stories', inputs, door: 'command' as const };
      w.jira.trouble('create', { kind: 'unauthorized', times: 1 });
      assert.equal((await (await takeRequest(request)).run?.())?.state, 'failed');
      assert.equal((await (await takeRequest(request)).run?.())?.state, 'completed');
      assert.deepEqual([made('Refused at first').length, made('In the epic').length], [1, 1]);
    });

    test('may be corrected when Jira refused it', async () => {
      const first = await take('R5', ' ');
      assert.equal((await first.run?.())?.state, 'failed');
      const second = await take('R5', 'Corrected');
      assert.equal((await second.run?.())?.state, 'completed');
      assert.deepEqual([made('Corrected').length, posted('Corrected').length], [1, 1]);
    });
  });
});
