import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import postgres from 'postgres';
import { openDatabase } from './database.ts';

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
