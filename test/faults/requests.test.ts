import assert from 'node:assert/strict';
import { request } from 'node:http';
import { before, describe, test } from 'node:test';
import { sign } from '../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const TYPED = 'track PLAT-1 a-secret-word';
const seconds = (ahead = 0) => Math.floor(Date.now() / 1000) + ahead;
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const command = form({ command: '/maro', text: TYPED, channel_id: 'C1', user_id: 'U0ADA', team_id: 'T0ACME' });

/** What nobody could make sense of, each with the person who waits for an answer, if there is one. */
const action = { type: 'block_actions', user: { id: 'U0ADA' }, team: { id: 'T0ACME' } };
const RATE_LIMITED = {
  type: 'app_rate_limited',
  team_id: 'T0ACME',
  minute_rate_limited: 1_518_467_820,
  api_app_id: 'A',
};
const nonsense: [what: string, type: 'events_api' | 'slash_commands' | 'interactive', payload: unknown][] = [
  ['nothing', 'events_api', {}],
  ['a list', 'events_api', []],
  ['an event that is null', 'events_api', { type: 'event_callback', event: null }],
  ['an event that is a text', 'events_api', { type: 'event_callback', event: 'a-secret-word' }],
  ['an event without a type', 'events_api', { type: 'event_callback', event: {} }],
  ['a step without a function', 'events_api', { event: { type: 'function_executed', function_execution_id: 'Fx1' } }],
  ['a step without an execution', 'events_api', { event: { type: 'function_executed', function: {} } }],
  [
    'a step with null for everything',
    'events_api',
    { event: { type: 'function_executed', function: null, inputs: null } },
  ],
  [
    'an event that nobody asked for',
    'events_api',
    { event: { type: 'message', text: 'a-secret-word', channel: 'C1' } },
  ],
  ['an event that Maro does not handle', 'events_api', { type: 'event_callback', event: { type: 'team_join' } }],
  ['an event without an inner event', 'events_api', { type: 'event_callback', team_id: 'T0ACME' }],
  ['a limit of events', 'events_api', RATE_LIMITED],
  ['a command without a name', 'slash_commands', { command: '', text: 'a-secret-word' }],
  ['a dialog', 'interactive', { ...action, type: 'dialog_submission', callback_id: 'd' }],
  ['an interaction of a type to come', 'interactive', { ...action, type: 'a-secret-word' }],
  ['a shortcut without an id', 'interactive', { ...action, type: 'shortcut' }],
  ['a menu without an id', 'interactive', { ...action, type: 'block_suggestion' }],
  ['nothing interactive', 'interactive', {}],
  ['an action of nobody', 'interactive', { type: 'block_actions', actions: [] }],
  ['no actions', 'interactive', { ...action, actions: [] }],
  ['an action without an id', 'interactive', { ...action, actions: [{ type: 'button' }] }],
  ['a view that is null', 'interactive', { ...action, type: 'view_submission', view: null }],
];

