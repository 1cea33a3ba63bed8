import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pgUrl } from '../../../src/database/pg-url.ts';
import { readDatabaseUrl } from '../../../src/database-url.ts';

describe("the URL for Graphile Worker's client", () => {
  for (const [url, login] of [
    ['postgres://ada:se%3Fcret@db/maro', 'ada:se%3Fcret@'],
    ['postgres://ada@db/maro', 'ada@'],
    ['postgres://:secret@db/maro', ':secret@'],
    ['postgres://db/maro', ''],
  ] as const) {
    test(`logs in as ${url} says`, () => {
      const address = pgUrl(readDatabaseUrl(url), { host: 'db', port: 5432 }, false);
      assert.ok(address.startsWith(`postgres://${login}/maro?`), address);
    });
  }
});
