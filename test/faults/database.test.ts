import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/database/pool.ts';
import { sql } from '../../src/database/statement.ts';
import { DatabaseTrouble } from '../../src/database/trouble.ts';
import { readDatabaseUrl } from '../../src/database-url.ts';
import type { Tracker } from '../../src/tracker/index.ts';
import { until } from '../maro.ts';
import {
  connect,
  holdLock,
  issue,
  issues,
  listing,
  makeDatabase,
  open,
  tracking,
  waitingForLocks,
  withQuery,
} from '../src/tracker/example.ts';
import { openWire } from '../wire.ts';

const UNSURE = /^Maro’s database didn’t answer in time, so this may or may not have been done\. Try again/;
const UNREACHABLE = /^Maro can’t reach its database, so nothing was changed\. Try again in a minute\.$/;

/** The sentence with which something fails, 'done' when it does not. An error that is not for people is thrown. */
async function outcomeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'done';
  } catch (error) {
    if (error instanceof DatabaseTrouble) return error.message;
    throw error;
  }
}

/** Somebody who uses the same database, past Maro. */
async function bystander(url: string) {
  const sql = connect(url);
  return {
    sql,
    /** Lets Maro's statements wait until the returned function is called. */
    block: () => holdLock(sql, (sql) => sql`lock table tracked_issues`),
    pids: async () => {
      const rows = await sql<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = current_database() and application_name = 'maro' order by pid`;
      return rows.map(({ pid }) => pid);
    },
    terminate: (pids: number[]) => sql`select pg_terminate_backend(pid) from unnest(${pids}::int[]) as pid`,
  };
}
type Bystander = Awaited<ReturnType<typeof bystander>>;

/** Lets the tracker open all its connections. */
async function warm(tracker: Tracker, { block, sql }: Bystander, connections: number): Promise<void> {
  const release = await block();
  const answers = Array.from({ length: connections }, () => tracker.list(listing()));
  await waitingForLocks(sql, connections);
  await release();
  await Promise.all(answers);
}

/** A line to the database that hangs up, as rudely as TCP knows, on the first client that sends its nth piece. */
async function rudeLine(url: string, nth: number) {
  const through = new URL(url);
  const target = Number(through.port);
  let resets = 0;
  const listener = net.createServer((client) => {
    const server = net.connect(target, '127.0.0.1');
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    let pieces = 0;
    const hangUp = () => {
      if (pieces !== nth || resets > 0) return false;
      resets++;
      client.resetAndDestroy();
      return true;
    };
    if (hangUp()) return;
    client.on('data', (piece) => {
      pieces++;
      if (!hangUp()) server.write(piece);
    });
    server.on('data', (piece) => client.write(piece));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  through.port = String((listener.address() as net.AddressInfo).port);
  return {
    url: through.href,
    /** How often it hung up. */
    close: () => {
      listener.close();
      return resets;
    },
  };
}

// A rejection that nobody handles fails the file.
describe('when the database breaks', () => {
  for (const max of [1, 5]) {
    test(`all ${max} backends in the middle of a statement, each is answered once and done once`, async () => {
      const url = await makeDatabase();
      const tracker = await open(withQuery(url, { max }));
      const by = await bystander(url);
      for (let round = 0; round < 3; round++) {
        const release = await by.block();
        const channel = `C${round}`;
        const all = issues(2 * max);
        const answers = all.map((issue) => tracker.track(tracking([issue], { channel })));
        await by.terminate(await waitingForLocks(by.sql, max));
        await release();
        assert.deepEqual(
          await Promise.all(answers),
          all.map(({ id }) => new Set([id])),
        );
        assert.equal((await tracker.list(listing({ channel }))).counts.indeterminate, 2 * max);
      }
    });
  }

  test('connections that are idle, nobody notices', async () => {
    const url = await makeDatabase();
    const tracker = await open(url);
    const by = await bystander(url);
    for (let round = 0; round < 5; round++) {
      await warm(tracker, by, 5);
      const pids = await by.pids();
      assert.ok(pids.length > 0);
      await by.terminate(pids);
      await Promise.all(Array.from({ length: 5 }, () => tracker.track(tracking([issue(round)]))));
    }
  });

  test('every connection again and again, what was acknowledged is stored, and all connections work again', async () => {
    const url = await makeDatabase();
    const wire = await openWire(url);
    const tracker = await open(wire.url);
    const by = await bystander(url);
    let cutting = true;
    let n = 0;
    const acknowledged: string[] = [];
    const worker = async () => {
      while (cutting) {
        const mine = issue(++n);
        if ((await outcomeOf(tracker.track(tracking([mine])))) === 'done') acknowledged.push(mine.id);
        // Whoever was told that it did not go does not try again at once, and PostgreSQL gets to its connections.
        else await sleep(100);
      }
    };
    const workers = Array.from({ length: 20 }, worker);
    for (let cut = 0; cut < 10; cut++) {
      const sofar = acknowledged.length;
      await until(() => acknowledged.length >= sofar + 20, 'it works between two cuts');
      wire.cut();
    }
    cutting = false;
    await Promise.all(workers);

    const stored = new Set((await tracker.list(listing())).issues.map(({ id }) => id));
    assert.deepEqual(
      acknowledged.filter((id) => !stored.has(id)),
      [],
    );
    await warm(tracker, by, 5);
  });

  test('by silence, everybody is told within the deadline, and it works again as soon as the silence ends', async () => {
    const wire = await openWire(await makeDatabase());
    const tracker = await open(withQuery(wire.url, { max: 1 }));
    await tracker.track(tracking([issue(1)]));
    wire.silence(true);
    const outcomes = await Promise.all(issues(3).map((issue) => outcomeOf(tracker.track(tracking([issue])))));
    wire.silence(false);
    // The second and third waited for the only connection.
    assert.match(outcomes[0] ?? '', UNSURE);
    assert.match(outcomes[1] ?? '', UNREACHABLE);
    assert.match(outcomes[2] ?? '', UNREACHABLE);
    assert.deepEqual(await tracker.track(tracking(issues(3))), new Set(['10002', '10003']));
  });

  test('by silence towards whoever connects, they are told that nothing was changed', async () => {
    const wire = await openWire(await makeDatabase());
    const tracker = await open(wire.url);
    wire.silence(true);
    assert.match(await outcomeOf(tracker.track(tracking([issue(1)]))), UNREACHABLE);
    wire.silence(false);
    assert.deepEqual(await tracker.track(tracking([issue(1)])), new Set(['10001']));
  });

  test('by silence while only its health is asked for, the answer is no, and yes again afterwards', async () => {
    const wire = await openWire(await makeDatabase());
    const tracker = await open(withQuery(wire.url, { max: 1 }));
    assert.equal((await tracker.health({ tenant: 'T1', deadlineMs: 10_000 })).database, true);
    wire.silence(true);
    assert.equal((await tracker.health({ tenant: 'T1', deadlineMs: 100 })).database, false);
    assert.equal((await tracker.health({ tenant: 'T1', deadlineMs: 100 })).database, false);
    wire.silence(false);
    assert.equal((await tracker.health({ tenant: 'T1', deadlineMs: 10_000 })).database, true);
  });

  test('a backend that is frozen, its statement ends with a sentence, and its connection is given up', async (t) => {
    const url = await makeDatabase();
    const tracker = await open(withQuery(url, { max: 1 }));
    const by = await bystander(url);
    await tracker.track(tracking([issue(1)]));
    const [pid] = await by.pids();
    assert.ok(pid);
    // A pid on the server's machine may be anybody's on this one.
    const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    if (!stdout?.includes(new URL(url).pathname.slice(1))) return t.skip('The server is on another machine.');
    try {
      process.kill(pid, 'SIGSTOP');
    } catch {
      return t.skip("The server is another user's.");
    }
    try {
      assert.match(await outcomeOf(tracker.track(tracking([issue(2)]))), UNSURE);
      assert.deepEqual(await tracker.track(tracking([issue(3)])), new Set(['10003']));
      assert.ok((await by.pids()).some((other) => other !== pid));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  test('by stopping, people are told that it cannot be reached, and it works again as soon as it starts', async () => {
    const wire = await openWire(await makeDatabase());
    const tracker = await open(wire.url);
    await tracker.track(tracking([issue(1)]));
    await wire.stop();
    // What is sent before the news has arrived may have been done.
    assert.match(await outcomeOf(tracker.track(tracking([issue(2)]))), /^Maro/);
    const outcomes = await Promise.all(issues(20).map((issue) => outcomeOf(tracker.track(tracking([issue])))));
    for (const outcome of outcomes) assert.match(outcome, UNREACHABLE);
    await wire.start();
    assert.deepEqual(await tracker.track(tracking(issues(3))), new Set(['10002', '10003']));
  });

  test('by locks that nobody gives back, PostgreSQL ends the statement, and the connection is free again', async () => {
    const url = await makeDatabase();
    const tracker = await open(withQuery(url, { max: 1 }));
    const by = await bystander(url);
    await tracker.track(tracking([issue(1)]));
    const release = await by.block();
    const outcomes = await Promise.all(issues(3).map((issue) => outcomeOf(tracker.track(tracking([issue])))));
    await release();
    // PostgreSQL ended the first, and the others were still waiting for the connection.
    assert.equal(outcomes[0], 'Maro’s database took too long, so nothing was changed. Try again in a minute.');
    for (const outcome of outcomes.slice(1)) assert.match(outcome, /^Maro/);
    assert.equal(await outcomeOf(tracker.track(tracking([issue(4)]))), 'done');
  });

  test('at any moment of connecting, the statement is done all the same or surely not done', async () => {
    const wire = await openWire(await makeDatabase());
    const outcomes: string[] = [];
    for (let nth = 0; ; nth++) {
      const line = await rudeLine(wire.url, nth);
      const database = openDatabase(readDatabaseUrl(line.url));
      const outcome = await outcomeOf(database.run(sql`select ${1}::int`));
      assert.equal(await outcomeOf(database.run(sql`select ${1}::int`)), 'done');
      await database.close();
      if (line.close() === 0) break;
      outcomes.push(UNREACHABLE.test(outcome) ? 'surely not' : outcome);
    }
    // It depends on how one logs in after how many pieces Maro is let in; from then on statements are sent again.
    assert.match(outcomes.join(), /^surely not(,surely not)+(,done){2,}$/);
  });

  test('so that its port hangs up on everybody, people are told, and nobody goes on connecting', async () => {
    let connections = 0;
    const listener = net.createServer((client) => {
      connections++;
      client.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as net.AddressInfo;
    const database = openDatabase(readDatabaseUrl(`postgres://postgres@127.0.0.1:${port}/maro`));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(database.run(sql`select 1`))));
    for (const outcome of outcomes) assert.match(outcome, UNREACHABLE);
    await sleep(100);
    assert.ok(connections <= 20, `${connections} connections`);
    await database.close();
    listener.close();
  });

  test('by not letting Maro in, people are told why', async () => {
    const url = new URL(await makeDatabase());
    url.pathname = '/there_is_no_such_database';
    const database = openDatabase(readDatabaseUrl(withQuery(url.href, { max: 1 })));
    for (let i = 0; i < 3; i++) {
      assert.equal(
        await outcomeOf(database.run(sql`select 1`)),
        'Maro’s database doesn’t exist, so nothing was changed. Tell your Maro admin.',
      );
    }
    await database.close();
  });

  test('while Maro ends, it ends all the same', async () => {
    const wire = await openWire(await makeDatabase());
    const tracker = await open(wire.url);
    await tracker.track(tracking([issue(1)]));
    wire.silence(true);
    const answer = outcomeOf(tracker.track(tracking([issue(1)])));
    await tracker.close();
    assert.match(await answer, /^Maro/);
    assert.match(await outcomeOf(tracker.track(tracking([issue(1)]))), UNREACHABLE);
  });
});

