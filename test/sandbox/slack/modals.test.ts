import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '@slack/bolt';
import { startExample } from './example.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const button = (text: string, action_id: string, value = '') => ({
  type: 'button' as const,
  text: plain(text),
  action_id,
  value,
});
const input = (block_id: string, element: object, optional = false) => ({
  type: 'input' as const,
  block_id,
  label: plain(block_id),
  element: element as never,
  optional,
});
const modal = (title: string, blocks: never[] | object[] = [section(title)]) => ({
  type: 'modal' as const,
  callback_id: 'form',
  title: plain(title),
  submit: plain('Save'),
  notify_on_close: true,
  blocks: blocks as never,
});

const withForm = (answer: (app: App) => void) => (app: App) => {
  app.shortcut('start', async ({ ack, client, shortcut }) => {
    await ack();
    const options = [{ text: plain('Bug'), value: 'bug' }];
    const view = modal('Form', [
      input('summary', { type: 'plain_text_input', action_id: 'text', max_length: 5 }),
      input('type', { type: 'static_select', action_id: 'pick', options }, true),
      input('found', { type: 'external_select', action_id: 'search' }, true),
      { type: 'actions', block_id: 'more', elements: [button('Add', 'add')] },
    ]);
    await client.views.open({ trigger_id: shortcut.trigger_id, view });
  });
  answer(app);
};

test('a form is checked by the client, then by the app, and closes when the app agrees', async (t) => {
  const submitted: Record<string, unknown>[] = [];
  const { slack } = await startExample(
    t,
    withForm((app) =>
      app.view('form', async ({ ack, view }) => {
        submitted.push(view.state.values);
        const { value } = (view.state.values.summary as Record<string, { value: string }>).text as { value: string };
        await (value === 'bad' ? ack({ response_action: 'errors', errors: { summary: 'Not that.' } }) : ack());
      }),
    ),
  );
  const view = await (await slack.shortcut('start')).nextView();
  await assert.rejects(slack.submit(view), { error: 'invalid_input', why: /summary: Please complete/ });
  await assert.rejects(slack.submit(view, { summary: 'too long' }), { error: 'invalid_input', why: /at most 5/ });
  await assert.rejects(slack.submit(view, { nothing: 'x' }), { error: 'no_such_element' });
  assert.equal(submitted.length, 0);
  const refused = await slack.submit(view, { summary: 'bad', type: 'Bug' });
  assert.deepEqual(refused.errors, { summary: 'Not that.' });
  assert.equal(slack.views('U1').length, 1);
  await slack.submit(view, { summary: 'good' });
  assert.deepEqual(slack.views('U1'), []);
  assert.deepEqual(submitted[1]?.type, {
    pick: { type: 'static_select', selected_option: { text: plain('Bug'), value: 'bug' } },
  });
  await assert.rejects(slack.submit(view), { error: 'not_found' });
});

test('a submit may update, push and clear; wrong answers to it are refused', async (t) => {
  const answers: object[] = [
    { response_action: 'update', view: modal('Updated') },
    { response_action: 'push', view: modal('Pushed') },
    { response_action: 'errors', errors: { nowhere: 'x' } },
    { response_action: 'push', view: { ...modal('x'.repeat(25)) } },
    { response_action: 'clear' },
  ];
  const { slack } = await startExample(
    t,
    withForm((app) => app.view('form', ({ ack }) => ack(answers.shift() as never))),
  );
  const view = await (await slack.shortcut('start')).nextView();
  const updated = await slack.submit(view, { summary: 'good' });
  assert.equal(updated.views[0], view);
  assert.equal(view.title.text, 'Updated');
  const pushed = await slack.submit(view);
  const [, top] = slack.views('U1');
  assert.deepEqual(pushed.views, [top]);
  assert.ok(top);
  await assert.rejects(slack.submit(view), { error: 'not_found' }, 'only the top view can be submitted');
  await assert.rejects(slack.submit(top), { error: 'invalid_arguments', why: /nowhere/ });
  await assert.rejects(slack.submit(top), { error: 'invalid_arguments', why: /less than 25.*\/view\/title\/text/ });
  await slack.submit(top);
  assert.deepEqual(slack.views('U1'), []);
});

test('a button in a view, suggestions while typing, and closing reach the app', async (t) => {
  const closed: unknown[] = [];
  const { slack } = await startExample(
    t,
    withForm((app) => {
      app.action('add', async ({ ack, client, body }) => {
        await ack();
        const { view } = body as unknown as { view: { id: string; hash: string } };
        const next = modal('Added', [input('summary', { type: 'plain_text_input', action_id: 'text' })]);
        await client.views.update({ view_id: view.id, hash: view.hash, view: next });
      });
      app.options('search', ({ ack, options }) => ack({ options: [{ text: plain(options.value), value: 'V' }] }));
      app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
        closed.push((body as { is_cleared?: boolean }).is_cleared);
        await ack();
      });
    }),
  );
  const view = await (await slack.shortcut('start')).nextView();
  assert.deepEqual(await slack.suggest(view, 'search', 'lo'), [{ text: plain('lo'), value: 'V' }]);
  await slack.press(view, 'Add');
  while (view.title.text !== 'Added') await new Promise((resolve) => setTimeout(resolve, 5));
  await slack.close(view);
  assert.deepEqual(closed, [false]);
  assert.deepEqual(slack.views('U1'), []);
});

