import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { listen } from '../../../sandbox/browser/listen.ts';

test('a port that is taken gives way to the next free one', async (t) => {
  const [first, second] = [createServer(), createServer()];
  t.after(() => [first, second].map((server) => server.close()));
  const port = await listen(first, 0);
  assert.ok((await listen(second, port)) > port);
});
