import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/database/pool.ts';
import { type Statement, sql } from '../../src/database/statement.ts';
import { DatabaseTrouble } from '../../src/database/trouble.ts';
import { readDatabaseUrl } from '../../src/database-url.ts';
import { cleanup } from '../cleanup.ts';
import { connect, makeDatabase, withQuery } from '../src/tracker/example.ts';
import { openWire, type Wire } from '../wire.ts';

function open(url: string, options?: { lifetimeMs: number }): Database {
  const database = openDatabase(readDatabaseUrl(url), options);
  cleanup(() => database.close());
  return database;
}

const PID = sql`select pg_backend_pid() as pid`;
const pidOf = async (database: Database) => (await database.run<{ pid: number }>(PID))[0]?.pid;

/** The sentence with which a statement fails, 'done' when it does not. */
async function outcomeOf(database: Database, statement: Statement = PID): Promise<string> {
  try {
    await database.run(statement);
    return 'done';
  } catch (error) {
    if (error instanceof DatabaseTrouble) return error.message;
    throw error;
  }
}

/** A URL with the hosts of these wires, in this order. */
function throughAll(wires: readonly Wire[]): string {
  const [first] = wires;
  const hosts = wires.map(({ url }) => new URL(url).host).join();
  return (first?.url ?? '').replace(/(?<=@)[^/]+/, hosts);
}

describe('several hosts in DATABASE_URL', () => {
  test('are tried in turn, and the one that answered is asked first from then on', async () => {
    const url = await makeDatabase();
    const wires = await Promise.all([openWire(url), openWire(url)]);
    const [first, second] = wires as [Wire, Wire];
    await first.stop();
    const database = open(throughAll(wires));
    assert.equal(await outcomeOf(database), 'done');
    await first.start();
    second.cut();
    second.trips = 0;
    assert.equal(await outcomeOf(database), 'done');
    assert.ok(second.trips > 0 && first.trips === 0);
  });

  test('that are all away fail ten statements, and the eleventh goes well when they are back', async () => {
    const url = await makeDatabase();
    const wires = await Promise.all([openWire(url), openWire(url)]);
    const database = open(`${throughAll(wires)}?max=2`);
    for (const wire of wires) await wire.stop();
    for (let n = 0; n < 10; n++) assert.match(await outcomeOf(database), /^Maro can’t reach its database/);
    await wires[1]?.start();
    assert.equal(await outcomeOf(database), 'done');
  });

  test('of which one is silent cost no statement its deadline', async () => {
    const url = await makeDatabase();
    const wires = await Promise.all([openWire(url), openWire(url)]);
    wires[0]?.silence(true);
    assert.equal(await outcomeOf(open(throughAll(wires))), 'done');
  });

  test('of which one has no such database and the other is away say which', async () => {
    const url = await makeDatabase();
    const wires = await Promise.all([openWire(url), openWire(url)]);
    await wires[1]?.stop();
    const database = open(throughAll(wires).replace(/\/[^/]+$/, '/there_is_no_such_database'));
    assert.match(await outcomeOf(database), /^Maro’s database doesn’t exist, so nothing was changed/);
  });
});

