import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import postgres from 'postgres';
import { createDatabase, dropDatabase } from '../../../sandbox/postgres/database.ts';
import { type Server, startPostgres } from '../../../sandbox/postgres.ts';

const base = mkdtempSync('/tmp/maro-test-');
chmodSync(base, 0o755);
let server: Server;
before(async () => {
  server = await startPostgres({ folder: join(base, 'data'), throwaway: true });
});
after(async () => {
  await server.stop();
  rmSync(base, { recursive: true });
});

async function query<T extends readonly object[]>(url: string, run: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await run(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

test('a database is a copy of its template until it is dropped, whoever is connected to it', async () => {
  const template = await createDatabase(server.url, { name: 'template_of_mine' });
  await query(template, (sql) => sql`create table things as select 'Zoë 😀' as name`);
  const copy = await createDatabase(server.url, { template: 'template_of_mine' });
  assert.deepEqual([...(await query(copy, (sql) => sql`select name from things`))], [{ name: 'Zoë 😀' }]);
  const busy = postgres(copy, { max: 1 });
  await busy`select 1`;
  await dropDatabase(copy);
  await dropDatabase(copy);
  await assert.rejects(busy`select 1`);
  await busy.end({ timeout: 0 });
  await assert.rejects(
    query(copy, (sql) => sql`select 1`),
    { code: '3D000' },
  );
  await assert.rejects(
    createDatabase(server.url, { name: 'template_of_mine' }),
    /template_of_mine was not created: .* already exists/,
  );
});

test('a database on a server over TCP keeps user, password, port and parameters in its URL', async () => {
  const door = createServer((client) => {
    const backend = connect(`${decodeURIComponent(new URL(server.url).hostname)}/.s.PGSQL.5432`);
    client.pipe(backend).pipe(client);
    for (const socket of [client, backend]) socket.on('error', () => client.destroy() && backend.destroy());
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  const { port } = door.address() as AddressInfo;
  const url = `postgresql://postgres:p%40ss@127.0.0.1:${port}/postgres?application_name=maro`;
  const database = await createDatabase(url, { name: 'over_tcp' });
  assert.equal(database, `postgresql://postgres:p%40ss@127.0.0.1:${port}/over_tcp?application_name=maro`);
  const [row] = await query(database, (sql) => sql`select current_setting('application_name') as name`);
  assert.deepEqual(row, { name: 'maro' });
  await dropDatabase(database);
  await assert.rejects(
    query(database, (sql) => sql`select 1`),
    { code: '3D000' },
  );
  door.close();
});
