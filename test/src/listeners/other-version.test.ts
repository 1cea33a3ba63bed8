import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { checkView } from '../../../sandbox/slack/blocks.ts';
import type { Message } from '../../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, words, world } from '../../maro.ts';

const SENTENCE = /^This is from another version of Maro, so nothing was done\. Type `\/maro help` to start over\.$/;
const person = { user: { id: 'U0ADA', team_id: 'T0ACME' }, team: { id: 'T0ACME' }, trigger_id: 't' };
const button = { type: 'button', action_id: 'an_older_button', block_id: 'b', value: '1' };
const view = { id: 'V1', type: 'modal', callback_id: 'an_older_view', state: { values: {} } };

describe('what belongs to another Maro', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w);
  });

  /** A response_url that Slack gave out for a command. */
  const responseUrl = async () => {
    await w.slack.command('/maro help');
    return w.slack.log.findLast(({ kind, name }) => kind === 'delivery' && name === 'slash_commands')?.args
      .response_url;
  };
  /** The next message that appears anywhere. */
  const nextMessage = () =>
    new Promise<Message>((resolve) => {
      const end = w.slack.watch(({ message }) => {
        if (message === undefined) return;
        end();
        resolve(message);
      });
    });

  for (const [what, payload] of [
    ['a button', { type: 'block_actions', actions: [button] }],
    ['a message shortcut', { type: 'message_action', callback_id: 'an_older_shortcut', message: { text: 'x' } }],
  ] as const) {
    test(`${what} is acknowledged, and whoever used it is told so alone`, async () => {
      const response_url = await responseUrl();
      const shown = nextMessage();
      const ack = await w.slack.deliver('interactive', { ...person, ...payload, channel: { id: 'C1' }, response_url });
      assert.deepEqual(ack, { ok: true, body: {} });
      const message = await shown;
      assert.match(words(message), SENTENCE);
      assert.equal(message.ephemeral_to, 'U0ADA');
      assert.equal(message.edited, undefined, 'what the button stood in is left as it was');
    });
  }

  test('a button whose response_url is over is acknowledged all the same', async () => {
    const response_url = `${w.slack.apiUrl.replace('/api/', '/response/')}gone`;
    const ack = await w.slack.deliver('interactive', {
      ...person,
      type: 'block_actions',
      actions: [button],
      response_url,
    });
    assert.equal(ack.ok, true);
    await until(() => maro.log.some(({ msg }) => msg === 'a response_url did not take an answer'), 'the log says so');
    w.slack.refusals.length = 0;
  });

  test('a global shortcut is acknowledged, also when its view comes too late', async () => {
    const ack = await w.slack.deliver('interactive', { ...person, type: 'shortcut', callback_id: 'an_older_one' });
    assert.deepEqual(ack, { ok: true, body: {} });
    await until(() => maro.log.some(({ msg }) => msg === 'Slack did not open a view'), 'the log says so');
    w.slack.refusals.length = 0;
  });

  test('a form that is submitted does not close as if all were well', async () => {
    const ack = await w.slack.deliver('interactive', { ...person, type: 'view_submission', view });
    assert.ok(ack.ok);
    const { response_action, view: update } = ack.body as { response_action: string; view: { blocks: unknown } };
    assert.equal(response_action, 'update');
    checkView(update);
    assert.match(words(update).trim(), SENTENCE);
  });

  test('a form that is submitted gives back what was typed into it', async () => {
    const values = { a: { a: { type: 'plain_text_input', value: 'Typed *here*' } }, b: { b: { value: null } } };
    const typed = { ...view, state: { values } };
    const ack = await w.slack.deliver('interactive', { ...person, type: 'view_submission', view: typed });
    assert.ok(ack.ok);
    const { view: update } = ack.body as { view: { blocks: unknown } };
    checkView(update);
    assert.match(words(update), /nothing was done\..*\nYou typed:\nTyped \*here\*/);
  });

  test('a form that is closed is acknowledged', async () => {
    const ack = await w.slack.deliver('interactive', { ...person, type: 'view_closed', view });
    assert.deepEqual(ack, { ok: true, body: {} });
  });

  test('a menu that asks for its options gets none', async () => {
    const asking = { ...person, type: 'block_suggestion', action_id: 'an_older_menu', block_id: 'b', value: 'x' };
    const ack = await w.slack.deliver('interactive', asking);
    assert.deepEqual(ack, { ok: true, body: { options: [] } });
  });

  test('is in the log by its kind, and Slack has refused nothing', async () => {
    for (const kind of ['block_actions', 'message_action', 'shortcut', 'view_submission', 'block_suggestion']) {
      await until(() => maro.log.some(({ level, type }) => level === 'warn' && type === kind), `the log names ${kind}`);
    }
    assert.doesNotMatch(maro.written(), /an_older/);
    assert.deepEqual(w.slack.refusals, []);
  });
});
