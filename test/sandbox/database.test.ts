import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import postgres from 'postgres';
import { type Keeping, openDatabase } from '../../sandbox/database.ts';
import { type Server, startPostgres } from '../../sandbox/postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { readDatabaseUrl } from '../../src/database-url.ts';

test('a database that restarts loses its connections and nothing that was committed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'maro-restart-'));
  const database = await openDatabase('kept', join(folder, 'data'), undefined);
  t.after(async () => {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const sql = postgres(database.url, { max: 1, fetch_types: false, onclose: () => closed++, onnotice: () => {} });
  let closed = 0;
  await sql`create table kept as select 1 as one`;
  await database.restart?.();
  assert.equal(closed, 1);
  const again = postgres(database.url, { max: 1, fetch_types: false });
  assert.equal((await again`select * from kept`).length, 1);
  await Promise.all([sql.end({ timeout: 0 }), again.end({ timeout: 1 })]);
});

test('a server that was given is not restarted', async () => {
  const given = process.env.DATABASE_URL;
  assert.ok(given, 'npm test names one');
  const { restart, stop } = await openDatabase('throwaway', '', given);
  assert.equal(restart, undefined);
  await stop();
});

describe('a role that may not create databases', () => {
  const role = '"No ""makers"""';
  let server: Server;
  let admin: postgres.Sql;
  let given: string;
  before(async () => {
    // Not the one of the tests, which may be somebody's with a sandbox of theirs on it.
    server = await startPostgres({ folder: await mkdtemp(join(tmpdir(), 'maro-role-')), throwaway: true });
    admin = postgres(server.url, { max: 1, onnotice: () => {} });
    await admin.unsafe(`create role ${role} login nocreatedb`);
    given = server.url.replace('postgres://postgres@', `postgres://${encodeURIComponent('No "makers"')}@`);
  });
  after(async () => {
    await admin.end({ timeout: 1 });
    await server.stop();
  });
  const databases = async () => (await admin`select datname from pg_database order by 1`).map((row) => row.datname);
  const refusalOf = (keeping: Keeping) =>
    openDatabase(keeping, '', given).then(
      () => assert.fail('it opened'),
      (error: Error) => error.message,
    );

  test('is told what happened and what to do, and nothing is changed', async () => {
    const before = await databases();
    for (const keeping of ['kept', 'fresh'] as const) {
      assert.equal(
        await refusalOf(keeping),
        `The sandbox did not start, and nothing was changed: the role ${role} in DATABASE_URL may not create the database ` +
          "maro_sandbox. To use the sandbox's own PostgreSQL, unset DATABASE_URL. Or ask an administrator of the server to run " +
          `"CREATE DATABASE maro_sandbox OWNER ${role};" or "ALTER ROLE ${role} CREATEDB;".`,
      );
    }
    assert.match(await refusalOf('throwaway'), /may not create a temporary database\. .* CREATEDB;"\.$/);
    assert.deepEqual(await databases(), before);
  });

  test('is told so when it cannot log in at all', async () => {
    const gone = given.replace(/postgres$/, 'nowhere');
    await assert.rejects(
      openDatabase('kept', '', gone),
      /^Error: The sandbox did not start, .*: database "nowhere" does not exist$/,
    );
  });

  test('is told to get the database that is there, when it is another role’s', async () => {
    await admin`create database maro_sandbox`;
    assert.match(
      await refusalOf('fresh'),
      /does not own the database maro_sandbox\. .* run "ALTER DATABASE maro_sandbox OWNER TO "No ""makers""";"\.$/,
    );
  });

  test('uses the database that it was given, and empties it when it is to be fresh', async () => {
    await admin.unsafe(`alter database maro_sandbox owner to ${role}`);
    const { url } = await openDatabase('kept', '', given);
    await migrate(readDatabaseUrl(url));
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await sql`create table kept as select 1 as one`;
    await openDatabase('kept', '', given);
    assert.equal((await sql`select * from kept`).length, 1);
    await openDatabase('fresh', '', given);
    const found = await sql`select to_regclass('kept') as kept, to_regnamespace('graphile_worker') as jobs`;
    assert.deepEqual([...found], [{ kept: null, jobs: null }]);
    await migrate(readDatabaseUrl(url));
    await sql.end({ timeout: 1 });
  });

  test('creates it by itself once it may, and empties that one too', async () => {
    await admin`drop database maro_sandbox`;
    await admin.unsafe(`alter role ${role} createdb`);
    const { url } = await openDatabase('fresh', '', given);
    await migrate(readDatabaseUrl(url));
    await openDatabase('fresh', '', url);
    await migrate(readDatabaseUrl(url));
    const { stop } = await openDatabase('throwaway', '', given);
    await stop();
  });
});