describe('a pool of connections', () => {
  const run = (database: Database) => database.run<{ one: number }>(sql`select ${1}::int as one`);

  test('takes undefined for null, and no other statement hangs on it', async () => {
    for (const max of [1, 5]) {
      const database = openDatabase(readDatabaseUrl(withQuery(await makeDatabase(), { max })));
      const nothing = undefined as unknown as null;
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          database.run<{ a: string | null; b: number | null; i: number }>(sql`
              select ${nothing}::text as a, ${i % 2 ? nothing : i}::int as b, ${i}::int as i`),
        ),
      );
      assert.deepEqual(
        answers.map(([row]) => ({ ...row })),
        answers.map((_, i) => ({ a: null, b: i % 2 ? null : i, i })),
      );
      await database.close();
    }
  });

  test('limits the next statements as before, after one that may take long', async () => {
    const database = openDatabase(readDatabaseUrl(await makeDatabase()));
    await database.run(sql`select pg_sleep(0)::text`, { deadlineMs: 60_000 });
    const [row] = await database.run<{ limit: string; prepared: number }>(sql`
      select current_setting('statement_timeout') as limit,
        (select count(*) from pg_prepared_statements)::int as prepared where ${1}::int = 1`);
    assert.equal(row?.limit, '1500ms');
    assert.ok((row?.prepared ?? 0) > 0);
    await database.close();
  });

  test("hands on a statement's own error, and keeps the connection", async () => {
    const url = await makeDatabase();
    const database = openDatabase(readDatabaseUrl(withQuery(url, { max: 1 })));
    const { pids } = await bystander(url);
    await run(database);
    const before = await pids();
    await assert.rejects(database.run(sql`select 1 / ${0}::int`), { code: '22012' });
    await assert.rejects(database.run(sql`select ${'\0'}::text`), { code: '22021' });
    assert.equal((await run(database))[0]?.one, 1);
    assert.deepEqual(await pids(), before);
    await database.close();
  });

  test('has at most as many connections as it may, and serves everybody in turn', async () => {
    for (const max of [1, 3]) {
      const url = await makeDatabase();
      const database = openDatabase(readDatabaseUrl(withQuery(url, { max })));
      const { pids } = await bystander(url);
      const answers = Promise.all(Array.from({ length: 100 }, () => run(database)));
      for (let look = 0; look < 5; look++) assert.ok((await pids()).length <= max);
      assert.equal((await answers).length, 100);
      assert.equal((await pids()).length, max);
      await database.close();
    }
  });
});
