import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSlack } from '../../../sandbox/slack/index.ts';
import { manifest, startExample } from './example.ts';

async function call(apiUrl: string, method: string, token: string | undefined, body: string, type: string) {
  const headers = { 'content-type': type, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(`${apiUrl}${method}`, { method: 'POST', headers, body });
  assert.equal(response.status, 200);
  return (await response.json()) as Record<string, unknown> & { error?: string };
}
const form = 'application/x-www-form-urlencoded';
test('the Web API takes forms and JSON and names what is wrong with a call', async (t) => {
  const slack = await startSlack({ manifest });
  t.after(slack.stop);
  const ask = async (method: string, token?: string, body = '', type = form) =>
    (await call(slack.apiUrl, method, token, body, type)).error;
  const { botToken, appToken } = slack;
  assert.equal(await ask('auth.test', botToken), undefined);
  assert.equal(await ask('auth.test', undefined, `token=${botToken}`), undefined);
  assert.equal(await ask('auth.test'), 'not_authed');
  assert.equal(await ask('auth.test', 'xoxb-wrong'), 'invalid_auth');
  assert.equal(await ask('apps.connections.open', botToken), 'not_allowed_token_type');
  assert.equal(await ask('chat.postMessage', appToken, 'channel=C1&text=x'), 'not_allowed_token_type');
  assert.equal(await ask('chat.scheduleMessage', botToken), 'unknown_method');
  assert.equal(await ask('constructor', botToken), 'unknown_method');
  assert.equal(await ask('chat.postMessage', botToken, 'channel=C1&blocks=nonsense'), 'invalid_blocks_format');
  assert.equal(await ask('views.open', botToken, 'view={'), 'invalid_arguments');
  assert.equal(await ask('chat.postMessage', botToken, '{"channel":"C1"', 'application/json'), 'invalid_json');
  assert.equal(await ask('chat.postMessage', botToken, '{"channel":"C1","text":"x"}', 'application/json'), undefined);
  assert.equal(await ask('chat.postMessage', botToken, 'x', 'text/plain'), 'invalid_post_type');
  assert.equal(slack.calls('chat.postMessage').length, 5);
  assert.equal(JSON.stringify(slack.log).includes(botToken), false, 'the log keeps no tokens');
});

test('an answer to the bot names the scopes of its token', async (t) => {
  const slack = await startSlack({ manifest });
  t.after(slack.stop);
  const told = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': form };
    return (await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers })).headers.get('x-oauth-scopes');
  };
  assert.equal(await told(slack.botToken), manifest.oauth_config?.scopes?.bot?.join(','));
  assert.equal(await told('xoxb-wrong'), null);
});