describe('requests over HTTP', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world({ transport: 'http' });
    maro = await startMaro(w);
  });

  const works = async (text: string) => {
    const [message] = (await w.slack.command(`/maro ${text}`)).messages;
    return words(message);
  };
  /** Nobody has read from Jira or changed what is tracked. */
  const nothingDone = async () => {
    assert.equal(w.jira.count('bulkfetch'), 0);
    assert.deepEqual(await rows(w.databaseUrl, 'select from tracked_issues'), []);
  };

  const forged: [what: string, request: Parameters<World['slack']['raw']>[0]][] = [
    ['is older than five minutes', { body: command, timestamp: seconds(-301) }],
    ['comes from more than five minutes ahead', { body: command, timestamp: seconds(+330) }],
    ['comes from the end of time', { body: command, timestamp: 'Infinity' }],
    ['has words for its time', { body: command, timestamp: 'now' }],
    ['has no time', { body: command, timestamp: '' }],
    ['is signed with another secret', { body: command, secret: 'another secret' }],
    ['is signed with nothing', { body: command, secret: '' }],
    ['has an empty signature', { body: command, headers: { 'x-slack-signature': '' } }],
    ['has no hash in its signature', { body: command, headers: { 'x-slack-signature': 'v0=' } }],
    ['has a made-up signature', { body: command, headers: { 'x-slack-signature': `v0=${'0'.repeat(64)}` } }],
  ];
  for (const [what, request] of forged) {
    test(`one that ${what} is refused`, async () => {
      const { status } = await w.slack.raw({ ...request, headers: { ...FORM, ...request.headers } });
      assert.equal(status, 401);
      await nothingDone();
    });
  }

  test('one whose signature is of another version is refused, although it is right', async () => {
    const signature = sign(w.slack.signingSecret, seconds(), command).replace('v0=', 'v1=');
    const { status } = await w.slack.raw({ body: command, headers: { ...FORM, 'x-slack-signature': signature } });
    assert.equal(status, 401);
    await nothingDone();
  });

  test('one that was changed by a byte on its way is refused', async () => {
    const signature = sign(w.slack.signingSecret, seconds(), command);
    const body = command.replace('PLAT-1', 'PLAT-2');
    const { status } = await w.slack.raw({ body, headers: { ...FORM, 'x-slack-signature': signature } });
    assert.equal(status, 401);
    await nothingDone();
  });

  test('one without the headers of a signature is refused', async () => {
    const url = `http://127.0.0.1:${maro.port}/slack/events`;
    const { status } = await fetch(url, { method: 'POST', headers: FORM, body: command });
    assert.equal(status, 401);
    await nothingDone();
  });

  test('one of 20 MB is refused before it is read, signed or not', async () => {
    const body = Buffer.alloc(20 * 1024 * 1024, 'a-secret-word ');
    // Maro hangs up after its answer, which is lost when the rest of the body was being written just then.
    const statusOf = async (secret: string): Promise<number> => {
      try {
        return (await w.slack.raw({ body, secret, headers: FORM })).status;
      } catch (error) {
        if (!['EPIPE', 'ECONNRESET'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
        return statusOf(secret);
      }
    };
    for (const secret of [w.slack.signingSecret, 'another secret']) assert.equal(await statusOf(secret), 413);
  });

  test('what is signed and no JSON is refused, and not quoted in the log', async () => {
    assert.equal((await w.slack.raw({ body: 'a-secret-word' })).status, 400);
    assert.equal((await w.slack.raw({ body: form({ payload: '{ a-secret-word' }), headers: FORM })).status, 400);
    await nothingDone();
  });

  test('what is signed and no object is refused, and Maro goes on', async () => {
    const values = ['null', ' null\n', '7', 'true', '"a-secret-word"', ''];
    for (const value of values) {
      assert.equal((await w.slack.raw({ body: value })).status, 400, `${value} as JSON`);
      const body = form({ payload: value });
      assert.equal((await w.slack.raw({ body, headers: FORM })).status, 400, `${value} in a form`);
      const secret = 'another secret';
      assert.equal(
        (await w.slack.raw({ body, secret, headers: FORM })).status,
        401,
        `${value}, signed by somebody else`,
      );
    }
    assert.equal((await w.slack.raw({ body: '%70ayload=null&command=/maro', headers: FORM })).status, 400);
    assert.match(await works('tracked'), /No issues tracked/);
    await nothingDone();
  });

  test('what is no UTF-8 is refused, and Maro goes on', async () => {
    const body = Buffer.from([0xff, 0xfe, 0x6e, 0x75, 0x6c, 0x6c]);
    // Bolt signs what it reads, with U+FFFD for what it cannot, and Slack what it sends.
    const timestamp = String(seconds());
    const signature = sign(w.slack.signingSecret, timestamp, body.toString());
    const asRead = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
    assert.equal((await w.slack.raw({ body })).status, 401);
    assert.equal((await w.slack.raw({ body, headers: asRead })).status, 400);
    assert.equal((await w.slack.raw({ body: 'payload=%ff', headers: FORM })).status, 400);
    assert.match(await works('tracked'), /No issues tracked/);
    await nothingDone();
  });

  test('one whose sender hangs up in the middle of it leaves Maro at work', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const sent = request(`http://127.0.0.1:${maro.port}/slack/events`, {
      method: 'POST',
      headers: { ...FORM, 'content-length': '1000' },
    });
    sent.on('error', () => {}).on('close', resolve);
    sent.write('payload=null', () => sent.destroy());
    await closed;
    assert.match(await works('tracked'), /No issues tracked/);
  });

  test("Slack's own checks are answered: of the certificate without a signature, of the address with one", async () => {
    const url = `http://127.0.0.1:${maro.port}/slack/events`;
    const smuggled = form({ ssl_check: '1', command: '/maro', text: TYPED, channel_id: 'C1', user_id: 'U0ADA' });
    const check = await fetch(url, { method: 'POST', headers: FORM, body: smuggled });
    assert.equal(check.status, 200);
    await nothingDone();
    const { status, body } = await w.slack.raw({ body: JSON.stringify({ type: 'url_verification', challenge: '7f' }) });
    assert.deepEqual([status, JSON.parse(body)], [200, { challenge: '7f' }]);
  });

  test('those with a clock that is wrong by less than five minutes are taken', async () => {
    for (const ahead of [-240, 0, 240]) {
      const { status, body } = await w.slack.raw({ body: command, timestamp: seconds(ahead), headers: FORM });
      assert.equal(status, 200);
      assert.match(words(JSON.parse(body)), /PLAT-1: (now tracked|tracked already)/);
    }
  });

  test('that make no sense are acknowledged at once, and the next command works', async () => {
    const statuses = await Promise.all(
      nonsense.map(async ([what, type, payload]) => {
        const body = JSON.stringify(payload);
        const interactive = type === 'interactive';
        const signed = interactive ? form({ payload: body }) : body;
        const response = await w.slack.raw({
          body: signed,
          headers: interactive ? FORM : { 'content-type': 'application/json' },
        });
        return [what, response.status] as const;
      }),
    );
    for (const [what, status] of statuses) assert.equal(status, 200, what);
    assert.ok(maro.log.some(({ type, minute }) => type === 'app_rate_limited' && minute === 1_518_467_820));
    assert.match(await works('track PLAT-2'), /PLAT-2: now tracked/);
  });

  test('to another address, or by another method, find nothing', async () => {
    for (const [method, path] of [
      ['GET', '/slack/events'],
      ['PUT', '/slack/events'],
      ['POST', '/'],
      ['POST', '//'],
      ['POST', '/slack/events/../events/x'],
      ['GET', '/.env'],
    ] as const) {
      assert.equal((await fetch(`http://127.0.0.1:${maro.port}${path}`, { method })).status, 404, `${method} ${path}`);
    }
  });

  test('leave no secret in the log, and nothing that was typed', () =>
    assertPrivate([maro], w, ['a-secret-word', 'U0ADA', 'PLAT-']));
});

