import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message } from '../../sandbox/slack/index.ts';
import type { View } from '../../sandbox/slack/views.ts';
import { type Maro, startMaro, until, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

/** Neither is a letter; PostgreSQL takes no text with the first, and no JSON with either when it reads a field of it. */
const NUL = '\0';
const HALF = '\ud83d';

describe('NUL and half surrogates', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const has = (block: string) => top()?.blocks.some(({ block_id }) => block_id === block) ?? false;
  const cards = (part: string) =>
    w.slack
      .messages('C1', 'ada')
      .filter((message) => message.bot_id && !message.ephemeral_to && words(message).includes(part));
  const answer = async (line: string) =>
    words((await w.slack.command(line, { channel: 'C1' })).messages.filter(({ ephemeral_to }) => ephemeral_to)[0]);

  /** Everything that was asked for is done, and waits for nobody. */
  async function settled(): Promise<void> {
    await until(async () => {
      const [open] = await rows<{ count: number }>(
        w.databaseUrl,
        'select count(*)::int as count from runs where due_at is not null',
      );
      return open?.count === 0;
    }, 'nothing is left to do');
    assert.deepEqual(w.slack.refusals, []);
    assert.doesNotMatch(maro.written(), /defect|22P05|22021/);
  }

  test('in a command are passed over, and the rest is done', async () => {
    assert.match(await answer(`/maro track PLAT-1${NUL} ${HALF}PLAT-2`), /PLAT-1: now tracked.*PLAT-2: now tracked/s);
    await w.slack.command(`/maro link ${HALF}PLAT-3${NUL}`);
    await settled();
    assert.equal(cards('PLAT-3').length, 1);
  });

  test('in a message and in the form made of it become one ticket with the rest of the words, and one card', async () => {
    const message: Message = w.slack.post(`The cart${NUL} is ${HALF}empty`, { channel: 'C1' });
    await w.slack.shortcut('create_from_message', message);
    await until(() => has('summary'), 'the form is there');
    const [project] = await w.slack.suggest(top(), 'create:project', `PLAT${NUL}`);
    await w.slack.press(top(), 'create:project', { value: project });
    await until(() => has('type PLAT'), 'the form asks for the type');
    assert.equal(top().state.values.summary?.summary?.value, 'The cart is empty');
    const description = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: `Since ${NUL}Mon${HALF}day` }] }],
    };
    await w.slack.submit(top(), { summary: `Cart ${HALF}is em${NUL}pty`, description });
    await until(() => cards('Cart is empty').length > 0, 'the card is there');
    await settled();
    const made = w.jira.issues.all().filter(({ summary }) => summary === 'Cart is empty');
    assert.equal(made.length, 1);
    assert.match(JSON.stringify(made), /Since Monday/);
    assert.equal(cards('Cart is empty').length, 1);
  });

  test('in the form for a link and in the one for stories are passed over', async () => {
    const message = w.slack.post(`Is that PLAT-5${NUL} again?`, { channel: 'C1' });
    await (await w.slack.shortcut('link_from_message', message)).nextView();
    const [issue] = await w.slack.suggest(top(), 'issues:find', `${NUL}PLAT-5${HALF}`);
    await w.slack.submit(top(), { issue });
    await until(() => cards('PLAT-5').length > 0, 'the card is there');

    await w.slack.command('/maro stories', { channel: 'C1' });
    await until(() => has('stories'), 'the form is there');
    const [project] = await w.slack.suggest(top(), 'create:project', 'PLAT');
    await w.slack.submit(top(), { project, stories: `A story of${NUL} one\nA story of ${HALF}two` });
    await until(() => cards('A story of two').length > 0, 'the list is there');
    await settled();
    assert.equal(cards('PLAT-5').length, 1);
    assert.equal(cards('A story of one').length, 1);
  });

  test('in the inputs of a step come out of it neither in its outputs nor in Jira', async () => {
    const fields = JSON.stringify({ description: document(`all ${NUL}about${HALF} it`) });
    const created = await w.slack.step('create_ticket', {
      ...{ project: `PLAT${NUL}`, summary: `Made${NUL} by a ${HALF}step`, fields },
    }).finished;
    assert.deepEqual([created.state, created.outputs.summary], ['completed', 'Made by a step']);
    const made = JSON.stringify(w.jira.issues.all().filter(({ summary }) => summary === 'Made by a step'));
    assert.match(made, /all about it/);

    const note = `Look ${NUL}at ${HALF}this`;
    const posted = await w.slack.step('post_ticket', { channel_id: 'C1', issue_keys: `PLAT-7${NUL}`, note }).finished;
    assert.equal(posted.state, 'completed');
    await settled();
    assert.equal(cards('Look at this').length, 1);
  });

  test('where a text is cut, no half surrogate is left', async () => {
    const { error } = await w.slack.step('link_ticket', {
      ...{ issue_key: 'PLAT-1', message_link: `${'x'.repeat(79)}${'\u{1f600}'.repeat(40)}` },
    }).finished;
    assert.match(String(error), /isn’t a link to a message/);
    assert.ok(String(error).isWellFormed());
  });

  test("in people's names are passed over, and in Jira's words no more than a sign stands for one", async () => {
    const ben = w.slack.workspace.user('ben');
    const { name } = ben;
    ben.name = `B${NUL}en${HALF}`;
    w.jira.issues.edit('PLAT-9', { summary: `Half ${HALF}a${NUL} word` });
    const message = w.slack.post('x', { channel: 'C1' });
    await w.slack.shortcut('create_from_message', message);
    await until(() => has('type PLAT'), 'the form is there');
    const user = { type: 'user', user_id: 'U0BEN' };
    const description = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [user] }] };
    await w.slack.submit(top(), { summary: 'With a name', description });
    await until(() => cards('With a name').length > 0, 'the card is there');
    ben.name = name;
    assert.match(JSON.stringify(w.jira.issues.all().filter(({ summary }) => summary === 'With a name')), /"@Ben"/);
    assert.match(await answer('/maro track PLAT-9'), /PLAT-9: now tracked · Half \ufffda word/);
    await settled();
  });

  test('in a delivery that is nested deeper than anything Slack sends: it is acknowledged, logged, and not handled', async () => {
    const json = `${'{"a":['.repeat(150)}${']}'.repeat(150)}`;
    const event = { type: 'function_executed', function: { callback_id: 'track' }, function_execution_id: 'FxDeep' };
    const ack = await w.slack.deliver('events_api', {
      ...{ type: 'event_callback', team_id: 'T0ACME', api_app_id: 'A0MARO', event_id: 'EvDeep', event_time: 1 },
      event: { ...event, inputs: JSON.parse(json) },
    });
    assert.ok(ack.ok);
    await until(() => maro.log.some(({ msg }) => msg === 'a delivery that cannot be read'), 'it is logged');
  });
});

function document(text: string) {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
}
