import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createDatabase, type Server, startPostgres } from '../../../sandbox/postgres.ts';
import { openDatabase } from '../../../src/database/pool.ts';
import { sql } from '../../../src/database/statement.ts';
import { readDatabaseUrl } from '../../../src/database-url.ts';
import { startProcess, until, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { openWire, type Wire } from '../../wire.ts';

const skip = spawnSync('openssl', ['version']).error !== undefined && 'OpenSSL is not installed.';

describe('a connection over TLS', { skip }, () => {
  const base = mkdtempSync('/tmp/maro-test-');
  chmodSync(base, 0o755);
  const at = (name: string) => join(base, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: base, stdio: 'pipe' });
  const newKey = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  let server: Server;
  let wire: Wire;
  let port: number;

  function makeAuthority(name: string): void {
    openssl('req', '-x509', ...newKey(name), '-out', `${name}.crt`, '-subj', `/CN=${name}`);
  }

  /** A certificate of the authority's for this name. */
  function certify(file: string, name: string): void {
    openssl(
      'req',
      ...newKey(file),
      '-out',
      `${file}.csr`,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=DNS:${name}`,
    );
    const by = ['-CA', 'authority.crt', '-CAkey', 'authority.key', '-copy_extensions', 'copy'];
    openssl('x509', '-req', '-in', `${file}.csr`, ...by, '-out', `${file}.crt`);
  }

  before(async () => {
    makeAuthority('authority');
    makeAuthority('stranger');
    certify('server', 'localhost');
    certify('client', 'postgres');
    const folder = at('data');
    await (await startPostgres({ folder })).stop();
    const { uid, gid } = statSync(folder);
    for (const file of ['server.crt', 'server.key', 'authority.crt']) {
      copyFileSync(at(file), join(folder, file));
      chownSync(join(folder, file), uid, gid);
      chmodSync(join(folder, file), 0o600);
    }
    // PostgreSQL offers TLS over TCP only. Its port is always the same, so it listens on a loopback address of its own.
    const address = `127.0.${process.pid % 256}.${1 + (Math.floor(process.pid / 256) % 254)}`;
    const settings = { listen_addresses: address, ssl: 'on', ssl_ca_file: 'authority.crt' };
    server = await startPostgres({ folder, settings });
    wire = await openWire(`postgres://postgres@${address}:5432/postgres`);
    port = Number(new URL(wire.url).port);
  });
  after(async () => {
    await server?.stop();
    rmSync(base, { recursive: true });
  });

  /** Whether the server says that this connection is encrypted; or the sentence with which it cannot be made. */
  async function encrypted(host: string, query: string): Promise<boolean | string> {
    const database = openDatabase(readDatabaseUrl(`postgres://postgres@${host}/postgres?${query}`));
    try {
      const [row] = await database.run<{ ssl: boolean }>(sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`);
      return row?.ssl ?? 'no row';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await database.close();
    }
  }
  const UNREACHABLE = /^Maro can’t reach its database, so nothing was changed\./;
  const root = (name: string) => `sslrootcert=${at(`${name}.crt`)}`;

  test('is made as sslmode says, and verifies what sslmode says', async () => {
    const table: [host: string, query: string, outcome: boolean | RegExp][] = [
      [`localhost:${port}`, 'sslmode=disable', false],
      [`localhost:${port}`, 'sslmode=prefer', true],
      [`localhost:${port}`, 'sslmode=require', true],
      [`localhost:${port}`, `sslmode=require&${root('authority')}`, true],
      [`localhost:${port}`, `sslmode=require&${root('stranger')}`, UNREACHABLE],
      [`localhost:${port}`, `sslmode=verify-ca&${root('authority')}`, true],
      [`127.0.0.1:${port}`, `sslmode=verify-ca&${root('authority')}`, true],
      [`localhost:${port}`, `sslmode=verify-full&${root('authority')}`, true],
      [`127.0.0.1:${port}`, `sslmode=verify-full&${root('authority')}`, UNREACHABLE],
      [`localhost:${port}`, 'sslmode=verify-full', UNREACHABLE],
      [`localhost:${port}`, `sslmode=require&sslcert=${at('client.crt')}&sslkey=${at('client.key')}`, true],
      [`localhost:${port}`, `sslmode=verify-full&${root('authority')}&sslnegotiation=direct`, true],
    ];
    for (const [host, query, outcome] of table) {
      const found = await encrypted(host, query);
      if (outcome instanceof RegExp) assert.match(String(found), outcome, query);
      else assert.equal(found, outcome, query);
    }
  });

  test('that is cut, or resets, fails no statement and ends no process', async () => {
    const database = openDatabase(readDatabaseUrl(`${wire.url}?sslmode=verify-ca&${root('authority')}&max=1`));
    for (let round = 0; round < 20; round++) {
      const answer = database.run<{ n: number }>(sql`select ${round}::int as n, pg_sleep(0.02)`);
      if (round % 2 === 0) wire.cut();
      assert.equal((await answer)[0]?.n, round);
      wire.cut();
    }
    await database.close();
  });

  test('serves the whole of Maro, its migrations and its jobs', async () => {
    const url = await createDatabase(server.url, { name: 'maro' });
    const w = await world();
    const query = `sslmode=verify-full&${root('authority')}`;
    const env = { ...w.env, DATABASE_URL: `postgres://postgres@localhost:${port}/maro?${query}` };
    await startProcess({ ...w, env });
    await rows(url, "select graphile_worker.add_job('clean')");
    await until(
      async () => (await rows(url, 'select 1 from graphile_worker._private_jobs')).length === 0,
      'the job is done',
    );
    const open = await rows<{ ssl: boolean }>(
      url,
      `select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'maro%'`,
    );
    assert.ok(open.length > 0 && open.every(({ ssl }) => ssl));
  });
});
