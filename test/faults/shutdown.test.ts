import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, describe, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { launch, type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';
import { openWire } from '../wire.ts';

/** Runs a module before the program. */
const loadedFirst = (code: string) => `--import data:text/javascript,${encodeURIComponent(code)}`;
const portOf = (server: Server) => (server.address() as AddressInfo).port;

for (const transport of ['socket', 'http'] as const) {
  describe(`Maro told to stop, reached over ${transport}`, () => {
    let w: World;
    let maro: MaroProcess;
    before(async () => {
      w = await world({ transport });
      maro = await startProcess(w, { PORT: '0' });
    });
    const say = async (text: string, channel = 'C1') => {
      const [message] = (await w.slack.command(`/maro ${text}`, { channel })).messages;
      return words(message);
    };

    test('serves all that comes until nothing waits for an acknowledgement, and goes within ten seconds', async () => {
      const agent = new Agent({ keepAlive: true });
      const health = () =>
        new Promise<number>((resolve, reject) => {
          const request = get({ port: maro.port, path: '/healthz', agent }, (response) => {
            response.resume().on('end', () => resolve(response.statusCode ?? 0));
          });
          request.on('error', reject);
        });
      assert.equal(await health(), 200, 'and the connection stays open');
      w.jira.trouble('bulkfetch', { kind: 'latency', ms: 600 });
      const answers = Array.from({ length: 50 }, (_, i) => say(`track PLAT-${(i % 20) + 1}`));
      const step = w.slack.step('track', { channel_id: 'C2', issue_keys: 'PLAT-1' });
      await until(() => w.jira.count('bulkfetch') === 51, 'all commands and the step are under way');
      const at = Date.now();
      maro.kill('SIGTERM');
      await until(() => maro.log.some(({ msg }) => msg === 'stopping'), 'Maro has heard');
      // Ctrl-C reaches a program as often as there are programs around it: that does not hurry it.
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGINT'] as const) maro.kill(signal);
      assert.equal(await health(), 503, 'a balancer learns at once that Maro goes');
      const late = [say('track PLAT-2', 'C2'), say('tracked', 'C2')];
      const second = w.slack.step('track', { channel_id: 'C2', issue_keys: 'PLAT-3' });
      for (const answer of await Promise.all(answers)) assert.match(answer, /: (now tracked|tracked already)/);
      for (const answer of await Promise.all(late)) assert.match(answer, /PLAT-2: now tracked|No issues tracked/);
      assert.equal(await maro.ended, 0);
      assert.ok(Date.now() - at < 10_000);
      agent.destroy();

      assert.deepEqual([step.state, second.state], ['completed', 'completed'], 'what was acknowledged is finished');
      assert.equal(w.jira.count('bulkfetch'), 53);
      const after = w.slack.step('track', { channel_id: 'C2', issue_keys: 'PLAT-4' });
      assert.equal((await after.delivered)[0]?.ok, false, 'what comes later goes to another process');
      assert.equal(w.slack.connections(), 0);
      const stored = await rows(w.databaseUrl, "select from tracked_issues where channel_id = 'C1'");
      assert.equal(stored.length, 20);
      assert.deepEqual(
        maro.log.filter(({ level }) => level === 'error' || level === 'warn'),
        [],
      );
    });

    test('leaves no secret in its log and nothing that was typed', () => assertPrivate([maro], w, ['PLAT-', 'U0ADA']));
  });
}

describe('Maro told to stop before it has started', () => {
  test('goes at once while its database keeps it waiting', async () => {
    const { env, databaseUrl } = await world();
    const wire = await openWire(databaseUrl);
    wire.silence(true);
    const maro = launch({ ...env, DATABASE_URL: wire.url });
    await until(() => wire.trips > 0, 'Maro waits for the database');
    maro.kill('SIGTERM');
    assert.equal(await maro.ended, 0);
    await wire.stop();
  });

  test('goes without another word while Slack keeps it waiting for a hello', async () => {
    const { env, databaseUrl } = await world();
    const wire = await openWire(databaseUrl);
    const mute = createServer((request, response) => {
      const opened = { url: `ws://127.0.0.1:${portOf(mute)}` };
      const whose = { team_id: 'T0ACME', user_id: 'U0MARO', bot_id: 'B0MARO' };
      response.end(JSON.stringify({ ok: true, ...(request.url?.endsWith('auth.test') ? whose : opened) }));
    });
    const sockets = new WebSocketServer({ server: mute });
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    const maro = launch({
      ...env,
      SLACK_API_URL: `http://127.0.0.1:${portOf(mute)}/api/`,
      DATABASE_URL: wire.url,
      PORT: '0',
      NODE_OPTIONS: loadedFirst(`
        import net from 'node:net';
        const { listen } = net.Server.prototype;
        net.Server.prototype.listen = function (...where) {
          this.on('listening', () => console.log(JSON.stringify({ msg: 'listens', port: this.address().port })));
          return listen.apply(this, where);
        };`),
    });
    await once(sockets, 'connection');
    const port = maro.log.find(({ msg }) => msg === 'listens')?.port;
    // The way out waits for a health check that waits for the database, and Slack's goodbye comes meanwhile.
    wire.silence(true);
    wire.trips = 0;
    const health = fetch(`http://127.0.0.1:${port}/healthz`).catch(() => {});
    await until(() => wire.trips > 0, 'the health check waits');
    maro.kill('SIGTERM');
    assert.equal(await maro.ended, 0);
    assert.deepEqual(maro.written().match(/"msg":"\w+"|undefined/g), ['"msg":"listens"', '"msg":"stopping"']);
    await health;
    sockets.close();
    mute.close();
    await wire.stop();
  });
});

describe('an error that nobody caught', () => {
  test('is logged without its words; Maro finishes what is under way and ends with 1', async () => {
    const w = await world();
    // A defect on demand, since Maro has none to offer: SIGUSR2 brings it about in a module loaded before.
    const defect = "process.on('SIGUSR2', () => { Promise.reject(new TypeError(['a', 'secret', 'word'].join('-'))); })";
    const maro = await startProcess(w, { NODE_OPTIONS: loadedFirst(defect) });
    w.jira.trouble('bulkfetch', { kind: 'latency', ms: 500, times: 1 });
    const answer = w.slack.command('/maro track PLAT-1');
    await until(() => w.jira.count('bulkfetch') === 1, 'a command is under way');
    maro.kill('SIGUSR2');
    assert.match(words((await answer).messages[0]), /PLAT-1: now tracked/);
    assert.equal(await maro.ended, 1);
    const [line] = maro.log.filter(({ level }) => level === 'fatal');
    assert.deepEqual([line?.event, line?.error], ['unhandledRejection', 'TypeError']);
    assertPrivate([maro], w, ['a-secret-word', 'PLAT-1']);
  });
});