describe('what a server says', () => {
  /** A statement that fails with this code, as one does whose server is in that state. */
  const failing = (code: string) => sql`select raise_state(${code})`;
  async function raising(max = 1): Promise<{ database: Database; url: string }> {
    const url = await makeDatabase();
    await connect(url)`
      create function raise_state(code text) returns void language plpgsql as
      $$ begin raise exception 'a state' using errcode = code; end $$`;
    return { database: open(withQuery(url, { max })), url };
  }

  const NOT_DONE = 'so nothing was changed.';
  const UNSURE = 'didn’t answer in time, so this may or may not have been done.';
  for (const [code, words, keeps] of [
    ['25006', `is read-only right now, ${NOT_DONE} Try again in a minute.`, false],
    ['57P01', UNSURE, false],
    ['57P02', UNSURE, false],
    ['57P03', UNSURE, false],
    ['57P05', UNSURE, false],
    ['08006', `closed the connection, ${NOT_DONE} Try again in a minute.`, false],
    ['53300', `has no connections left, ${NOT_DONE} Try again in a minute.`, false],
    ['XX000', `reported an internal error, ${NOT_DONE} Tell your Maro admin.`, false],
    ['53100', `is out of disk space, ${NOT_DONE} Tell your Maro admin.`, true],
    ['53200', `is out of resources, ${NOT_DONE} Tell your Maro admin.`, true],
    ['58030', `reported an internal error, ${NOT_DONE} Tell your Maro admin.`, true],
    ['40P01', `let other changes go first, ${NOT_DONE} Try again in a minute.`, true],
  ] as const) {
    test(`by ${code} is told in words, and ${keeps ? 'keeps' : 'ends'} the connection`, async () => {
      const { database } = await raising();
      const before = await pidOf(database);
      assert.ok((await outcomeOf(database, failing(code))).includes(words));
      assert.equal((await pidOf(database)) === before, keeps);
    });
  }

  test('of itself ends the idle connections that were opened before, too', async () => {
    const { database, url } = await raising(3);
    const sleeping = sql`select pg_backend_pid() as pid, pg_sleep(0.2)`;
    const pids = () => Promise.all([1, 2, 3].map(async () => (await database.run<{ pid: number }>(sleeping))[0]?.pid));
    const before = new Set(await pids());
    assert.equal(before.size, 3);
    await outcomeOf(database, failing('25006'));
    for (const pid of await pids()) assert.ok(!before.has(pid));
    const [row] = await connect(url)`
      select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'maro'`;
    assert.equal(row?.count, 3);
  });

  test('when it goes read-only for good is told, and goes well again when it takes writes', async () => {
    const url = await makeDatabase();
    const past = connect(url);
    await past`create table things (n int)`;
    const database = open(url);
    const insert = sql`insert into things values (${1})`;
    const name = new URL(url).pathname.slice(1);
    await past`alter database ${past(name)} set default_transaction_read_only = on`;
    assert.match(await outcomeOf(database, insert), /^Maro’s database is read-only right now, so nothing was/);
    await past`alter database ${past(name)} reset default_transaction_read_only`;
    assert.equal(await outcomeOf(database, insert), 'done');
  });

  test('when it has no connection left is told', async () => {
    const url = await makeDatabase();
    const past = connect(url);
    const role = `maro_limited_${process.pid}`;
    await past`create role ${past(role)} login connection limit 0`;
    const limited = new URL(url);
    limited.username = role;
    const outcome = await outcomeOf(open(limited.href));
    await past`drop role ${past(role)}`;
    assert.equal(outcome, 'Maro’s database has no connections left, so nothing was changed. Try again in a minute.');
  });

  test('when it does not know the user is told', async () => {
    const stranger = new URL(await makeDatabase());
    stranger.username = 'nobody_of_that_name';
    assert.equal(
      await outcomeOf(open(stranger.href)),
      'Maro’s database refused Maro’s login, so nothing was changed. Tell your Maro admin.',
    );
  });

  test('while it starts is told', async () => {
    // PostgreSQL, "Message Formats": ErrorResponse. A real server is in this state for milliseconds.
    const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0';
    const length = Buffer.alloc(4);
    length.writeInt32BE(fields.length + 4);
    const starting = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, Buffer.from(fields)])));
    });
    starting.listen(0, '127.0.0.1');
    await once(starting, 'listening');
    cleanup(() => starting.close());
    const { port } = starting.address() as AddressInfo;
    assert.equal(
      await outcomeOf(open(`postgres://maro@127.0.0.1:${port}/maro`)),
      'Maro’s database is starting or stopping, so nothing was changed. Try again in a minute.',
    );
  });
});

describe('a connection', () => {
  test('that is cut amid the rows of an answer mixes up no other answer', async () => {
    const wire = await openWire(await makeDatabase());
    const database = open(withQuery(wire.url, { max: 1 }));
    const many = sql`select n, repeat('x', 10000) as text from generate_series(1, ${1_000}) as n`;
    for (let round = 0; round < 5; round++) {
      const answer = database.run<{ n: number }>(many);
      while (wire.answered < 200_000) await sleep(1);
      wire.cut();
      assert.equal((await answer).length, 1_000);
      const three = await database.run<{ n: number }>(sql`select n from generate_series(1, ${3}::int) as n`);
      assert.deepEqual(
        three.map(({ n }) => n),
        [1, 2, 3],
      );
      wire.answered = 0;
    }
  });

  test('that is old is not used again', async () => {
    const database = open(withQuery(await makeDatabase(), { max: 1 }), { lifetimeMs: 200 });
    const first = await pidOf(database);
    assert.equal(await pidOf(database), first);
    await sleep(250);
    const second = await pidOf(database);
    assert.notEqual(second, first);
  });
});
