import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createHttpServer, type Health } from '../../src/http.ts';

const GOOD: Health = { ok: true, database: true, slack: true, jira: { state: 'ok' } };
const cleanups: (() => void)[] = [];
after(() => {
  for (const cleanup of cleanups) cleanup();
});

async function listen(health: () => Promise<Health>, events?: RequestListener) {
  const server = createHttpServer(health, { events }).listen(0, '127.0.0.1');
  cleanups.push(() => server.close());
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async (path: string, init: RequestInit = {}) => {
    const response = await fetch(origin + path, init);
    const { status, headers } = response;
    return {
      status,
      type: headers.get('content-type'),
      cache: headers.get('cache-control'),
      text: await response.text(),
    };
  };
}

const accepting: RequestListener = (request, response) => {
  request.resume().on('end', () => response.end('taken'));
};
const stamped = (ahead: number) => ({ 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000) + ahead) });

test('health is JSON that nobody may keep, with a status that balancers understand', async () => {
  let report = GOOD;
  const ask = await listen(async () => report);
  const json = { type: 'application/json', cache: 'no-store' };
  assert.deepEqual(await ask('/healthz'), { status: 200, ...json, text: JSON.stringify(GOOD) });
  report = { ok: false, database: false, slack: true, jira: { state: 'failing', since: '2026-11-28T09:14:00.000Z' } };
  assert.deepEqual(await ask('/healthz?verbose'), { status: 503, ...json, text: JSON.stringify(report) });
  assert.deepEqual(await ask('/livez'), { status: 200, ...json, text: '{"ok":true}' });
});

test('life is not asked of the database', async () => {
  const ask = await listen(() => new Promise(() => {}));
  assert.equal((await ask('/livez')).status, 200);
});

test("Slack's deliveries go on to who reads them, those without a timestamp too", async () => {
  const ask = await listen(async () => GOOD, accepting);
  const post = { method: 'POST', body: 'ssl_check=1' };
  assert.equal((await ask('/slack/events', post)).text, 'taken');
  assert.equal((await ask('/slack/events?x', { ...post, headers: stamped(290) })).text, 'taken');
});

test('a delivery from more than five minutes ahead goes no further', async () => {
  const ask = await listen(async () => GOOD, accepting);
  for (const headers of [stamped(330), { 'x-slack-request-timestamp': 'Infinity' }]) {
    const { status, text } = await ask('/slack/events', { method: 'POST', body: 'x', headers });
    assert.deepEqual([status, text], [401, '{"ok":false}']);
  }
});

test('everything else is not found', async () => {
  const [withEvents, without] = [await listen(async () => GOOD, accepting), await listen(async () => GOOD)];
  assert.equal((await without('/slack/events', { method: 'POST', body: 'x' })).status, 404);
  assert.equal((await withEvents('/slack/events')).status, 404);
  assert.equal((await withEvents('/healthz', { method: 'POST' })).status, 404);
  assert.equal((await withEvents('/slack')).status, 404);
});
