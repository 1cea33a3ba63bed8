import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSlack } from '../../../sandbox/slack/index.ts';
import { manifest, startExample } from './example.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const button = (text: string, action_id: string, value = '') => ({
  type: 'button' as const,
  text: plain(text),
  action_id,
  value,
});
const row = (key: string) => ({ ...section(key), block_id: key, accessory: button('Remove', 'remove', key) });
const modal = (title: string, blocks: never[] | object[] = [section(title)]) => ({
  type: 'modal' as const,
  callback_id: 'form',
  title: plain(title),
  submit: plain('Save'),
  notify_on_close: true,
  blocks: blocks as never,
});

for (const transport of ['socket', 'http'] as const) {
  test(`over ${transport}, a command's acknowledgement is what the person sees first, then its response_url`, async (t) => {
    const { slack } = await startExample(
      t,
      (app) =>
        app.command('/hello', async ({ ack, command, respond }) => {
          await ack({ text: `to ${command.user_name} in ${command.channel_name}`, blocks: [section('hello')] });
          await respond({ text: 'for all', response_type: 'in_channel' });
        }),
      { transport },
    );
    const seen = await slack.command('/hello  A-1,\nA-2', { user: 'ben', channel: '#platform' });
    assert.equal(seen.messages[0]?.text, 'to ben in platform');
    assert.equal(seen.messages[0]?.blocks[0]?.type, 'section');
    const next = await seen.next();
    assert.equal(next.text, 'for all');
    const [delivery] = slack.log.filter((entry) => entry.kind === 'delivery');
    assert.equal(delivery?.args.text, 'A-1,\nA-2');
    assert.deepEqual(slack.messages('C2', 'U3'), [next], 'an ephemeral answer is for one person');
    assert.equal(slack.messages('C2', 'U2').length, 2);
    assert.deepEqual(slack.refusals, []);
  });

  test(`over ${transport}, an acknowledgement may be a bare text or nothing`, async (t) => {
    const { slack } = await startExample(
      t,
      (app) => app.command('/hello', async ({ ack, command }) => ack(command.text || undefined)),
      { transport },
    );
    assert.equal((await slack.command('/hello you')).messages[0]?.text, 'you');
    assert.deepEqual((await slack.command('/hello')).messages, []);
  });
}

test('a command that nobody declared, or in a thread, or where the person is not, reaches nobody', async (t) => {
  const { slack } = await startExample(t);
  await assert.rejects(slack.command('/nope'), { name: 'Refusal', error: 'invalid_command' });
  await assert.rejects(slack.command('/hello', { thread_ts: '1.2' }), { error: 'not_in_threads' });
  await assert.rejects(slack.command('/hello', { user: 'noa', channel: 'C1' }), { error: 'channel_not_found' });
  assert.equal(
    slack.log.some((entry) => entry.kind === 'delivery'),
    false,
  );
});

test('a command whose app is slow or away fails before the person', async (t) => {
  const { slack, app } = await startExample(t, (app) => app.command('/hello', async () => {}));
  const slow = slack.command('/hello');
  await new Promise((resolve) => setTimeout(resolve, 20));
  slack.clock.advance(3000);
  await assert.rejects(slow, {
    error: 'operation_timeout',
    document: 'https://docs.slack.dev/interactivity/implementing-slash-commands',
  });
  await app.stop();
  await assert.rejects(slack.command('/hello'), { error: 'dispatch_failed' });
  assert.equal(slack.refusals.length, 2);
});

test('an acknowledgement that Slack would not show is a refusal of the act', async (t) => {
  const { slack } = await startExample(t, (app) =>
    app.command('/hello', async ({ ack }) => ack({ blocks: [{ type: 'section', text: plain('') }] })),
  );
  await assert.rejects(slack.command('/hello'), {
    error: 'invalid_blocks',
    why: /more than 0 characters .*json-pointer:\/blocks\/0\/text\/text/,
    document: 'https://docs.slack.dev/reference/block-kit/composition-objects/text-object',
  });
});

test('with should_escape, people, channels and links come as Slack writes them', async (t) => {
  const { slack } = await startExample(t, (app) => app.command('/escaped', ({ ack, command }) => ack(command.text)));
  const seen = await slack.command('/escaped @ben #platform https://x.test/A-1?a=1&b=2 @nobody R&D <!here>');
  const text = '<@U0BEN|ben> <#C2|platform> <https://x.test/A-1?a=1&amp;b=2> @nobody R&amp;D &lt;!here&gt;';
  assert.equal(seen.messages[0]?.text, text);
});

test('a response_url is good five times within thirty minutes', async (t) => {
  const urls: string[] = [];
  const { slack } = await startExample(t, (app) =>
    app.command('/hello', async ({ ack, command }) => {
      urls.push(command.response_url);
      await ack();
    }),
  );
  const seen = await slack.command('/hello', { channel: 'C3' });
  const send = (url = '', body: object = { text: 'x' }) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
  assert.equal((await send(urls[0], { blocks: [{ type: 'nope' }] })).status, 400);
  await assert.rejects(seen.next(), { error: 'invalid_blocks' });
  for (let use = 0; use < 5; use++) assert.equal((await send(urls[0])).status, 200);
  const sixth = await send(urls[0]);
  assert.equal(sixth.status, 404);
  assert.equal(((await sixth.json()) as { error: string }).error, 'used_url');
  assert.equal(slack.messages('C3', 'U1').length, 5, 'it works where the app is no member');

  await slack.command('/hello');
  slack.clock.advance(30 * 60_000 + 1);
  assert.equal(((await (await send(urls[1])).json()) as { error: string }).error, 'expired_url');
});

