import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';
import { createWaitLong, endSleepers } from './sleepers.ts';

const SECRET = 'a-secret-of-the-webhook';

describe('replies in the threads from which issues came', () => {
  let w: World;
  let db: postgres.Sql;
  let maros: MaroProcess[] = [];
  /** The messages from which PLAT-5 and PLAT-8 were tracked. */
  let first: string;
  let second: string;
  before(async () => {
    w = await world();
    db = connect(w.databaseUrl);
    maros = await start();
    await createWaitLong(db);
    first = await trackFromMessage('PLAT-5');
    second = await trackFromMessage('PLAT-8');
    await w.slack.command('/maro track PLAT-1', { channel: 'C1', user: 'ada' });
    await older('1 day');
    await notify({ kind: 'threads' });
  });

  /** Starts two processes. The first one takes what Jira's webhook sends. */
  async function start(): Promise<MaroProcess[]> {
    const one = await startProcess(w, { PORT: String(maros[0]?.port ?? 0), JIRA_WEBHOOK_SECRET: SECRET });
    if (maros.length === 0) {
      w.jira.webhooks.register({ url: `http://127.0.0.1:${one.port}/jira/webhook`, secret: SECRET });
    }
    return [one, await startProcess(w)];
  }
  async function trackFromMessage(key: string): Promise<string> {
    const { ts } = w.slack.post(`What about ${key}?`, { channel: 'C1' });
    const message_link = `https://acme.slack.com/archives/C1/p${ts.replace('.', '')}`;
    const { state } = await w.slack.step('track', { channel_id: 'C1', issue_keys: key, message_link }).finished;
    assert.equal(state, 'completed');
    return ts;
  }
  async function notify(values: Record<string, unknown>): Promise<string> {
    const seen = await w.slack.command('/maro notify', { channel: 'C1' });
    await w.slack.submit(await seen.nextView(), values);
    const saved = w.slack.views('ada').at(-1) ?? assert.fail();
    await w.slack.close(saved);
    await older('1 minute');
    return words(saved.blocks);
  }
  /** Makes everything that is stored of issues older. */
  async function older(by: string): Promise<void> {
    await db.unsafe(`
      update tracked_issues set added_at = added_at - interval '${by}';
      update issue_changes set changed_at = changed_at - interval '${by}', recorded_at = recorded_at - interval '${by}';
      update notifications set told_to = told_to - interval '${by}'`);
  }
  async function edit(...edit: Parameters<World['jira']['issues']['edit']>): Promise<void> {
    const known = async () => (await db`select from issue_changes`).length;
    const before = await known();
    w.jira.issues.edit(...edit);
    await until(async () => (await known()) > before, 'Maro knows the change');
    await older('30 seconds');
  }
  /** Lets the clock strike twice, and waits for what comes of it. */
  async function strike(): Promise<void> {
    await db`update notifications set next_at = date_trunc('milliseconds', now() - interval '1 minute')`;
    const [tenant] = await db<{ name: string }[]>`select tenant_id as name from tracked_issues limit 1`;
    for (let n = 0; n < 2; n++) await db`select graphile_worker.add_job(${`notify:${tenant?.name}`})`;
    await until(async () => (await db`select from notifications where next_at <= now()`).length === 0, 'it is begun');
    await ended();
  }
  const ended = () =>
    until(async () => (await db`select from runs where kind = 'threads' and due_at is not null`).length === 0, 'ended');
  const replies = (ts: string) =>
    w.slack
      .messages('C1', 'ben')
      .filter((message) => message.thread_ts === ts)
      .map((message) => words(message).trim());
  const reactions = (ts: string) =>
    w.slack
      .messages('C1', 'ben')
      .find((message) => message.ts === ts)
      ?.reactions?.map(({ name, users }) => [name, users.length]);

  test('tell a change once, however many processes there are, and mark the message of an issue that is done', async () => {
    await edit('PLAT-5', { status: 'Done' }, 'tobias');
    await edit('PLAT-1', { status: 'Done' }, 'tobias');
    await strike();
    await strike();
    assert.equal(replies(first).length, 1);
    assert.match(
      replies(first)[0] ?? '',
      /^PLAT-5 Sign-in loops .* · Tobias Krämer moved it from In Progress to Done$/,
    );
    assert.deepEqual(reactions(first), [['white_check_mark', 1]]);
    assert.deepEqual([replies(second), reactions(second)], [[], undefined]);
    assert.deepEqual(w.slack.refusals, []);
  });

  test('tell a change back, and nothing of what changed there and back in between', async () => {
    await edit('PLAT-5', { status: 'To Do' }, 'mara');
    await edit('PLAT-8', { status: 'Done' }, 'mara');
    await edit('PLAT-8', { status: 'In Progress' }, 'mara');
    const { category } =
      (await db`select status_category as category from jira_issues where issue_key = 'PLAT-8'`)[0] ?? {};
    await strike();
    assert.match(replies(first)[1] ?? '', /Mara Lindqvist moved it from Done to To Do$/);
    assert.equal(category, 'indeterminate');
    assert.equal(replies(first).length, 2);
    assert.equal(reactions(first), undefined);
    await edit('PLAT-5', { status: 'Done' }, 'tobias');
    await strike();
    assert.equal(replies(first).length, 3);
    assert.deepEqual(reactions(first), [['white_check_mark', 1]]);
    w.slack.refusals.splice(0);
  });

  test('tell nothing that Maro did, and only what was chosen', async () => {
    const before = replies(second).length;
    await edit('PLAT-8', { status: 'To Do' }, 'maro');
    await strike();
    await notify({ kind: 'threads', events: ['done'] });
    await edit('PLAT-8', { status: 'In Progress' }, 'tobias');
    await strike();
    assert.equal(replies(second).length, before);
    await notify({ kind: 'threads', events: ['done', 'moved'] });
  });

  test('take the mark from a reopened issue even if reopened issues were not chosen', async () => {
    const before = replies(first).length;
    await edit('PLAT-5', { status: 'To Do' }, 'mara');
    await strike();
    assert.deepEqual([replies(first).length, reactions(first)], [before, undefined]);
  });

  test('come once when the process dies after Slack took one', async () => {
    const before = replies(second).length;
    await edit('PLAT-8', { status: 'Done' }, 'tobias');
    await db.unsafe(
      "create trigger hold before update of outcome on runs for each row when (new.kind = 'threads') execute function wait_long()",
    );
    const striking = strike();
    await until(() => reactions(second) !== undefined, 'Slack has the reply and the reaction');
    for (const maro of maros) maro.kill('SIGKILL');
    await Promise.all(maros.map(({ ended }) => ended));
    await endSleepers(db);
    await db.unsafe('drop trigger hold on runs');
    await db`update runs set due_at = now() where due_at is not null`;
    maros = await start();
    await striking;
    await ended();
    assert.equal(replies(second).length, before + 1);
    assert.deepEqual(reactions(second), [['white_check_mark', 1]]);
  });

  test('let the mark follow what Maro did, without telling it', async () => {
    const before = [replies(first).length, replies(second).length];
    await edit('PLAT-8', { status: 'In Progress' }, 'maro');
    await edit('PLAT-5', { status: 'Done' }, 'maro');
    await strike();
    assert.deepEqual([reactions(first), reactions(second)], [[['white_check_mark', 1]], undefined]);
    assert.deepEqual([replies(first).length, replies(second).length], before);
  });

  test('come once, and the mark goes, when the process dies between the two', async () => {
    await notify({ kind: 'threads', events: ['done', 'reopened'] });
    const before = replies(first).length;
    await edit('PLAT-5', { status: 'To Do' }, 'mara');
    // The process waits for Slack's answer to the reply, which is before it asks Slack to remove the mark.
    w.slack.trouble.lose('chat.postMessage');
    const striking = strike();
    await until(() => replies(first).length > before, 'Slack has the reply');
    for (const maro of maros) maro.kill('SIGKILL');
    await Promise.all(maros.map(({ ended }) => ended));
    assert.deepEqual(reactions(first), [['white_check_mark', 1]]);
    await db`update runs set due_at = now() where due_at is not null`;
    maros = await start();
    await striking;
    await ended();
    assert.deepEqual([replies(first).length, reactions(first)], [before + 1, undefined]);
  });

  test('end when they are turned off', async () => {
    assert.match(await notify({ kind: 'off' }), /^Saved\. Maro posts nothing/);
    const before = w.slack.messages('C1', 'ben').length;
    await edit('PLAT-5', { status: 'Done' }, 'mara');
    await strike();
    assert.equal(w.slack.messages('C1', 'ben').length, before);
  });
});
