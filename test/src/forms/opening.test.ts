import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { startMaro, until, type World, words, world } from '../../maro.ts';

const TYPED = 'Zebra crossing <!here> repainted';

describe('a form that Slack does not open or show', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(async () => {
    for (const view of w.slack.views('ada')) await w.slack.close(view);
  });
  const shown = () => words(w.slack.views('ada').at(-1)?.blocks);
  /** What the person sees at last, in a view or in a private message. */
  const toAda = () => w.slack.messages('C1', 'ada').filter(({ ephemeral_to }) => ephemeral_to !== undefined);
  const told = () => words(toAda().at(-1));

  for (const [command, sentence, typed] of [
    ['create', /^Slack didn’t open the form in time, so nothing was done\. Try again\.\nYou typed:\nZebra/, TYPED],
    ['stories', /^Slack didn’t open the form in time, so nothing was done\. Try again\.$/, ''],
  ] as const) {
    test(`says so, and gives back what was typed after /maro ${command}`, async () => {
      const before = toAda().length;
      w.slack.trouble.fail('views.open', 'expired_trigger_id');
      await w.slack.command(`/maro ${command} ${typed}`.trim(), { channel: 'C1' });
      await until(() => toAda().length > before, 'the person is told');
      assert.match(told().trim(), sentence);
      assert.ok(told().includes(typed), told());
      assert.equal(w.slack.views('ada').length, 0);
    });
  }

  test('gives back all of a long text, in order, after the sentence', async () => {
    const before = toAda().length;
    const typed = 'word by word '.repeat(1_200).trim();
    w.slack.trouble.fail('views.open', 'expired_trigger_id');
    await w.slack.command(`/maro create ${typed}`, { channel: 'C1' });
    const messages = () => toAda().slice(before);
    await until(() => messages().map(words).join('').length > typed.length, 'the person has the text');
    const [first, ...more] = messages().map(words);
    assert.match(first ?? '', /^Slack didn’t open the form in time, so nothing was done\. Try again\.\nYou typed:/);
    assert.ok(more.length > 0);
    const blocks = messages().flatMap((message) => message.blocks ?? []);
    assert.equal(words(blocks.filter(({ type }) => type === 'rich_text')).replaceAll('\n', ''), typed);
  });

  test('shows words that are too long for a summary as the description, and all of them', async () => {
    const typed = 'word by word '.repeat(400).trim();
    await w.slack.command(`/maro create ${typed}`, { channel: 'C1' });
    const values = () => w.slack.views('ada').at(-1)?.state.values;
    await until(() => values()?.description !== undefined, 'the form is there');
    assert.equal(words(values()?.description?.description?.rich_text_value).trim(), typed);
    assert.match(String(values()?.summary?.summary?.value), /^word by word .{50,110}…$/);
  });

  test('has the words of the command as people read them, also when they come back', async () => {
    const summary = () => w.slack.views('ada').at(-1)?.state.values.summary?.summary?.value;
    await w.slack.command('/maro create ask @ben in #platform about R&D <now>', { channel: 'C1' });
    await until(() => summary() === 'ask @ben in #platform about R&D <now>', 'the form is there');
    const before = toAda().length;
    w.slack.trouble.fail('views.open', 'expired_trigger_id');
    await w.slack.command('/maro create ask @ben about R&D', { channel: 'C1' });
    await until(() => toAda().length > before, 'the person is told');
    assert.match(told(), /You typed:\nask @ben about R&D\s*$/);
  });

  test('says so to a person who picked an entry of a message, and to one who picked it anywhere', async () => {
    const message = w.slack.post('PLAT-3 is slow', { channel: 'C1' });
    for (const entry of ['create_from_message', 'track_mentioned', 'link_from_message']) {
      const before = toAda().length;
      w.slack.trouble.fail('views.open', 'expired_trigger_id');
      await w.slack.shortcut(entry, message);
      await until(() => toAda().length > before, `the person is told of ${entry}`);
      assert.match(told(), /^Slack didn’t open the form in time/);
    }
    w.slack.trouble.fail('views.open', 'expired_trigger_id');
    await w.slack.shortcut('create_anywhere');
    const direct = () => w.slack.workspace.channels.filter(({ type }) => type === 'im').map(({ id }) => id);
    await until(
      () => direct().some((id) => w.slack.messages(id, 'ada').some((each) => words(each).startsWith('Slack didn’t'))),
      'a direct message tells it',
    );
  });

  test('stands there all the same when the answer to its opening is lost, once or twice', async () => {
    const formFor = (words: string) => () =>
      w.slack.views('ada').at(-1)?.state.values.summary?.summary?.value === words;
    for (const method of ['views.open', 'views.update']) {
      w.slack.trouble.lose(method);
      await w.slack.command(`/maro create ${method}`, { channel: 'C1' });
      await until(formFor(method), 'the form is there');
      for (const view of w.slack.views('ada')) await w.slack.close(view);
    }
    w.slack.trouble.down(true, 'reset');
    const command = w.slack.command('/maro create Later', { channel: 'C1' });
    w.slack.trouble.down(false);
    await command;
    await until(formFor('Later'), 'the form is there');
  });

  test('that shows what a message mentions ends in a sentence when Slack refuses its outcome', async () => {
    const message = w.slack.post('PLAT-3 is slow', { channel: 'C1' });
    w.slack.trouble.fail('views.update', 'invalid_arguments');
    await w.slack.shortcut('track_mentioned', message);
    await until(() => shown() !== '' && !shown().startsWith('Asking'), 'a sentence');
    assert.match(shown(), /^Slack didn’t show the result\. Type \/maro tracked/);
    for (const view of w.slack.views('ada')) await w.slack.close(view);
    const before = toAda().length;
    w.slack.trouble.fail('views.update', 'invalid_arguments', 2);
    await w.slack.shortcut('track_mentioned', message);
    await until(() => toAda().length > before, 'the person is told');
    assert.match(told(), /^Slack didn’t show the result\./);
  });

  test('ends in a sentence and never in the loading view when Slack refuses it', async () => {
    w.slack.trouble.fail('views.update', 'invalid_arguments');
    await w.slack.command(`/maro create ${TYPED}`, { channel: 'C1' });
    await until(() => shown() !== '' && !shown().startsWith('Asking'), 'a sentence');
    assert.match(shown(), /^Slack didn’t show the form, so nothing was created\. Try again\.\nYou typed:\nZebra/);
  });

  test('is told of in a message when Slack refuses even the sentence', async () => {
    const before = toAda().length;
    w.slack.trouble.fail('views.update', 'invalid_arguments', 2);
    await w.slack.command(`/maro create ${TYPED}`, { channel: 'C1' });
    await until(() => toAda().length > before, 'the person is told');
    assert.match(told(), /^Slack didn’t show the form, so nothing was created\. Try again\.\nYou typed:\nZebra/);
  });
});
