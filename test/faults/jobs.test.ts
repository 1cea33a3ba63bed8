import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import { type MaroProcess, startProcess, until, type World, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';

describe('the connections of the jobs', () => {
  let w: World;
  let maro: MaroProcess;
  let sql: postgres.Sql;
  before(async () => {
    w = await world();
    sql = connect(w.databaseUrl);
    maro = await startProcess(w);
    await until(async () => (await backends()).length > 0, 'jobs are looked for');
  });
  const backends = () => sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database() and application_name = 'maro jobs'`;
  const jobs = async () => (await sql`select 1 from graphile_worker._private_jobs`).length;
  /** What a dead connection held is given to another worker once its own has fallen silent, which is now. */
  const jobsAreDone = () =>
    until(
      async () => {
        await sql`update replicas set seen_at = seen_at - interval '1 minute'`;
        return (await jobs()) === 0;
      },
      'the jobs are done',
      60_000,
    );
  const addJob = () => sql`select graphile_worker.add_job('clean')`;

  test('are three at most', async () => {
    for (let n = 0; n < 20; n++) await addJob();
    await until(async () => (await jobs()) === 0, 'the jobs are done');
    assert.ok((await backends()).length <= 3);
  });

  test('may die while a job completes, and the process lives and completes it', async () => {
    await sql`
      create function wait_long() returns trigger language plpgsql as
      'begin perform pg_sleep(60); return coalesce(new, old); end'`;
    await sql`create trigger hold before delete on graphile_worker._private_jobs for each row execute function wait_long()`;
    await addJob();
    const completing = () => sql<{ pid: number }[]>`
        select pid from pg_stat_activity
        where datname = current_database() and application_name = 'maro jobs' and wait_event = 'PgSleep'`;
    await until(async () => (await completing()).length > 0, 'a job completes');
    const pids = (await completing()).map(({ pid }) => pid);
    // The trigger's lock is held by the statement that waits in it.
    await sql`select pg_terminate_backend(pid) from unnest(${pids}::int[]) as pid`;
    await sql`drop trigger hold on graphile_worker._private_jobs`;
    await jobsAreDone();
    assert.ok(!maro.log.some(({ level }) => level === 'fatal'));
  });

  test('may all die at any time, and jobs go on', async () => {
    // One after the other: when Graphile Worker stops for the first, it no longer listens for the errors of the next.
    for (let round = 0; round < 3; round++) {
      await until(async () => (await backends()).length > 1, 'jobs are looked for');
      await addJob();
      await sql`
        select pg_terminate_backend(pid), pg_sleep(${0.002 + 0.003 * round}) from pg_stat_activity
        where datname = current_database() and application_name = 'maro jobs'`;
    }
    await jobsAreDone();
    assert.ok(!maro.log.some(({ level }) => level === 'fatal'));
  });

  test('of two processes run the delta of a minute once', async () => {
    await w.slack.command('/maro track PLAT-1', { channel: 'C1' });
    const another = await startProcess(w);
    await until(() => another.log.some(({ msg }) => msg === 'ready'), 'another process is ready');
    w.jira.resetRequests();
    await until(() => w.jira.count('search') > 0, 'a minute begins', 70_000);
    // The other process would have begun in the same second.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    assert.equal(w.jira.count('search'), 1);
  });
});