describe('envelopes over a socket', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w);
  });

  const answerTo = async (text: string) => {
    const [message] = (await w.slack.command(`/maro ${text}`)).messages;
    return words(message);
  };

  for (const [what, type, payload] of [
    ...nonsense,
    ['null', 'events_api', null],
    ['null', 'slash_commands', null],
    ['null', 'interactive', null],
    ['a number', 'events_api', 7],
    ['a number', 'interactive', 7],
    ['a text', 'slash_commands', 'a-secret-word'],
    ['a list', 'interactive', [null]],
  ] as const) {
    test(`${what} (${type}): it is acknowledged, and the next command works`, async () => {
      assert.equal((await w.slack.deliver(type, payload as never)).ok, true);
      assert.match(await answerTo('track PLAT-1'), /PLAT-1: (now tracked|tracked already)/);
    });
  }

  test('an envelope of a type to come is acknowledged, and not taken for an event of the SDK', async () => {
    for (const type of ['close', 'connected', 'error', 'ws_message', 'a_type_to_come']) {
      assert.equal((await w.slack.deliver(type as never, { text: 'a-secret-word' })).ok, true, type);
    }
    assert.equal(w.slack.connections(), 1);
    assert.match(await answerTo('tracked'), /1 tracked issue/);
  });

  test('messages that are no envelopes are passed over, and the log says so once for each', async () => {
    const frames = ['{ a-secret-word', 'null', '7', '[]', '{}', '{"type":"close"}', Buffer.from('{"type":"hello"}')];
    const passedOver = () =>
      maro.log.filter(({ msg }) => msg === 'a message of Socket Mode that cannot be read').length;
    for (const frame of frames) w.slack.frame(frame);
    await until(() => passedOver() === frames.length, 'all of them are in the log');
    assert.match(await answerTo('tracked'), /1 tracked issue/);
  });

  test('a command without its fields is answered with the help', async () => {
    const ack = await w.slack.deliver('slash_commands', { command: '/maro' });
    assert.match(JSON.stringify(ack), /Maro tracks the Jira issues/);
  });

  test('a command without its channel is answered in words', async () => {
    const ack = await w.slack.deliver('slash_commands', { command: '/maro', text: 'track PLAT-1', user_id: 'U0ADA' });
    assert.match(JSON.stringify(ack), /Something went wrong in Maro, so this may or may not have been done/);
  });

  test('a command under a name that is not /maro is answered by that name', async () => {
    const ack = await w.slack.deliver('slash_commands', { command: '/issues', text: 'help', channel_id: 'C1' });
    assert.match(JSON.stringify(ack), /`\/issues track PLAT-1 PLAT-2`/);
  });

  test('a flood of strangers changes nothing', async () => {
    const stranger = { ...action, actions: [{ type: 'button', action_id: 'a-secret-word', block_id: 'b' }] };
    const acks = await Promise.all(Array.from({ length: 100 }, () => w.slack.deliver('interactive', stranger)));
    assert.ok(acks.every(({ ok }) => ok));
    assert.match(await answerTo('tracked'), /tracked issue|open issue/);
  });

  test('leave no secret in the log, nothing that was typed, and no defect', async () => {
    const events = maro.log
      .filter(({ msg }) => msg === 'a delivery that Maro does not handle')
      .map(({ event }) => event);
    assert.ok(events.includes('team_join'), 'the log says what came');
    assertPrivate([maro], w, ['a-secret-word', 'U0ADA', 'PLAT-']);
    const defects = maro.log.filter(({ msg }) => msg === 'a defect in Maro');
    assert.deepEqual(
      defects.map(({ what }) => what),
      ['track'],
      'but for the command without its channel',
    );
    assert.deepEqual(w.slack.refusals, []);
  });
});