test('a trigger_id is good once, for three seconds, and views stack three high', async (t) => {
  const triggers: string[] = [];
  const { slack, app } = await startExample(t, (app) =>
    app.shortcut('start', async ({ ack, shortcut }) => {
      triggers.push(shortcut.trigger_id);
      await ack();
    }),
  );
  const refused = async (promise: Promise<unknown>, error: string) =>
    assert.rejects(promise, (thrown: { data: { error: string } }) => thrown.data.error === error);
  const trigger = async () => {
    await slack.shortcut('start');
    return triggers.at(-1) as string;
  };
  const { views } = app.client;
  await refused(views.open({ trigger_id: 'x', view: modal('A') }), 'invalid_trigger_id');
  await refused(views.push({ trigger_id: await trigger(), view: modal('A') }), 'not_found');
  const used = await trigger();
  await refused(views.open({ trigger_id: used, view: modal('x'.repeat(25)) }), 'invalid_arguments');
  await views.open({ trigger_id: used, view: modal('A') });
  await refused(views.open({ trigger_id: used, view: modal('A') }), 'exchanged_trigger_id');
  await views.push({ trigger_id: await trigger(), view: modal('B') });
  const late = await trigger();
  slack.clock.advance(3001);
  await refused(views.push({ trigger_id: late, view: modal('C') }), 'expired_trigger_id');
  await views.push({ trigger_id: await trigger(), view: modal('C') });
  await refused(views.push({ trigger_id: await trigger(), view: modal('D') }), 'push_limit_reached');
  await refused(views.update({ view_id: 'V0', view: modal('D') }), 'not_found');
  const { id } = slack.views('U1')[2] as { id: string };
  await refused(views.update({ view_id: id, hash: 'old', view: modal('D') }), 'hash_conflict');
  await refused(app.client.apiCall('views.update', { view: modal('D') }), 'invalid_arguments');
  await refused(views.update({ view_id: id, external_id: 'mine', view: modal('D') }), 'invalid_arguments');
  const first = await views.update({ view_id: id, view: modal('E') });
  const hash = String(first.view?.hash);
  const second = await views.update({ view_id: id, hash, view: modal('F') });
  assert.notEqual(second.view?.hash, hash);
  await refused(views.update({ view_id: id, hash, view: modal('G') }), 'hash_conflict');
});

test('what people do has times of six decimals, each later than the one before', async (t) => {
  const times: string[] = [];
  const { slack } = await startExample(
    t,
    withForm((app) =>
      app.action('add', async ({ ack, action }) => {
        times.push((action as { action_ts: string }).action_ts);
        await ack();
      }),
    ),
  );
  const view = await (await slack.shortcut('start')).nextView();
  for (let press = 0; press < 5; press++) await slack.press(view, 'Add');
  assert.ok(times.every((time) => /^\d{10}\.\d{6}$/.test(time)));
  assert.deepEqual(times, [...new Set(times)].sort());
});

test('a rich text input takes what Slack documents, and is not sent with a mention that the app put in', async (t) => {
  const rich = (element: object) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [element] }],
  });
  let initial: object = {};
  const { slack } = await startExample(t, (app) => {
    app.shortcut('start', async ({ ack, client, shortcut }) => {
      const text = input('text', { type: 'rich_text_input', action_id: 'text', initial_value: initial }, true);
      await client.views.open({ trigger_id: shortcut.trigger_id, view: modal('Form', [text]) }).catch(() => {});
      await ack();
    });
    app.view('form', async ({ ack }) => ack());
  });
  for (const [element, why] of [
    [{ type: 'emoji', name: 'wave', unicode: '1f44b' }, /unicode/],
    [{ type: 'emoji', name: 'wave', skin_tone: 2 }, /skin_tone/],
    [{ type: 'text', text: 'x', style: { client_highlight: true } }, /client_highlight/],
    [{ type: 'canvas', text: 'x' }, /unsupported type: canvas/],
  ] as const) {
    initial = rich(element);
    await slack.shortcut('start');
    const refusal = slack.refusals.pop();
    assert.equal(refusal?.error, 'invalid_arguments');
    assert.match(String(refusal?.why), why);
  }
  const many = Array.from({ length: 6_001 }, () => ({ type: 'text', text: 'x' }));
  initial = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: many }] };
  await slack.shortcut('start');
  assert.match(String(slack.refusals.pop()?.why), /no more than 6000/);

  initial = rich({ type: 'user', user_id: 'U0BEN' });
  const [view] = (await slack.shortcut('start')).views;
  assert.ok(view);
  await assert.rejects(slack.submit(view), { error: 'invalid_input', why: /trouble connecting/ });
  await slack.submit(view, { text: rich({ type: 'user', user_id: 'U0CYD' }) });
});
