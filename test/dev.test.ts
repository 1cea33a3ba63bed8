import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimes } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { until, world } from './maro.ts';

const DEV = new URL('./dev.ts', import.meta.url).pathname;
const SOURCE = new URL('../workflows/index.ts', import.meta.url);

/** `npm run dev` without npm, which has a shell in between. */
function start(t: TestContext, env: NodeJS.ProcessEnv) {
  const shell = spawn('/bin/sh', ['-c', '"$0" "$1"; exit $?', process.execPath, DEV], {
    env: { ...env, npm_lifecycle_event: 'dev' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => shell.kill('SIGKILL'));
  const dev = { shell, written: '', ended: once(shell, 'close') };
  for (const output of [shell.stdout, shell.stderr]) output.on('data', (data) => (dev.written += data));
  return dev;
}

test('dev starts Maro anew when the source changes, and ends with the shell that npm started it in', async (t) => {
  const { slack, env } = await world();
  const dev = start(t, env);
  await slack.connected().catch(() => assert.fail(dev.written));
  await utimes(SOURCE, new Date(), new Date());
  await until(() => slack.calls('auth.test').length > 1, 'Maro has started again');
  await slack.connected();
  dev.shell.kill('SIGTERM');
  // The shell's outputs are shared by all that it has started, so they end with the last of them.
  await dev.ended;
  assert.equal(slack.connections(), 0);
});

test('dev says what is missing before it starts anything', async (t) => {
  const dev = start(t, { PATH: process.env.PATH, JIRA_EMAIL: 'maro@example.com' });
  const [status] = await dev.ended;
  assert.match(dev.written, /SLACK_BOT_TOKEN is missing/);
  assert.doesNotMatch(dev.written, /DATABASE_URL|JIRA_EMAIL/);
  assert.equal(status, 1);
});
