import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import { createSlackClient, type SlackClient } from '../../../src/slack/client.ts';

type Reply = { status?: number; headers?: Record<string, string>; body: string };
const json = (body: object): Reply => ({ body: JSON.stringify(body) });
const ok = json({ ok: true });
const refusal = (error: string) => json({ ok: false, error });
const busy: Reply = { status: 429, headers: { 'retry-after': '0' }, body: '' };
const page: Reply = { headers: { 'content-type': 'text/html' }, body: '<h1>a-secret-word</h1>' };

describe("Slack's Web API", () => {
  /** What Slack answers, one for each call; a call more than that is a mistake. */
  let replies: Reply[];
  let calls: { method: string; args: Record<string, string>; authorization: string | undefined }[];
  let lines: { level: number; msg: string; error?: string }[];
  let slack: SlackClient;
  let apiUrl: string;
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const args = Object.fromEntries(new URLSearchParams(body));
    calls.push({ method: request.url ?? '', args, authorization: request.headers.authorization });
    const reply = replies.shift() ?? refusal('one_call_too_many');
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
  });
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
    const transport = { mode: 'socket', appToken: 'xapp-1' } as const;
    slack = createSlackClient({ botToken: 'xoxb-1', apiUrl, transport }, log);
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    replies = [];
    calls = [];
    lines = [];
  });

  describe('asked whose token this is', () => {
    const who = {
      ok: true,
      url: 'https://acme.slack.com/',
      team_id: 'T1',
      enterprise_id: 'E1',
      bot_id: 'B1',
      user_id: 'U1',
    };

    test('names the workspace, or the organisation when the app is installed in all of it', async () => {
      replies = [json({ ...who, is_enterprise_install: false }), json({ ...who, is_enterprise_install: true })];
      assert.deepEqual(await slack.installation(), { tenant: 'T1', botId: 'B1', botUserId: 'U1' });
      assert.deepEqual(await slack.installation(), { tenant: 'E1', botId: 'B1', botUserId: 'U1' });
      assert.deepEqual(calls[0], { method: '/api/auth.test', args: {}, authorization: 'Bearer xoxb-1' });
    });

    const refused: [reply: Reply, sentence: RegExp][] = [
      [json({ ...who, bot_id: undefined }), /^Maro did not start: SLACK_BOT_TOKEN is not a bot's token\. Copy the Bot/],
      [refusal('account_inactive'), /^Maro did not start: Slack refused SLACK_BOT_TOKEN \(account_inactive\)\. Copy/],
      [refusal('internal_error'), /^Maro did not start: Slack cannot be reached at http:\S+\/api\/\.$/],
      [page, /^Maro did not start: Slack cannot be reached at http:\S+\/api\/\.$/],
      [{ status: 500, body: 'a-secret-word' }, /^Maro did not start: Slack cannot be reached at http:\S+\/api\/\.$/],
    ];
    for (const [reply, message] of refused) {
      test(`and answering ${reply.status ?? 200} ${reply.body}: a sentence`, async () => {
        replies = [reply];
        await assert.rejects(slack.installation(), { message });
        assert.equal(calls.length, 1);
      });
    }
  });

  describe('told how a step ended', () => {
    const outputs = { tracked: true, count: 2, error: '' };

    test('gets the outputs or the sentence, with the token of the bot', async () => {
      replies = [ok, ok];
      await slack.complete('Fx1', { outputs });
      await slack.complete('Fx2', { error: 'Nothing was tracked.' });
      const authorization = 'Bearer xoxb-1';
      const succeeded = { function_execution_id: 'Fx1', outputs: JSON.stringify(outputs) };
      const failed = { function_execution_id: 'Fx2', error: 'Nothing was tracked.' };
      assert.deepEqual(calls, [
        { method: '/api/functions.completeSuccess', args: succeeded, authorization },
        { method: '/api/functions.completeError', args: failed, authorization },
      ]);
      assert.deepEqual(lines, []);
    });

    for (const [what, reply] of [
      ['a mishap of its own', refusal('service_unavailable')],
      ["somebody's page in place of an answer", page],
      ['an answer that is no object', { body: 'null' }],
      ['no room, for a time that it does not say', { status: 429, body: '' }],
    ] as const) {
      test(`and having ${what} is told again`, async () => {
        replies = [reply, ok];
        await slack.complete('Fx1', { outputs });
        assert.equal(calls.length, 2);
        assert.deepEqual(
          lines.map(({ level }) => level),
          [40],
        );
        assert.doesNotMatch(JSON.stringify(lines), /a-secret-word/);
      });
    }

    test('and busy for long is told six times, and the log that the step hangs', async () => {
      replies = Array(9).fill(busy);
      await slack.complete('Fx1', { outputs });
      assert.equal(calls.length, 6);
      assert.equal(lines.at(-1)?.msg, 'a step stays in progress in Slack');
    });

    test('and not taking the outputs is told a sentence; not taking that either, nothing more', async () => {
      replies = [refusal('parameter_validation_failed'), refusal('parameter_validation_failed')];
      await slack.complete('Fx1', { outputs });
      assert.deepEqual(
        calls.map(({ method }) => method),
        ['/api/functions.completeSuccess', '/api/functions.completeError'],
      );
      assert.match(calls[1]?.args.error ?? '', /install the current manifest/);
    });

    for (const error of ['token_revoked', 'invalid_auth', 'access_denied', 'function_execution_not_found']) {
      test(`and answering ${error} is told no more`, async () => {
        replies = [refusal(error)];
        await slack.complete('Fx1', { outputs });
        assert.equal(calls.length, 1);
        assert.deepEqual([lines.at(-1)?.level, lines.at(-1)?.error], [50, error]);
      });
    }

    test('since it is over already: nothing in the log, whatever Slack says of it', async () => {
      const messages = ['[ERROR] a-secret-word is completed already', '[WARN] a-secret-word'];
      replies = [json({ ok: false, error: 'execution_not_in_running_state', response_metadata: { messages } })];
      await slack.complete('Fx1', { outputs });
      assert.deepEqual(lines, []);
    });
  });

  describe('given a message', () => {
    const message = { text: 'PLAT-1', blocks: [] };
    const posted = (ts: string) => json({ ok: true, channel: 'C1', ts });

    test('posts it with the token of the bot and without previews, and says where it is', async () => {
      const who = { ok: true, url: 'https://acme.slack.com/', team_id: 'T1', bot_id: 'B1', user_id: 'U1' };
      replies = [json(who), posted('1700000000.000100'), posted('1700000001.000200')];
      await slack.installation();
      assert.deepEqual(await slack.postMessage({ channel: 'C1' }, message), {
        channel: 'C1',
        ts: '1700000000.000100',
        link: 'https://acme.slack.com/archives/C1/p1700000000000100',
      });
      const { link } = await slack.postMessage({ channel: 'C1', threadTs: '1700000000.000100' }, message);
      assert.equal(link, 'https://acme.slack.com/archives/C1/p1700000001000200?thread_ts=1700000000.000100&cid=C1');
      const args = { channel: 'C1', text: 'PLAT-1', blocks: '[]', unfurl_links: 'false', unfurl_media: 'false' };
      assert.deepEqual(
        calls.slice(1).map((call) => [call.method, call.args, call.authorization]),
        [
          ['/api/chat.postMessage', args, 'Bearer xoxb-1'],
          ['/api/chat.postMessage', { ...args, thread_ts: '1700000000.000100' }, 'Bearer xoxb-1'],
        ],
      );
    });

    for (const [what, reply] of [
      ['a mishap of its own', refusal('service_unavailable')],
      ["somebody's page in place of an answer", page],
      ['a status that says nothing', { status: 500, body: '' }],
    ] as const) {
      test(`and having ${what} is not given it again`, async () => {
        replies = [reply, posted('1')];
        await assert.rejects(slack.postMessage({ channel: 'C1' }, message), {
          name: 'SlackTrouble',
          message: /may or may not be/,
        });
        assert.equal(calls.length, 1);
      });
    }

    test('and busy gets it again, after those before it in the channel and at once in another', async () => {
      const wait: Reply = { status: 429, headers: { 'retry-after': '1' }, body: '' };
      replies = [wait, posted('3'), posted('1'), posted('2')];
      const order: string[] = [];
      const post = (channel: string, text: string) =>
        slack.postMessage({ channel }, { text }).then(() => order.push(text));
      await Promise.all([post('C1', 'first'), post('C1', 'second'), post('C2', 'elsewhere')]);
      assert.deepEqual(order, ['elsewhere', 'first', 'second']);
      assert.deepEqual(
        calls.map(({ args }) => args.text),
        ['first', 'elsewhere', 'first', 'second'],
      );
    });

    test('and refusing one takes the next', async () => {
      replies = [refusal('is_archived'), posted('1')];
      const [first, second] = await Promise.allSettled([
        slack.postMessage({ channel: 'C1' }, message),
        slack.postMessage({ channel: 'C1' }, message),
      ]);
      assert.deepEqual([first?.status, second?.status], ['rejected', 'fulfilled']);
    });
  });
});
