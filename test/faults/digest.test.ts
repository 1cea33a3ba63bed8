import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';
import { createWaitLong, endSleepers } from './sleepers.ts';

const SECRET = 'a-secret-of-the-webhook';

describe('the digest of a channel', () => {
  let w: World;
  let db: postgres.Sql;
  let maros: MaroProcess[] = [];
  before(async () => {
    w = await world();
    db = connect(w.databaseUrl);
    maros = await start();
    await createWaitLong(db);
    for (const channel of ['C1', 'C3']) {
      await w.slack.command('/maro track PLAT-1 PLAT-5', { channel, user: 'ada' });
    }
    await older('20 days');
  });

  /** Starts two processes. The first one takes what Jira's webhook sends. */
  async function start(): Promise<MaroProcess[]> {
    const first = await startProcess(w, { PORT: String(maros[0]?.port ?? 0), JIRA_WEBHOOK_SECRET: SECRET });
    if (maros.length === 0) {
      w.jira.webhooks.register({ url: `http://127.0.0.1:${first.port}/jira/webhook`, secret: SECRET });
    }
    return [first, await startProcess(w)];
  }

  async function notify(values: Record<string, unknown>, channel = 'C1'): Promise<void> {
    const seen = await w.slack.command('/maro notify', { channel });
    await w.slack.submit(await seen.nextView(), { zone: 'UTC', ...values });
    const saved = w.slack.views('ada').at(-1) ?? assert.fail();
    assert.match(words(saved.blocks), /^Saved/);
    await w.slack.close(saved);
  }
  /** Makes everything that is stored of issues older. */
  async function older(by: string): Promise<void> {
    await w.jira.webhooks.settled();
    await db.unsafe(`
      update tracked_issues set added_at = added_at - interval '${by}';
      update issue_changes set changed_at = changed_at - interval '${by}', recorded_at = recorded_at - interval '${by}';
      update notifications set told_to = told_to - interval '${by}'`);
  }
  async function edit(...edit: Parameters<World['jira']['issues']['edit']>): Promise<void> {
    w.jira.issues.edit(...edit);
    await w.jira.webhooks.settled();
    await until(
      async () => (await db`select from issue_changes where recorded_at > now() - interval '20 seconds'`).length > 0,
      'Maro knows the change',
    );
    await older('30 seconds');
  }
  /** Lets the digests be due, and the clock of one process strike. */
  async function strike(): Promise<void> {
    await db`update notifications set next_at = date_trunc('milliseconds', now() - interval '1 minute')`;
    const [tenant] = await db<{ name: string }[]>`select distinct tenant_id as name from notifications`;
    if (tenant === undefined) return;
    for (let n = 0; n < 2; n++) await db`select graphile_worker.add_job(${`notify:${tenant.name}`})`;
    await until(async () => (await db`select from notifications where next_at <= now()`).length === 0, 'it is begun');
  }
  const ended = () =>
    until(
      async () => (await db`select from runs where kind = 'digest' and due_at is not null`).length === 0,
      'it ended',
    );
  const digests = (channel = 'C1') =>
    w.slack
      .messages(channel, 'ben')
      .map(words)
      .filter((text) => text.startsWith('*Digest:*'));

  test('does not exist unless somebody asks for it, and not after it was turned off', async () => {
    await edit('PLAT-1', { status: 'Done' }, 'tobias');
    await strike();
    await notify({ kind: 'daily' });
    await notify({ kind: 'off' });
    assert.equal((await db`select from notifications`).length, 0);
    assert.deepEqual(digests(), []);
  });

  test('is one message with what happened since it was set, however many processes there are', async () => {
    await notify({ kind: 'daily', time: '09:00' });
    await strike();
    await ended();
    assert.deepEqual(digests(), [], 'there was nothing to tell');
    await edit('PLAT-1', { status: 'In Progress' }, 'tobias');
    await edit('PLAT-5', { assignee: null }, 'mara');
    await strike();
    await ended();
    const [digest, ...others] = digests();
    assert.match(digest ?? '', /^\*Digest:\* 1 reopened, 1 unassigned.*\nReopened\nPLAT-1 .* · In Progress/s);
    assert.deepEqual(others, []);
    await strike();
    await ended();
    assert.equal(digests().length, 1, 'it is told once');
    const [row] = await db`select next_at from notifications`;
    assert.match(new Date(row?.next_at).toISOString(), /T09:00:00\.000Z$/);
  });

  test('tells only what was chosen, and nothing that Maro did', async () => {
    await notify({ kind: 'weekly', events: ['stale'] });
    await edit('PLAT-1', { status: 'Done' }, 'tobias');
    await strike();
    await ended();
    assert.equal(digests().length, 1);
    await notify({ kind: 'daily', events: ['done', 'reopened'] });
    await edit('PLAT-1', { status: 'To Do' }, 'maro');
    await strike();
    await ended();
    assert.equal(digests().length, 1);
  });

  test('is posted once when the process dies after Slack took it', async () => {
    await edit('PLAT-5', { status: 'Done' }, 'tobias');
    await db.unsafe(
      "create trigger hold before update of outcome on runs for each row when (new.kind = 'digest') execute function wait_long()",
    );
    await strike();
    await until(() => digests().length === 2, 'it is posted');
    for (const maro of maros) maro.kill('SIGKILL');
    await Promise.all(maros.map(({ ended }) => ended));
    await endSleepers(db);
    await db.unsafe('drop trigger hold on runs');
    await db`update runs set due_at = now() where due_at is not null`;
    maros = await start();
    await ended();
    assert.equal(digests().length, 2);
  });

  test('waits while the channel is archived', async () => {
    await edit('PLAT-5', { status: 'To Do' }, 'tobias');
    await db`insert into channel_states select tenant_id, channel_id, now(), null, now() from notifications`;
    await db`update notifications set next_at = date_trunc('milliseconds', now() - interval '1 minute')`;
    const [tenant] = await db<{ name: string }[]>`select distinct tenant_id as name from notifications`;
    await db`select graphile_worker.add_job(${`notify:${tenant?.name}`})`;
    await until(
      async () => (await db`select from graphile_worker.jobs where task_identifier like 'notify:%'`).length === 0,
      'the clock struck',
    );
    assert.equal(digests().length, 2);
    await db`delete from channel_states`;
    await strike();
    await ended();
    assert.equal(digests().length, 3);
  });

  test('that Slack does not take is told to the person who asked for it', async () => {
    await notify({ kind: 'off' });
    await notify({ kind: 'daily' }, 'C3');
    await db`update notifications set told_to = told_to - interval '1 hour'`;
    await strike();
    await ended();
    const told = w.slack
      .messages('D1', 'ada')
      .map(words)
      .filter((text) => text.startsWith('The digest for'));
    assert.deepEqual(told, [
      'The digest for <#C3>: Maro can’t see this channel, so nothing was posted there. If the channel is private, invite Maro with /invite @Maro. `/maro changes` there shows what changed.',
    ]);
  });
});
