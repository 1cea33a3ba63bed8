import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';
import { openWire, type Wire } from '../wire.ts';
import { openTaker } from '../workflows/runners.ts';

describe('while a ticket is being created', () => {
  let w: World;
  let wire: Wire;
  let taker: Awaited<ReturnType<typeof openTaker>>;
  const maros: Maro[] = [];
  const summaries: string[] = [];
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    for (let i = 0; i < 2; i++) maros.push(await startMaro(w, { DATABASE_URL: wire.url }));
    await w.slack.connected(2);
    taker = await openTaker(w, wire.url);
    // Both know the project's types from here on.
    await Promise.all(Array.from({ length: 8 }, (_, i) => step(`First ${i}`).finished));
    await run('First', 'First of the doors');
    w.jira.resetRequests();
  });
  afterEach(() => {
    w.jira.trouble('create', undefined);
    w.jira.resetRequests();
    w.slack.refusals.splice(0);
  });

  const step = (summary: string, deliveries = 1): Execution => {
    summaries.push(summary);
    return w.slack.step('create_ticket', { project: 'PLAT', summary }, { deliveries });
  };
  async function run(request: string, summary: string) {
    summaries.push(summary);
    const inputs = { project: 'PLAT', summary, channel_id: 'C1' };
    const { run } = await taker.take({ id: request, workflow: 'create_and_track', inputs, door: 'command' });
    return run?.();
  }
  const made = (summary: string) => w.jira.issues.all().filter((issue) => issue.summary === summary);
  const posted = (summary: string) =>
    w.slack
      .messages('C1', 'ben')
      .map(words)
      .filter((text) => text.includes(summary));
  /** As if the time had passed that a process waits before it takes over. */
  const age = () => rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');

  test('twenty deliveries of its step to two processes are one create', async () => {
    w.jira.trouble('create', { kind: 'latency', ms: 300 });
    const execution = step('Delivered at once', 20);
    assert.ok((await execution.delivered).every(({ ok }) => ok));
    const { outputs } = await execution.finished;
    assert.deepEqual(
      made('Delivered at once').map(({ key }) => key),
      [outputs.issue_key],
    );
    assert.deepEqual([w.jira.count('create'), execution.completions], [1, 1]);
  });

  test('and Jira is down, nothing was created, for certain; later it is', async () => {
    await w.jira.down();
    const { error } = await step('While Jira is down').finished;
    await w.jira.up();
    assert.equal(error, 'Nothing was created. Jira isn’t answering. Try again in a minute.');
    assert.equal((await step('While Jira is down').finished).state, 'completed');
    assert.equal(made('While Jira is down').length, 1);
  });

  test('and the database goes, the ticket stands, and its step says so when the database is back, also when delivered again', async () => {
    w.jira.trouble('create', { kind: 'latency', ms: 500, times: 1 });
    const execution = step('While the database goes');
    await until(() => w.jira.count('create') === 1, 'Jira is asked');
    await wire.stop();
    await until(() => made('While the database goes').length === 1, 'the ticket is there');
    await sleep(500);
    assert.equal(execution.state, 'in_progress', 'nothing is told that is not stored');
    await wire.start();
    await age();
    const { state, outputs } = await execution.finished;
    assert.equal(state, 'completed');
    await w.slack.redeliver(execution);
    await until(() => execution.attempts.length === 2, 'the later delivery is answered');
    assert.deepEqual(execution.attempts[1]?.args.outputs, outputs);
    assert.deepEqual(
      made('While the database goes').map(({ key }) => key),
      [outputs.issue_key],
    );
    assert.equal(w.jira.count('create'), 1);
  });

  test('through a door, and the database goes, the message says that it is not tracked; when it is back it is', async () => {
    w.jira.trouble('create', { kind: 'latency', ms: 500, times: 1 });
    const running = run('R1', 'Asked for while it goes');
    await until(() => w.jira.count('create') === 1, 'Jira is asked');
    await wire.stop();
    const ran = await running;
    await wire.start();
    assert.equal(ran?.state, 'completed');
    const [first] = posted('Asked for while it goes');
    assert.match(
      first ?? '',
      /Maro can’t reach its database, .*\nPLAT-\d+ might not be tracked in this channel\.\nOpenMove to…More…Try again/,
    );

    await age();
    const isNotTracked = () => /not be tracked/.test(posted('Asked for while it goes')[0] ?? '');
    await until(() => !isNotTracked(), 'another process has brought it to its end, and the message says so');
    const counts = [made('Asked for while it goes'), posted('Asked for while it goes')].map(({ length }) => length);
    assert.deepEqual([...counts, w.jira.count('create')], [1, 1, 1]);
    const tracked = await rows(
      w.databaseUrl,
      "select from tracked_issues join jira_issues using (tenant_id, site, issue_id) where summary = 'Asked for while it goes'",
    );
    assert.equal(tracked.length, 1);
  });

  test('and the database is away before, Jira is not asked', async () => {
    await wire.stop();
    // A statement on a connection that has just ended may be done; from the next one on it is certain that it is not.
    await w.slack.command('/maro tracked');
    const execution = step('Before it began');
    await assert.rejects(run('R2', 'Before it was taken'), { name: 'DatabaseTrouble' });
    await sleep(1_000);
    assert.deepEqual([made('Before it began'), made('Before it was taken'), w.jira.count('create')], [[], [], 0]);
    await wire.start();
    assert.equal((await execution.finished).state, 'completed', 'the step has waited');
  });

  test('nothing of it is in the log', () => assertPrivate(maros, w, summaries));
});