test('messages go where the app was invited, with the scope it asked for', async (t) => {
  const slack = await startSlack({
    manifest,
    channels: [
      { id: 'C1', name: 'in', type: 'public', app_is_member: true },
      { id: 'C2', name: 'out', type: 'public', app_is_member: false },
      { id: 'C3', name: 'secret', type: 'private', app_is_member: false },
    ],
  });
  t.after(slack.stop);
  const ask = (method: string, args: Record<string, string>) =>
    call(slack.apiUrl, method, slack.botToken, new URLSearchParams(args).toString(), form);
  const posted = await ask('chat.postMessage', { channel: 'C1', text: 'one' });
  assert.equal((await ask('chat.update', { channel: 'C1', ts: String(posted.ts), text: 'two' })).ok, true);
  assert.equal(slack.messages('C1', 'U1')[0]?.text, 'two');
  assert.equal((await ask('chat.postEphemeral', { channel: 'C1', user: 'U0BEN', text: 'psst' })).ok, true);
  assert.deepEqual([slack.messages('C1', 'U2').length, slack.messages('C1', 'U1').length], [2, 1]);
  const human = slack.post('mine');
  const wrong: [string, Record<string, string>, string][] = [
    ['chat.postMessage', { channel: 'C2', text: 'x' }, 'not_in_channel'],
    ['chat.postMessage', { channel: 'C3', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: 'C1' }, 'no_text'],
    ['chat.postMessage', { channel: 'C1', text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['chat.postMessage', { channel: 'C1', blocks: '[{"type":"nope"}]' }, 'invalid_blocks'],
    ['chat.postEphemeral', { channel: 'C1', user: 'U0NOA', text: 'x' }, 'user_not_in_channel'],
    ['chat.update', { channel: 'C1', ts: '1.0', text: 'x' }, 'message_not_found'],
    ['chat.update', { channel: 'C1', ts: human.ts, text: 'x' }, 'cant_update_message'],
  ];
  for (const [method, args, error] of wrong) assert.equal((await ask(method, args)).error, error);
  assert.equal(slack.refusals.length, wrong.length);
  const scopeless = await startSlack({ manifest: { ...manifest, oauth_config: { scopes: { bot: ['commands'] } } } });
  t.after(scopeless.stop);
  const answer = await call(scopeless.apiUrl, 'chat.postMessage', scopeless.botToken, 'channel=C1&text=x', form);
  assert.equal(answer.error, 'missing_scope');
});

test('a channel shows its newest messages first, page by page, and metadata to those who ask for them', async (t) => {
  const scopes = { bot: ['chat:write', 'channels:history'] };
  const slack = await startSlack({ manifest: { ...manifest, oauth_config: { scopes } } });
  t.after(slack.stop);
  type Page = { error?: string; messages: { text: string; ts: string; metadata?: object }[] };
  const ask = async (method: string, args: Record<string, string>) =>
    (await call(slack.apiUrl, method, slack.botToken, new URLSearchParams(args).toString(), form)) as Page & {
      response_metadata: { next_cursor: string };
    };
  const metadata = { event_type: 'example', event_payload: { id: '1' } };
  const attached = { metadata: JSON.stringify(metadata) };
  for (const text of ['one', 'two', 'three']) await ask('chat.postMessage', { channel: 'C1', text, ...attached });
  const { messages, response_metadata } = await ask('conversations.history', { channel: 'C1', limit: '2' });
  const texts = (page: Page) => page.messages.map(({ text }) => text);
  assert.deepEqual(
    messages.map(({ text, metadata }) => [text, metadata]),
    [
      ['three', undefined],
      ['two', undefined],
    ],
  );
  const next = { channel: 'C1', cursor: response_metadata.next_cursor, include_all_metadata: 'true' };
  assert.deepEqual((await ask('conversations.history', next)).messages[0]?.metadata, metadata);
  const newer = await ask('conversations.history', { channel: 'C1', oldest: messages[1]?.ts ?? '' });
  assert.deepEqual(texts(newer), ['three']);
  const wrong: [string, Record<string, string>, string][] = [
    ['conversations.history', { channel: 'C1', oldest: 'yesterday' }, 'invalid_ts_oldest'],
    ['conversations.history', { channel: 'C3' }, 'missing_scope'],
    ['chat.postMessage', { channel: 'C1', text: 'x', metadata: '{"event_type":"example"}' }, 'invalid_metadata_format'],
  ];
  for (const [method, args, error] of wrong) assert.equal((await ask(method, args)).error, error);
});

test('an organisation-wide installation names the enterprise, and payloads name no team', async (t) => {
  const { slack, app } = await startExample(
    t,
    (app) => {
      app.command('/hello', ({ ack }) => ack());
      app.shortcut('note', ({ ack }) => ack());
    },
    { isEnterpriseInstall: true },
  );
  const { team_id, enterprise_id, is_enterprise_install } = await app.client.auth.test();
  assert.deepEqual([team_id, enterprise_id, is_enterprise_install], ['E0ACME', 'E0ACME', true]);
  await slack.command('/hello');
  const { args } = slack.log.find((entry) => entry.kind === 'delivery') as { args: Record<string, unknown> };
  assert.deepEqual([args.is_enterprise_install, args.team_id, args.enterprise_id], ['true', 'T0ACME', 'E0ACME']);
  const message = slack.post('x');
  await slack.shortcut('note', message);
  const interactive = slack.log.findLast((entry) => entry.kind === 'delivery') as { args: Record<string, unknown> };
  assert.deepEqual([interactive.args.team, interactive.args.is_enterprise_install], [null, true]);
  const { authorizations } = slack.step('greet', { name: 'x' }).event as { authorizations: { team_id: unknown }[] };
  assert.equal(authorizations[0]?.team_id, null);
});

test('the Messages tab lets the app write to people, and people type to the app', async (t) => {
  const page = 'https://docs.slack.dev/reference/methods/chat.';
  const withHome = (app_home: object) =>
    startExample(t, (app) => app.command('/hello', ({ ack }) => ack('Hello.')), {
      manifest: { ...manifest, features: { ...manifest.features, app_home } },
    });
  for (const app_home of [{}, { messages_tab_enabled: false }]) {
    const { slack, app } = await withHome(app_home);
    for (const channel of ['U0ADA', 'U0BEN', 'D1']) {
      await assert.rejects(app.client.chat.postMessage({ channel, text: 'x' }), /messages_tab_disabled/);
    }
    const quietly = { channel: 'D1', user: 'U0ADA', text: 'x' };
    await assert.rejects(app.client.chat.postEphemeral(quietly), /messages_tab_disabled/);
    await app.client.chat.postMessage({ channel: 'C1', text: 'x' });
    assert.deepEqual(
      slack.refusals.map(({ document }) => document),
      [...Array(3).fill(`${page}postMessage`), `${page}postEphemeral`],
    );
    await assert.rejects(slack.command('/hello', { channel: 'D1' }), { error: 'messages_to_app_turned_off' });
  }
  const readOnly = await withHome({ messages_tab_enabled: true, messages_tab_read_only_enabled: true });
  await readOnly.app.client.chat.postMessage({ channel: 'U0ADA', text: 'x' });
  await assert.rejects(readOnly.slack.command('/hello', { channel: 'D1' }), { error: 'messages_to_app_turned_off' });
  assert.throws(() => readOnly.slack.post('x', { channel: 'D1' }), { error: 'messages_to_app_turned_off' });
  const open = await withHome({ messages_tab_enabled: true });
  assert.equal((await open.slack.command('/hello', { channel: 'D1' })).messages[0]?.text, 'Hello.');
});

test('people of another company act in a shared channel under their own team', async (t) => {
  const { slack } = await startExample(t, (app) => app.command('/hello', ({ ack, command }) => ack(command.team_id)));
  const seen = await slack.command('/hello', { user: 'noa', channel: 'C4' });
  assert.equal(seen.messages[0]?.text, 'T0NORTH');
  assert.deepEqual(slack.messages('C1', 'noa'), []);
});

test('rate limits, errors and a Web API that is down strike the calls they were meant for', async (t) => {
  const { slack, app } = await startExample(t);
  const post = (channel = 'C1') => app.client.chat.postMessage({ channel, text: 'x' });
  slack.trouble.rateLimit('chat.postMessage', { times: 2, retryAfter: 7, channel: 'C1' });
  await assert.rejects(post(), { retryAfter: 7 });
  await post('C2');
  await assert.rejects(post(), { retryAfter: 7 });
  await post();
  slack.trouble.fail('chat.postMessage', 'token_revoked');
  await assert.rejects(post(), /token_revoked/);
  slack.trouble.down(true);
  await assert.rejects(post(), { statusCode: 500 });
  slack.trouble.down(true, 'reset');
  await assert.rejects(post(), { code: 'slack_webapi_request_error' });
  slack.trouble.down(false);
  await post();
});

test('the calls of a minute are counted by method and tier, and messages by channel and second', async (t) => {
  const { slack, app } = await startExample(t);
  const { client } = app;
  slack.trouble.tiers(true);
  const update = () => client.views.update({ view_id: 'V1', view: { type: 'home', blocks: [] } });
  for (let call = 1; call <= 100; call++) await assert.rejects(update(), /not_found/);
  const waits = async (least: number, most: number) =>
    assert.rejects(update(), ({ retryAfter }: { retryAfter: number }) => retryAfter > least && retryAfter <= most);
  await waits(30, 60);
  await assert.rejects(
    client.views.open({ trigger_id: 'x', view: { type: 'home', blocks: [] } }),
    /invalid_trigger_id/,
  );
  slack.clock.advance(30_000);
  await waits(0, 30);
  slack.clock.advance(30_000);
  await assert.rejects(update(), /not_found/);

  const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
  await post('C1');
  await assert.rejects(post('C1'), { retryAfter: 1 });
  await post('C2');
  slack.clock.advance(1_000);
  await post('C1');
  slack.trouble.tiers(false);
  await post('C1');
});

test('a token that is revoked is refused until it is given back, and a rate limit lasts until it is lifted', async (t) => {
  const { slack, app } = await startExample(t);
  const post = (channel: string) => app.client.chat.postMessage({ channel, text: 'x' });
  slack.trouble.revoke(true);
  await assert.rejects(post('C1'), /token_revoked/);
  await assert.rejects(app.client.auth.test(), /token_revoked/);
  slack.trouble.revoke(false);
  await post('C1');
  slack.trouble.rateLimit('chat.postMessage', { times: 100, channel: 'C1' });
  await assert.rejects(post('C1'), { retryAfter: 1 });
  slack.trouble.lift('chat.postMessage', 'C1');
  await post('C1');
});

test('a message is pinned in the name of a person, and whoever watches hears of pins and deletions', async (t) => {
  const { slack } = await startExample(t);
  const heard: string[] = [];
  t.after(slack.watch(({ message }) => heard.push(`${message?.text} ${message?.pinned_by}`)));
  const message = slack.post('Here.', { user: 'ben' });
  slack.pin(message, true, { user: 'cyd' });
  assert.equal(message.pinned_by, 'U0CYD');
  slack.pin(message, false);
  assert.deepEqual(heard, ['Here. undefined', 'Here. U0CYD', 'Here. undefined']);
  assert.throws(() => slack.pin(message, true, { user: 'noa' }), { error: 'channel_not_found' });
  assert.deepEqual(slack.everything(), [message]);
});

test('pins, bookmarks, and deletions are refused as Slack refuses them', async (t) => {
  const bot = ['chat:write', 'pins:write', 'bookmarks:write'];
  const slack = await startSlack({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
  t.after(slack.stop);
  const ask = async (method: string, args: Record<string, string>) => {
    const answer = await call(slack.apiUrl, method, slack.botToken, new URLSearchParams(args).toString(), form);
    return answer.ok ? 'ok' : String(answer.error);
  };
  const { ts } = await call(slack.apiUrl, 'chat.postMessage', slack.botToken, 'channel=C1&text=one', form);
  const pin = { channel: 'C1', timestamp: String(ts) };
  const bookmark = { channel_id: 'C1', title: 'Issues', type: 'link', link: 'https://acme.example' };
  const asked: [method: string, args: Record<string, string>, answer: string][] = [
    ['pins.add', { channel: 'C1' }, 'no_item_specified'],
    ['pins.add', { ...pin, timestamp: 'now' }, 'bad_timestamp'],
    ['pins.add', { ...pin, timestamp: '1.000009' }, 'message_not_found'],
    ['pins.add', { ...pin, channel: 'C3' }, 'channel_not_found'],
    ['pins.add', pin, 'ok'],
    ['pins.add', pin, 'already_pinned'],
    ['bookmarks.add', { ...bookmark, type: 'file' }, 'invalid_bookmark_type'],
    ['bookmarks.add', { ...bookmark, link: 'nowhere' }, 'invalid_link'],
    ['bookmarks.add', { ...bookmark, channel_id: 'C3' }, 'channel_not_found'],
    ['bookmarks.add', bookmark, 'ok'],
    ['bookmarks.edit', { channel_id: 'C1', bookmark_id: 'Bk0', title: 'Other' }, 'not_found'],
    ['bookmarks.remove', { channel_id: 'C1', bookmark_id: 'Bk0' }, 'not_found'],
    ['chat.delete', { channel: 'C1', ts: slack.post('mine', { channel: 'C1' }).ts }, 'cant_delete_message'],
    ['chat.delete', { channel: 'C1', ts: String(ts) }, 'ok'],
    ['chat.delete', { channel: 'C1', ts: String(ts) }, 'message_not_found'],
  ];
  for (const [method, args, answer] of asked) assert.equal(await ask(method, args), answer, `${method} ${answer}`);
  for (let n = 1; n < 100; n++) await ask('bookmarks.add', bookmark);
  assert.equal(await ask('bookmarks.add', bookmark), 'too_many_bookmarks');
});

test('reactions are refused as Slack refuses them, and stand on the message', async (t) => {
  const bot = ['chat:write', 'channels:history', 'reactions:write'];
  const slack = await startSlack({
    manifest: { ...manifest, oauth_config: { scopes: { bot } } },
    channels: [
      { id: 'C1', name: 'in', type: 'public', app_is_member: true },
      { id: 'C2', name: 'out', type: 'public', app_is_member: false },
      { id: 'C3', name: 'secret', type: 'private', app_is_member: false },
    ],
  });
  t.after(slack.stop);
  const ask = (method: string, args: Record<string, string>) =>
    call(slack.apiUrl, method, slack.botToken, new URLSearchParams(args).toString(), form);
  const { ts } = slack.post('Look at PLAT-1', { channel: 'C1' });
  const reaction = { channel: 'C1', timestamp: ts, name: 'white_check_mark' };
  for (const [args, answer] of [
    [{ ...reaction, channel: 'C3' }, 'channel_not_found'],
    [{ ...reaction, channel: 'C2' }, 'no_access'],
    [{ ...reaction, timestamp: '1.000009' }, 'message_not_found'],
    [{ ...reaction, name: 'no_such_emoji' }, 'invalid_name'],
    [reaction, undefined],
    [reaction, 'already_reacted'],
  ] as const) {
    assert.equal((await ask('reactions.add', args)).error, answer, answer);
  }
  const { messages } = (await ask('conversations.history', { channel: 'C1' })) as never as { messages: object[] };
  const users = ['U0MAROBOT'];
  assert.deepEqual((messages[0] as { reactions?: object }).reactions, [{ name: 'white_check_mark', users, count: 1 }]);
  for (const [args, answer] of [
    [{ ...reaction, channel: 'C3' }, 'channel_not_found'],
    [{ ...reaction, channel: 'C2' }, 'no_access'],
    [{ ...reaction, timestamp: '1.000009' }, 'message_not_found'],
    [{ ...reaction, name: 'no_such_emoji' }, 'invalid_name'],
    [reaction, undefined],
    [reaction, 'no_reaction'],
  ] as const) {
    assert.equal((await ask('reactions.remove', args)).error, answer, answer);
  }
  assert.equal(slack.messages('C1', 'ben').at(-1)?.reactions, undefined);
});
