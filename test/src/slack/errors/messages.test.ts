import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { until, words } from '../../../maro.ts';
import { type Errors, MISHAPS, REFUSED, startErrors } from './errors.ts';

describe('an error of Slack', () => {
  let w: Errors['w'];
  let maro: Errors['maro'];
  let post: Errors['post'];
  let logged: Errors['logged'];
  before(async () => {
    ({ w, maro, post, logged } = await startErrors());
  });

  describe('that refuses a message (chat.postMessage)', () => {
    const forbidden = /^Slack doesn’t let Maro post there, so nothing was posted\. An admin can allow it\.$/;
    const revoked = /^Slack no longer accepts Maro’s token, so nothing was posted\. Ask your Maro admin/;
    const link = /^Links to files, .* aren’t allowed .* so nothing was posted\. Remove those links/;
    const long = /^The message is too long for Slack, so nothing was posted\. Shorten the note\.$/;
    const sentences: Record<string, RegExp> = {
      access_denied: forbidden,
      enterprise_is_restricted: forbidden,
      no_permission: forbidden,
      accesslimited:
        /^Slack doesn’t allow connections from Maro’s network, so nothing was posted\. Tell your Maro admin/,
      account_inactive: revoked,
      invalid_auth: revoked,
      token_revoked: revoked,
      org_login_required: /^Slack is moving this workspace .* so nothing was posted\. Try again later\.$/,
      team_access_not_granted:
        /^Maro isn’t installed in this workspace, so nothing was posted\. An admin can add it\.$/,
      app_access_restricted: /^This workspace restricts apps, so nothing was posted\. An admin can allow Maro\.$/,
      cannot_reply_to_message:
        /^This message doesn’t allow replies, so nothing was posted there\. Leave the thread out\.$/,
      channel_not_found:
        /^Maro can’t see this channel, so nothing was posted there\. If the channel is private, invite/,
      ekm_access_denied: /^An admin has paused posting, so nothing was posted\. Ask an admin\.$/,
      invalid_blocks:
        /^Slack refused the message \(code invalid_blocks\), so nothing was posted\. Tell your Maro admin/,
      is_archived: /^The channel is archived, so nothing was posted there\.$/,
      message_limit_exceeded: /^This workspace is sending too many messages, so nothing was posted\. Try again later/,
      messages_tab_disabled: /^Direct messages from Maro are turned off, so nothing was posted\. An admin can/,
      missing_scope: /^Slack doesn’t let Maro post, so nothing was posted\. Ask your Maro admin to install/,
      msg_blocks_too_long: long,
      msg_too_long: long,
      not_in_channel: /^Maro isn’t in this channel, so nothing was posted there\. Invite it with \/invite @Maro\.$/,
      restricted_action: /^This workspace doesn’t let Maro post there, so nothing was posted\. An admin can allow it/,
      restricted_action_non_threadable_channel:
        /^This channel doesn’t allow replies in threads, so nothing was posted there/,
      restricted_action_read_only_channel: /^This channel is read-only, so nothing was posted there\. An admin can let/,
      restricted_action_thread_locked: /^This thread is locked, so nothing was posted there\.$/,
      restricted_action_thread_only_channel: /^This channel only allows replies in threads, so nothing was/,
      slack_connect_canvas_sharing_blocked: link,
      slack_connect_file_link_sharing_blocked: link,
      slack_connect_lists_sharing_blocked: link,
    };
    for (const [error, sentence] of Object.entries(sentences)) {
      test(`${error} becomes a sentence that says why nothing was posted`, async () => {
        w.slack.trouble.fail('chat.postMessage', error);
        assert.match((await post().finished).error ?? '', sentence);
        await logged(error, 'Slack did not take a message');
      });
    }

    for (const error of ['ratelimited', 'rate_limited']) {
      test(`${error} only delays it`, async () => {
        w.slack.trouble.fail('chat.postMessage', error);
        assert.equal((await post().finished).state, 'completed');
      });
    }

    test('mishaps leave it in doubt, and it is not sent again', async () => {
      const errors = MISHAPS.filter((error) => error !== 'ratelimited');
      const before = w.slack.calls('chat.postMessage').length;
      for (const error of errors) w.slack.trouble.fail('chat.postMessage', error);
      const steps = errors.map((_, index) => post({ channel_id: `C${index + 2}` }).finished);
      for (const { error } of await Promise.all(steps)) {
        assert.match(error ?? '', /^Slack didn’t answer in time, so the message may or may not be there\. Maro didn’t/);
      }
      assert.equal(w.slack.calls('chat.postMessage').length, before + errors.length);
      for (const error of errors) {
        assert.ok(maro.log.some((line) => line.error === error && line.msg === 'Slack did not take a message'));
      }
      maro.log.splice(0);
    });
  });

  describe('that refuses a message for one person (chat.postEphemeral)', () => {
    const own = [
      'cannot_reply_to_message',
      'channel_not_found',
      'invalid_blocks',
      'is_archived',
      'message_limit_exceeded',
      'messages_tab_disabled',
      'missing_scope',
      'msg_too_long',
      'not_in_channel',
      'restricted_action',
      'user_not_in_channel',
    ];
    for (const error of [...REFUSED, ...own, ...MISHAPS]) {
      test(`${error} sends the answer to a mention to the author's direct messages`, async () => {
        w.slack.trouble.fail('chat.postEphemeral', error);
        const count = w.slack.everything().length;
        w.slack.post('@maro PLAT-5', { channel: 'C1', user: 'ben' });
        await until(() => w.slack.everything().length > count + 1, 'the answer');
        const answer = w.slack.everything().at(-1);
        assert.equal(w.slack.workspace.channel(answer?.channel ?? '').type, 'im');
        assert.match(words(answer), /^PLAT-5 Sign-in loops/);
        await logged(error, 'Slack did not take a message');
      });
    }
  });

  describe("about a person's name (users.info)", () => {
    for (const error of [...REFUSED, 'missing_scope', 'user_not_found', 'user_not_visible', ...MISHAPS]) {
      test(`${error} shows the person's id`, async () => {
        w.slack.trouble.fail('users.info', error);
        await post({ note: 'Ask <@U0BEN>.' }).finished;
        assert.match(words(w.slack.messages('C1', 'ben').at(-1)), /\nAsk @U0BEN\./);
        await logged(error, 'Slack did not tell a name');
      });
    }
  });

  describe("about a channel's name (conversations.info)", () => {
    const own = ['missing_scope', 'channel_not_found', 'channel_is_limited_access'];
    for (const error of [...REFUSED, ...own, ...MISHAPS]) {
      test(`${error} leaves the channel without a name`, async () => {
        w.slack.trouble.fail('conversations.info', error);
        await post({ note: 'See <#C2>.' }).finished;
        assert.match(words(w.slack.messages('C1', 'ben').at(-1)), /\nSee #a channel\./);
        await logged(error, 'Slack did not tell a name');
      });
    }
  });
});
