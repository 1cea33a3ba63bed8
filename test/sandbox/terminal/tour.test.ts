import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('the tour plays on throwaway data, and all goes as told', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'maro-sandbox-'));
  const main = new URL('../../../sandbox/main.ts', import.meta.url).pathname;
  const tour = spawn(process.execPath, ['--import', 'tsx', main, '--folder', folder, '--tour'], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATABASE_URL: process.env.DATABASE_URL,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    tour.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const [text, [status]] = await Promise.all([tour.stdout.toArray(), once(tour, 'close')]);
  const written = Buffer.concat(text).toString();
  assert.match(written, /each went as told/);
  assert.doesNotMatch(written, /did not go as told/);
  assert.equal(status, 0);
});
