import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { View } from '../../../../sandbox/slack/index.ts';
import { until, words } from '../../../maro.ts';
import { type Errors, MISHAPS, REFUSED, startErrors } from './errors.ts';

describe('an error of Slack', () => {
  let w: Errors['w'];
  let post: Errors['post'];
  let logged: Errors['logged'];
  before(async () => {
    ({ w, post, logged } = await startErrors());
  });

  describe('about a thread (conversations.replies)', () => {
    const invite = /^Maro can’t see this thread\. Invite it with \/invite @Maro, or leave the thread out\.$/;
    const install = /^Maro can’t see this thread\. Ask your Maro admin to install the current manifest\./;
    const leave = /^Maro can’t see this thread\. Leave the thread out\.$/;
    const late = /^Slack didn’t show the thread in time\. Try again, or leave the thread out\.$/;
    const sentences: Record<string, RegExp> = {
      ...Object.fromEntries(REFUSED.map((error) => [error, leave])),
      ...Object.fromEntries(MISHAPS.filter((error) => error !== 'ratelimited').map((error) => [error, late])),
      account_inactive: install,
      channel_not_found: invite,
      invalid_auth: install,
      invalid_cursor: leave,
      list_record_comment_fetch_failed: leave,
      method_not_supported_for_channel_type: leave,
      missing_scope: install,
      thread_not_found: /^This thread no longer exists\. Leave the thread out\.$/,
      token_revoked: install,
    };

    test('stands at the box of the form that asks for the thread', async () => {
      const root = w.slack.post('It began here', { channel: 'C1' });
      const reply = w.slack.post('and went on', { channel: 'C1', thread_ts: root.ts });
      await w.slack.shortcut('create_from_message', reply);
      const form = () => w.slack.views('ada').at(-1) as View;
      const has = (block: string) => form()?.blocks.some(({ block_id }) => block_id === block) ?? false;
      await until(() => has('thread'), 'the form');
      const [project] = await w.slack.suggest(form(), 'create:project', 'PLAT');
      await w.slack.press(form(), 'create:project', { value: project });
      await until(() => has('type PLAT'), 'the form of the project');
      for (const [error, sentence] of Object.entries(sentences)) {
        w.slack.trouble.fail('conversations.replies', error);
        const { errors } = await w.slack.submit(form(), { summary: 'With its thread', thread: 'thread' });
        assert.match(String(errors?.thread), sentence, error);
        await logged(error, 'Slack did not show all of a thread');
      }
      // A rate limit only delays the reading.
      w.slack.trouble.fail('conversations.replies', 'ratelimited');
      await w.slack.submit(form(), { summary: 'With its thread', thread: 'thread' });
      await until(() => w.jira.issues.all().some(({ summary }) => summary === 'With its thread'), 'the ticket');
    });
  });

  describe('about a form', () => {
    const toAda = () => w.slack.messages('C1', 'ada').filter(({ ephemeral_to }) => ephemeral_to !== undefined);
    const shown = () => words(w.slack.views('ada').at(-1)?.blocks);
    const isForm = () => w.slack.views('ada').at(-1)?.callback_id === 'create_ticket';
    async function closeAll(): Promise<void> {
      for (const view of w.slack.views('ada')) await w.slack.close(view);
    }

    const ofTriggers = ['exchanged_trigger_id', 'expired_trigger_id', 'invalid_trigger_id'];
    for (const error of [...REFUSED, ...ofTriggers, 'invalid_arguments', 'view_too_large']) {
      test(`that does not open (views.open, ${error}) is told to the person alone`, async () => {
        const before = toAda().length;
        w.slack.trouble.fail('views.open', error);
        await w.slack.command('/maro create Zebra', { channel: 'C1' });
        await until(() => toAda().length > before, 'the person is told');
        assert.match(words(toAda().at(-1)), /^Slack didn’t open the form.*You typed:\nZebra/s);
        await logged(error, 'Slack did not open a view');
      });
    }
    for (const error of MISHAPS) {
      test(`that does not open or change at once (views.open and views.update, ${error}) is there a moment later`, async () => {
        w.slack.trouble.fail('views.open', error);
        await w.slack.command('/maro create Zebra', { channel: 'C1' });
        await until(isForm, 'the form');
        await logged(error, 'Slack did not open a view');
        await closeAll();
        w.slack.trouble.fail('views.update', error);
        await w.slack.command('/maro create Zebra', { channel: 'C1' });
        await until(isForm, 'the form');
        await logged(error, 'Slack did not update a view');
        await closeAll();
      });
    }
    for (const error of [...REFUSED, 'invalid_arguments', 'view_too_large']) {
      test(`that Slack does not show (views.update, ${error}) ends in a sentence`, async () => {
        w.slack.trouble.fail('views.update', error);
        await w.slack.command('/maro create Zebra', { channel: 'C1' });
        await until(() => shown().startsWith('Slack didn’t show the form, so nothing was created. Try'), 'a sentence');
        await logged(error, 'Slack did not update a view');
        await closeAll();
      });
    }
    for (const error of ['hash_conflict', 'not_found']) {
      test(`that the person has changed or closed (views.update, ${error}) is told to nobody`, async () => {
        const [before, calls] = [toAda().length, w.slack.calls('views.update').length];
        w.slack.trouble.fail('views.update', error);
        await w.slack.command('/maro create Zebra', { channel: 'C1' });
        await until(() => w.slack.calls('views.update').length > calls, 'Slack has answered');
        await post().finished;
        assert.equal(toAda().length, before);
        await closeAll();
      });
    }
  });

  describe('about a Home tab', () => {
    test('leaves the tab as it was, and is in the log (views.publish)', async () => {
      const own = ['invalid_arguments', 'not_enabled', 'not_implemented', 'view_too_large'];
      await w.slack.openHome('ada');
      await until(() => w.slack.home('ada') !== undefined, 'the tab');
      const { hash } = w.slack.home('ada') ?? {};
      for (const error of [...REFUSED, ...own, ...MISHAPS]) {
        w.slack.trouble.fail('views.publish', error);
        await w.slack.openHome('ada');
        await logged(error, 'Slack did not publish a Home tab');
        assert.equal(w.slack.home('ada')?.hash, hash);
      }
    });

    test('shows the tab without channels when Slack does not list them (users.conversations)', async () => {
      for (const error of [...REFUSED, 'invalid_cursor', 'method_not_supported_for_channel_type', ...MISHAPS]) {
        const { hash } = w.slack.home('ben') ?? {};
        w.slack.trouble.fail('users.conversations', error);
        await w.slack.openHome('ben');
        await logged(error, 'Slack did not list the channels of a person');
        await until(() => w.slack.home('ben')?.hash !== hash, 'the tab');
        const text = words(w.slack.home('ben')?.blocks);
        assert.match(text, /Slack didn’t list your channels\. Open this tab again in a minute\./);
      }
    });
  });
});
