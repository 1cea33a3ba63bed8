import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, SocketModeReceiver } from '@slack/bolt';
import { WebSocket } from 'ws';
import { sign, startSlack } from '../../../sandbox/slack/index.ts';
import { manifest, quiet, startExample } from './example.ts';

async function call(apiUrl: string, method: string, token: string | undefined, body: string, type: string) {
  const headers = { 'content-type': type, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(`${apiUrl}${method}`, { method: 'POST', headers, body });
  assert.equal(response.status, 200);
  return (await response.json()) as Record<string, unknown> & { error?: string };
}
const form = 'application/x-www-form-urlencoded';
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('deliveries go round all connections, of which there are ten at most', async (t) => {
  const slack = await startSlack({ manifest });
  const sockets: WebSocket[] = [];
  t.after(() => Promise.all([slack.stop(), ...sockets.map((socket) => socket.close())]));
  const frames: Record<string, unknown>[][] = [];
  const connect = async () => {
    const { url } = await call(slack.apiUrl, 'apps.connections.open', slack.appToken, '', form);
    const socket = new WebSocket(String(url));
    const mine: Record<string, unknown>[] = [];
    frames.push(mine);
    sockets.push(socket);
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      mine.push(frame);
      if (frame.envelope_id) socket.send(JSON.stringify({ envelope_id: frame.envelope_id, payload: {} }));
    });
    await until(() => mine.length > 0);
    return mine[0]?.type;
  };
  for (let n = 1; n <= 10; n++) assert.equal(await connect(), 'hello');
  await slack.connected(10);
  await Promise.all(Array.from({ length: 20 }, () => slack.command('/hello')));
  assert.deepEqual(
    frames.map((mine) => mine.length),
    Array(10).fill(3),
  );
  assert.equal(await connect(), 'disconnect');
  assert.equal(frames[10]?.[0]?.reason, 'too_many_websockets');
  assert.equal(slack.connections(), 10);
  const again = new WebSocket(String(sockets[0]?.url));
  await new Promise((resolve) => again.once('error', resolve));
});

test('an event that nobody acknowledged comes again; a command does not', async (t) => {
  const events: unknown[] = [];
  const { slack } = await startExample(t, (app) => {
    app.function('greet', { autoAcknowledge: false }, async ({ ack, context, body }) => {
      events.push([body.event_id, context.retryNum]);
      if (context.retryNum === 2) await ack();
    });
    app.command('/hello', async () => {});
  });
  const { event_id } = slack.step('greet', { name: 'x' }).event;
  await until(() => events.length === 1);
  slack.clock.advance(3000);
  await until(() => events.length === 2);
  slack.clock.advance(3000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(events.length, 2, 'the second retry waits for a minute');
  slack.clock.advance(60_000);
  await until(() => events.length === 3);
  assert.deepEqual(events, [
    [event_id, 0],
    [event_id, 1],
    [event_id, 2],
  ]);
  slack.step('greet', { name: 'y' });
  const lost = assert.rejects(slack.command('/hello'), { error: 'dispatch_failed' });
  await until(() => events.length === 4);
  slack.trouble.drop();
  await lost;
  await slack.retryNow();
  const again = slack.log.filter((entry) => entry.name === 'events_api').length;
  assert.ok(again >= 5, 'the cut event was tried again');
  assert.equal(slack.log.filter((entry) => entry.name === 'slash_commands').length, 1);
});

test('a client that is asked to refresh connects anew, and a silent socket answers nothing', async (t) => {
  const slack = await startSlack({ manifest });
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    clientPingTimeout: 60,
    installerOptions: { clientOptions },
    logger: quiet,
  });
  const app = new App({ receiver, token: slack.botToken, clientOptions, logger: quiet });
  app.command('/hello', ({ ack }) => ack('here'));
  t.after(async () => {
    await app.stop();
    await slack.stop();
  });
  await app.start();
  assert.equal((await slack.command('/hello')).messages[0]?.text, 'here');
  slack.trouble.refresh();
  await until(() => slack.connections() === 0);
  await slack.connected();
  slack.trouble.silence(true);
  const lost = assert.rejects(slack.command('/hello'), { error: 'operation_timeout' });
  slack.clock.advance(3000);
  await lost;
  await slack.connected(2);
  slack.trouble.silence(false);
  await until(() => slack.connections() === 1);
  assert.equal((await slack.command('/hello')).messages[0]?.text, 'here');
});

test('without socket_mode_enabled the link is disabled', async (t) => {
  const slack = await startSlack({
    manifest: { ...manifest, settings: { ...manifest.settings, socket_mode_enabled: false } },
  });
  t.after(slack.stop);
  const { url } = await call(slack.apiUrl, 'apps.connections.open', slack.appToken, '', form);
  const socket = new WebSocket(String(url));
  const [data] = await new Promise<unknown[]>((resolve) => socket.once('message', (...all) => resolve(all)));
  assert.equal(JSON.parse(String(data)).reason, 'link_disabled');
});

test('over HTTP the app sees what it verifies, and an attacker can be played', async (t) => {
  const { slack } = await startExample(t, (app) => app.command('/hello', ({ ack }) => ack('hi')), {
    transport: 'http',
  });
  const now = Math.floor(Date.now() / 1000);
  const body =
    'command=%2Fhello&text=&user_id=U0ADA&team_id=T0ACME&channel_id=C1&response_url=http%3A%2F%2F127.0.0.1%2F';
  const headers = { 'content-type': form };
  const status = async (request: object) => (await slack.raw({ body, headers, ...request })).status;
  assert.equal(await status({}), 200);
  assert.equal(await status({ secret: 'forged' }), 401);
  assert.equal(await status({ timestamp: now - 600 }), 401);
  const signed = { ...headers, 'x-slack-signature': sign(slack.signingSecret, now, body) };
  assert.equal(await status({ timestamp: now, body: body.replace('U0ADA', 'U0EVE'), headers: signed }), 401);
  assert.equal((await slack.command('/hello')).messages[0]?.text, 'hi');
  await assert.rejects(slack.deliverOverHttp(slack.apiUrl), { error: 'url_verification_failed' });
});

test('any payload can be delivered, also one that Slack never sends', async (t) => {
  const bodies: unknown[] = [];
  const { slack, app } = await startExample(t);
  app.use(async ({ body }) => {
    bodies.push(body);
  });
  const acked = slack.deliver('interactive', { type: 'block_actions', actions: [], user: {}, team: null });
  await until(() => bodies.length === 1);
  slack.clock.advance(3000);
  assert.deepEqual(await acked, { ok: false, reason: 'http_timeout' });
});

test('stopping leaves nothing behind, even with an app still connected', async () => {
  const slack = await startSlack({ manifest });
  const app = new App({
    socketMode: true,
    appToken: slack.appToken,
    token: slack.botToken,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logger: quiet,
  });
  await app.start();
  await slack.stop();
  await app.stop();
  await assert.rejects(fetch(slack.apiUrl));
});
