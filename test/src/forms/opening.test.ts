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
    ['create', /^Slack did not open the form in time, so nothing was done\. Try again\. You had typed: Zebra/, TYPED],
    ['stories', /^Slack did not open the form in time, so nothing was done\. Try again\.$/, ''],
  ] as const) {
    test(`says so, and gives back what was typed after /maro ${command}`, async () => {
      const before = toAda().length;
      w.slack.trouble.fail('views.open', 'expired_trigger_id');
      await w.slack.command(`/maro ${command} ${typed}`.trim(), { channel: 'C1' });
      await until(() => toAda().length > before, 'the person is told');
      assert.match(told().trim(), sentence);
      assert.ok(told().includes(typed.replace('<!here>', '&lt;!here&gt;')), told());
      assert.equal(w.slack.views('ada').length, 0);
    });
  }

  test('says so to a person who picked an entry of a message, and to one who picked it anywhere', async () => {
    const message = w.slack.post('PLAT-3 is slow', { channel: 'C1' });
    for (const entry of ['create_from_message', 'track_mentioned', 'link_from_message']) {
      const before = toAda().length;
      w.slack.trouble.fail('views.open', 'expired_trigger_id');
      await w.slack.shortcut(entry, message);
      await until(() => toAda().length > before, `the person is told of ${entry}`);
      assert.match(told(), /^Slack did not open the form in time/);
    }
    w.slack.trouble.fail('views.open', 'expired_trigger_id');
    await w.slack.shortcut('create_anywhere');
    const direct = () => w.slack.workspace.channels.filter(({ type }) => type === 'im').map(({ id }) => id);
    await until(
      () => direct().some((id) => w.slack.messages(id, 'ada').some((each) => words(each).startsWith('Slack did not'))),
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

  test('ends in a sentence and never in the loading view when Slack refuses it', async () => {
    w.slack.trouble.fail('views.update', 'invalid_arguments');
    await w.slack.command(`/maro create ${TYPED}`, { channel: 'C1' });
    await until(() => shown() !== '' && !shown().startsWith('Asking'), 'a sentence');
    assert.match(shown(), /^Slack did not show the form, so nothing was created\. Try again\. You had typed: Zebra/);
  });

  test('is told of in a message when Slack refuses even the sentence', async () => {
    const before = toAda().length;
    w.slack.trouble.fail('views.update', 'invalid_arguments', 2);
    await w.slack.command(`/maro create ${TYPED}`, { channel: 'C1' });
    await until(() => toAda().length > before, 'the person is told');
    assert.match(told(), /^Slack did not show the form, so nothing was created\. Try again\. You had typed: Zebra/);
  });
});
