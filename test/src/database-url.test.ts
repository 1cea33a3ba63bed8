import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type DatabaseUrl, DatabaseUrlError, readDatabaseUrl } from '../../src/database-url.ts';

const folder = mkdtempSync(join(tmpdir(), 'maro-test-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, `the ${name}`);
  return path;
};
const pem = (path: string, name: string) => ({ path, pem: `the ${name}` });

const ROOT = file('root.crt');
const CERT = file('client.crt');
const KEY = file('client.key');
const root = pem(ROOT, 'root.crt');
const client = { certificate: pem(CERT, 'client.crt'), key: pem(KEY, 'client.key') };
const on = { mode: 'on', direct: false, authority: undefined, client: undefined } as const;

const DB = { host: 'db', port: 5432 };

/** What a URL says, and nothing that it leaves to the defaults. */
const table: [what: string, text: string, says: Partial<DatabaseUrl>][] = [
  [
    'everything in its place',
    'postgres://ada:secret@db:5433/maro',
    { hosts: [{ host: 'db', port: 5433 }], user: 'ada', password: 'secret', database: 'maro' },
  ],
  ['the other name of the scheme', 'postgresql://db/maro', { hosts: [DB], database: 'maro' }],
  ['next to nothing', 'postgres:///', { hosts: [{ host: 'localhost', port: 5432 }] }],
  [
    'encoded signs in every place',
    'postgres://a%40b:p%2F%3F%23%25@db/m%20n',
    { hosts: [DB], user: 'a@b', password: 'p/?#%', database: 'm n' },
  ],
  [
    'an @ and a # in a password as they are',
    'postgres://ada:p@s#s@db/maro',
    {
      ...{ hosts: [DB], user: 'ada', password: 'p@s#s', database: 'maro' },
    },
  ],
  ['a plus in a password', 'postgres://ada:a+b@db', { hosts: [DB], user: 'ada', password: 'a+b' }],
  [
    'several hosts, each with its port',
    'postgres://db1:1,db2,[::1]:3/maro?target_session_attrs=read-write',
    {
      hosts: [
        { host: 'db1', port: 1 },
        { host: 'db2', port: 5432 },
        { host: '::1', port: 3 },
      ],
      database: 'maro',
    },
  ],
  [
    'the folder of a socket',
    'postgres://ada@%2Fvar%2Frun%2Fpostgresql:6432/maro',
    {
      ...{ hosts: [{ host: '/var/run/postgresql', port: 6432 }], user: 'ada', database: 'maro' },
    },
  ],
  [
    'a folder in the way that the sandbox writes it',
    'postgres://postgres@%2Ftmp%2Fx%2F%2C:5432/postgres',
    {
      ...{ hosts: [{ host: '/tmp/x', port: 5432 }], user: 'postgres', database: 'postgres' },
    },
  ],
  [
    'everything in parameters',
    'postgres:///?host=/cloudsql/a:b:c,db2&port=1,2&user=ada&password=secret&dbname=maro',
    {
      hosts: [
        { host: '/cloudsql/a:b:c', port: 1 },
        { host: 'db2', port: 2 },
      ],
      ...{ user: 'ada', password: 'secret', database: 'maro' },
    },
  ],
  [
    'one port for several hosts',
    'postgres:///maro?host=db,db&port=7',
    {
      hosts: [
        { host: 'db', port: 7 },
        { host: 'db', port: 7 },
      ],
      database: 'maro',
    },
  ],
  ['how many connections there may be', 'postgres://db?max=3', { hosts: [DB], max: 3 }],
  [
    "Prisma's words",
    'postgres://db?schema=public&pgbouncer=true&connection_limit=1&pool_timeout=0',
    {
      ...{ hosts: [DB], pooled: true, max: 1 },
    },
  ],
  [
    "a name and the server's own options",
    'postgres://db?application_name=a%20b&options=-c%20search_path%3Dx',
    {
      ...{ hosts: [DB], applicationName: 'a b', options: '-c search_path=x' },
    },
  ],
  [
    'what others need',
    'postgres://db?channel_binding=require&connect_timeout=10&keepalives=1&supa=base-pooler.x',
    {
      hosts: [DB],
    },
  ],
  ['no encryption', 'postgres://db?sslmode=disable', { hosts: [DB] }],
  ['encryption if there is any', 'postgres://db?sslmode=prefer', { hosts: [DB], tls: { mode: 'prefer' } }],
  [
    'encryption that verifies nothing',
    'postgres://db?sslmode=require',
    { hosts: [DB], tls: { ...on, verify: 'nothing' } },
  ],
  [
    'the same with an authority, which is verified',
    `postgres://db?sslmode=require&sslrootcert=${ROOT}`,
    {
      ...{ hosts: [DB], tls: { ...on, verify: 'authority', authority: root } },
    },
  ],
  [
    'an authority',
    `postgres://db?sslmode=verify-ca&sslrootcert=${ROOT}`,
    {
      ...{ hosts: [DB], tls: { ...on, verify: 'authority', authority: root } },
    },
  ],
  [
    'an authority and a name',
    `postgres://db?sslmode=verify-full&sslrootcert=${ROOT}`,
    {
      ...{ hosts: [DB], tls: { ...on, verify: 'authority and name', authority: root } },
    },
  ],
  [
    "the system's authorities",
    'postgres://db?sslmode=verify-full&sslrootcert=system',
    {
      ...{ hosts: [DB], tls: { ...on, verify: 'authority and name' } },
    },
  ],
  ["Node's word for that", 'postgres://db?ssl=true', { hosts: [DB], tls: { ...on, verify: 'authority and name' } }],
  [
    "a client's certificate",
    `postgres://db?sslmode=require&sslcert=${CERT}&sslkey=${KEY}`,
    {
      ...{ hosts: [DB], tls: { ...on, verify: 'nothing', client } },
    },
  ],
  [
    'encryption from the first byte',
    'postgres://db?sslmode=require&sslnegotiation=direct',
    {
      ...{ hosts: [DB], tls: { ...on, verify: 'nothing', direct: true } },
    },
  ],
];

const refused: [text: string, words: RegExp][] = [
  ['', /^is malformed: it should be a PostgreSQL address, postgres:\/\/user:password@host:5432\/name$/],
  ['postgres://', /is malformed/],
  ['mysql://db/maro', /is malformed/],
  ['host=db dbname=maro', /is malformed/],
  [
    'postgres://db:5432x/maro',
    /^has a port that is not a number from 1 to 65535\. Write a slash in the password as %2F$/,
  ],
  ['postgres://db:0/maro', /^has a port/],
  ['postgres://db:65536/maro', /^has a port/],
  ['postgres://ada:100%@db/maro', /^has a % in its password that encodes nothing: write a percent sign as %25$/],
  [
    'postgres://maro:hun?ter2@db/maro',
    /^has an @ in its parameters: write a \? in the password as %3F, and an @ as %40$/,
  ],
  ['postgres://db?sslrootcrt=x', /^has a parameter that Maro does not know, sslrootcrt: remove it$/],
  ['postgres://db?sslmode=on', /^has sslmode=on: it should be disable, prefer, require, verify-ca or verify-full$/],
  ['postgres://db?sslmode=verify-ca', /^has sslmode=verify-ca and needs sslrootcert/],
  [
    'postgres://db?sslmode=verify-ca&sslrootcert=/no/such',
    /^has sslrootcert=\/no\/such, which cannot be read \(ENOENT\)$/,
  ],
  [
    `postgres://db?sslmode=require&sslcert=${CERT}`,
    /^has only one of sslcert and sslkey: a client certificate needs both$/,
  ],
  ['postgres://db?ssl=perhaps', /^has ssl=perhaps: it should be true or false$/],
  ['postgres://db?sslnegotiation=late', /^has sslnegotiation=late/],
  ['postgres://db?max=0', /^has max=0: it should be a number from 1 to 9999$/],
  ['postgres://db?max=many', /^has max=many/],
  [
    'postgres://db?target_session_attrs=standby',
    /^has target_session_attrs=standby, and Maro needs a server that accepts writes/,
  ],
  [
    'postgres://db?schema=mine',
    /^has schema=mine, which PostgreSQL does not know: write options=-csearch_path%3Dmine$/,
  ],
];

describe('a database URL', () => {
  for (const [what, text, says] of table) {
    test(`is read with ${what}`, () => {
      assert.deepEqual(readDatabaseUrl(text), {
        ...{ user: undefined, password: undefined, database: undefined, tls: { mode: 'off' } },
        ...{ max: 10, pooled: false, applicationName: 'maro', options: undefined, ...says },
      });
    });
  }

  for (const [text, words] of refused) {
    test(`is refused by what is wrong in it: ${text}`, () => {
      assert.throws(
        () => readDatabaseUrl(text),
        (error) => error instanceof DatabaseUrlError && words.test(error.message),
      );
    });
  }

  test('shows neither user nor password when it is refused', () => {
    const texts = refused.map(([text]) => text).filter((text) => text !== 'postgres://');
    for (const text of [...texts, 'postgres://ada:hunter2/x@db/maro', 'postgres://ada:[hunter2/x@db']) {
      const secret = text.replace('://', '://adalove:hunter2@').replace('ada:100%@', 'adalove:hunter2%@');
      assert.throws(
        () => readDatabaseUrl(secret),
        (error) => error instanceof Error && !/adalove|hunter2/.test(error.message),
      );
    }
  });
});