test('pressing a button redraws or removes its message by response_url; a command has nothing to replace', async (t) => {
  const { slack } = await startExample(t, (app) => {
    app.command('/hello', async ({ ack, respond }) => {
      await ack({ blocks: [row('A-1'), row('A-2'), { type: 'actions', elements: [button('Close', 'shut')] }] });
      await respond({ text: 'not replaced', replace_original: true });
    });
    app.action('remove', async ({ ack, respond, action, body }) => {
      await ack();
      assert.equal('message' in body && body.message, false, 'an ephemeral message is not sent along');
      await respond({
        text: `without ${'value' in action && action.value}`,
        blocks: [row('A-1')],
        replace_original: true,
      });
    });
    app.action('shut', async ({ ack, respond }) => {
      await ack();
      await respond({ delete_original: true });
    });
  });
  const seen = await slack.command('/hello');
  const [list] = seen.messages;
  assert.ok(list);
  assert.equal((await seen.next()).text, 'not replaced');
  assert.equal(slack.messages('C1', 'U1').length, 2);
  await assert.rejects(slack.press(list, 'Remove'), { error: 'no_such_element', why: /There are 2 of/ });
  await assert.rejects(slack.press(list, 'Add'), { error: 'no_such_element' });
  await assert.rejects(slack.press(list, 'Remove', { user: 'U2' }), { error: 'message_not_found' });
  const pressed = await slack.press(list, 'Remove', { value: 'A-2' });
  assert.equal(await pressed.next(), list);
  assert.equal(list.text, 'without A-2');
  assert.equal(list.edited, true);
  await assert.rejects(slack.press(list, 'Close'), { error: 'no_such_element' });
});

test('menus send the option that was chosen, and remember it', async (t) => {
  const bodies: Record<string, unknown>[] = [];
  const options = ['Mine', 'All'].map((label) => ({ text: plain(label), value: label.toLowerCase() }));
  const { slack, app } = await startExample(t, (app) =>
    app.action(/./, async ({ ack, body }) => {
      bodies.push(body as never);
      await ack();
    }),
  );
  const elements = [
    { type: 'static_select' as const, action_id: 'which', options },
    { type: 'overflow' as const, action_id: 'more', options: [{ text: plain('Hide'), value: 'hide' }] },
    { type: 'users_select' as const, action_id: 'who', initial_user: 'U0ADA' },
  ];
  await app.client.chat.postMessage({
    channel: 'C1',
    text: 'menus',
    blocks: [{ type: 'actions', block_id: 'b', elements }],
  });
  const message = slack.messages('C1', 'U1')[0];
  assert.ok(message);
  await slack.press(message, 'which', { value: 'all' });
  await slack.press(message, 'Hide', { user: 'U2' });
  await assert.rejects(slack.press(message, 'which', { value: 'none' }), { error: 'no_such_option' });
  const [which, hide] = bodies as {
    actions: { selected_option: { value: string } }[];
    state: { values: Record<string, object> };
  }[];
  assert.deepEqual(which?.actions[0]?.selected_option, options[1]);
  assert.equal(hide?.actions[0]?.selected_option.value, 'hide');
  assert.deepEqual(hide?.state.values, {
    b: {
      which: { type: 'static_select', selected_option: options[1] },
      who: { type: 'users_select', selected_user: 'U0ADA' },
    },
  });
});

test('a message shortcut carries the message; a global one does not; each must be declared', async (t) => {
  const { slack } = await startExample(t, (app) => {
    app.shortcut({ callback_id: 'note', type: 'message_action' }, async ({ ack, shortcut, respond }) => {
      await ack();
      await respond(`${shortcut.message.text} by ${shortcut.message.user} ${shortcut.channel.id}`);
    });
    app.shortcut({ callback_id: 'start', type: 'shortcut' }, async ({ ack, client, shortcut }) => {
      await ack();
      await client.views.open({ trigger_id: shortcut.trigger_id, view: modal('Started') });
    });
  });
  const message = slack.post('see https://x.test/A-1 & go', { user: 'U2' });
  const noted = await slack.shortcut('note', message, { user: 'U1' });
  assert.equal((await noted.next()).text, 'see <https://x.test/A-1> &amp; go by U0BEN C1');
  const started = await slack.shortcut('start');
  assert.equal((await started.nextView()).title.text, 'Started');
  await assert.rejects(slack.shortcut('start', message), { error: 'invalid_shortcut' });
  await assert.rejects(slack.shortcut('note'), { error: 'invalid_shortcut' });
  await assert.rejects(slack.shortcut('other', message), { error: 'invalid_shortcut' });
});

test('without interactivity or the scope commands in the manifest, nothing interactive happens', async (t) => {
  const bare = { ...manifest, settings: { ...manifest.settings, interactivity: { is_enabled: false } } };
  const slack = await startSlack({ manifest: bare });
  t.after(slack.stop);
  await assert.rejects(slack.shortcut('start'), { error: 'interactivity_not_enabled' });
  const scopeless = await startSlack({ manifest: { ...manifest, oauth_config: { scopes: { bot: [] } } } });
  t.after(scopeless.stop);
  await assert.rejects(scopeless.command('/hello'), { error: 'missing_scope' });
});
