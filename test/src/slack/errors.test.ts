import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Execution, View } from '../../../sandbox/slack/index.ts';
import { readConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { openMaro } from '../../../src/maro.ts';
import { type Maro, startMaro, until, type World, words, world } from '../../maro.ts';
import { connect } from '../tracker/example.ts';

// The errors that Slack's reference has for each method that Maro calls, each with what people and the log get.
// `npm run check:slack` counts which of them are played.

/** Errors of any method that another attempt does not help. */
const REFUSED = [
  'access_denied',
  'accesslimited',
  'account_inactive',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'no_permission',
  'org_login_required',
  'team_access_not_granted',
  'token_revoked',
];
/** Errors of any method that may be over a moment later. */
const BUSY = ['ratelimited', 'request_timeout', 'service_unavailable', 'team_added_to_org'];
const MISHAPS = [...BUSY, 'fatal_error', 'internal_error'];

describe('an error of Slack', () => {
  let w: World;
  let maro: Maro;
  let db: postgres.Sql;
  before(async () => {
    const names = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'];
    const channels = names.map((id) => ({ id, name: `channel-${id}`, type: 'public' as const, app_is_member: true }));
    w = await world({ channels });
    db = connect(w.databaseUrl);
    maro = await startMaro(w);
  });

  const post = (inputs: object = {}): Execution =>
    w.slack.step('post_ticket', { channel_id: 'C1', issue_keys: 'PLAT-5', ...inputs });
  /** Waits for the line with which the log names the error. */
  async function logged(error: string, msg: string): Promise<void> {
    await until(() => maro.log.some((line) => line.error === error && line.msg === msg), `the log names ${error}`);
    maro.log.splice(0);
  }

  describe('that refuses a message (chat.postMessage)', () => {
    const forbidden = /^Slack does not let Maro post there, so nothing was posted\. An admin can allow it\.$/;
    const revoked = /^Slack does not accept Maro's token any more, so nothing was posted\. The person who runs Maro/;
    const link = /^An admin does not allow this message's links .* so nothing was posted\. Leave the links to files/;
    const long = /^The message is longer than Slack takes, so nothing was posted\. Shorten the note\.$/;
    const sentences: Record<string, RegExp> = {
      access_denied: forbidden,
      enterprise_is_restricted: forbidden,
      no_permission: forbidden,
      accesslimited: /^Slack does not let Maro in from the network .* so nothing was posted\. Tell the person who runs/,
      account_inactive: revoked,
      invalid_auth: revoked,
      token_revoked: revoked,
      org_login_required: /^Slack is moving this workspace .* so nothing was posted\. Try again later\.$/,
      team_access_not_granted:
        /^Maro is not installed in this workspace, so nothing was posted\. An admin can add it\.$/,
      app_access_restricted: /^This workspace restricts apps, so nothing was posted\. An admin can allow Maro\.$/,
      cannot_reply_to_message: /^This message takes no replies, so nothing was posted there\. Leave the thread out\.$/,
      channel_not_found: /^Slack shows Maro no such channel, so nothing was posted\. If the channel is private, invite/,
      ekm_access_denied: /^An admin has suspended posting for now, so nothing was posted\. Ask an admin\.$/,
      invalid_blocks:
        /^Slack does not take the message \(invalid_blocks\), so nothing was posted\. Tell the person who/,
      is_archived: /^The channel is archived, so nothing was posted there\.$/,
      message_limit_exceeded: /^Too many messages are sent in this workspace, so nothing was posted\. Try again later/,
      messages_tab_disabled: /^Direct messages from Maro are switched off, so nothing was posted\. An admin can/,
      missing_scope: /^Slack does not let Maro post, so nothing was posted\. The person who runs Maro should install/,
      msg_blocks_too_long: long,
      msg_too_long: long,
      not_in_channel: /^Maro is not in this channel, so nothing was posted there\. Invite it with \/invite @Maro\.$/,
      restricted_action: /^This workspace does not let Maro post there, so nothing was posted\. An admin can allow it/,
      restricted_action_non_threadable_channel:
        /^This channel takes no replies in threads, so nothing was posted there/,
      restricted_action_read_only_channel: /^This channel is read-only, so nothing was posted there\. An admin can let/,
      restricted_action_thread_locked: /^This thread is locked, so nothing was posted there\.$/,
      restricted_action_thread_only_channel: /^This channel takes nothing but replies in threads, so nothing was/,
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
        assert.match(error ?? '', /^Slack did not answer in time, so the message may or may not be there; it was not/);
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

  describe('about a message that may have been posted before Maro was interrupted', () => {
    /** Runs of which the message is there and the outcome was not stored. The next delivery carries a run out again. */
    async function interrupted(count: number, inputs: object = {}): Promise<Execution[]> {
      await db.unsafe(
        "create or replace function fail() returns trigger language plpgsql as 'begin raise sqlstate ''XX000''; end'",
      );
      await db.unsafe('create trigger fail before update of outcome on runs for each row execute function fail()');
      const unstored = () => maro.log.filter(({ msg }) => msg === 'an outcome was not stored').length;
      const before = unstored();
      const steps = Array.from({ length: count }, () => post(inputs));
      await until(() => unstored() === before + count, 'each message is there');
      await db.unsafe('drop trigger fail on runs');
      await db.unsafe("update runs set due_at = now() + interval '1 hour' where due_at is not null");
      return steps;
    }
    async function again(step: Execution): Promise<Execution> {
      await db.unsafe('update runs set due_at = now() where run_id = $1', [step.id]);
      await w.slack.redeliver(step);
      return step.finished;
    }

    test('and that Slack does not show (conversations.history) fails the step, and posts nothing', async () => {
      const own = [
        'channel_is_limited_access',
        'channel_not_found',
        'invalid_cursor',
        'missing_scope',
        'not_in_channel',
      ];
      const errors = [...REFUSED, ...own, ...MISHAPS];
      const steps = await interrupted(errors.length);
      const before = w.slack.calls('chat.postMessage').length;
      for (const [index, error] of errors.entries()) {
        w.slack.trouble.fail('conversations.history', error);
        const ended = await again(steps[index] as Execution);
        assert.match(
          ended.error ?? '',
          /cannot see whether the message was posted, so it did not post it now\.$/,
          error,
        );
        await logged(error, 'Slack did not show a channel');
      }
      assert.equal(w.slack.calls('chat.postMessage').length, before);
    });

    test('and that Slack does not let Maro replace (chat.update) leaves the message as it was', async () => {
      const own = [
        'block_mismatch',
        'cant_update_message',
        'channel_not_found',
        'edit_window_closed',
        'external_channel_migrating',
        'invalid_blocks',
        'is_inactive',
        'message_limit_exceeded',
        'message_not_found',
        'missing_scope',
        'msg_too_long',
        'posting_to_channel_denied',
        'slack_connect_canvas_sharing_blocked',
        'slack_connect_file_link_sharing_blocked',
        'update_failed',
      ];
      const errors = [...REFUSED, ...own, ...MISHAPS];
      const steps = await interrupted(errors.length);
      const before = w.slack.everything().length;
      for (const [index, error] of errors.entries()) {
        w.slack.trouble.fail('chat.update', error);
        assert.equal((await again(steps[index] as Execution)).outputs.posted, true, error);
        await logged(error, 'Slack did not change a message');
      }
      assert.deepEqual(
        [w.slack.everything().length, w.slack.everything().filter(({ edited }) => edited)],
        [before, []],
      );
    });
  });

  describe('about a thread (conversations.replies)', () => {
    const invite = /^Slack does not show Maro this thread\. Invite it with \/invite @Maro, or leave the thread out\.$/;
    const install =
      /^Slack does not show Maro this thread\. The person who runs Maro should install its manifest anew\./;
    const leave = /^Slack does not show Maro this thread\. Leave the thread out\.$/;
    const late = /^Slack did not show Maro the thread in time\. Try again, or leave it out\.$/;
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
      thread_not_found: /^Slack has no such thread any more\. Leave the thread out\.$/,
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

  describe('about the outcome of a step', () => {
    for (const [method, inputs] of [
      ['functions.completeSuccess', {}],
      ['functions.completeError', { issue_keys: 'none' }],
    ] as const) {
      const taken = async (step: Execution) =>
        assert.equal((await step.finished).state, method === 'functions.completeError' ? 'failed' : 'completed');

      test(`is in the log when Slack does not take it (${method})`, async () => {
        for (const error of [...REFUSED, 'function_execution_not_found']) {
          w.slack.trouble.fail(method, error);
          post(inputs);
          await logged(error, 'a step stays in progress in Slack');
        }
      });

      test(`only delays it when it is a mishap (${method})`, async () => {
        for (const error of MISHAPS) w.slack.trouble.fail(method, error);
        await Promise.all(MISHAPS.map(() => taken(post(inputs))));
        for (const error of MISHAPS) {
          assert.ok(
            maro.log.some((line) => line.error === error && line.msg === 'Slack did not take an outcome'),
            error,
          );
        }
        maro.log.splice(0);
      });

      test(`is none when the step is over already (${method})`, async () => {
        w.slack.trouble.fail(method, 'execution_not_in_running_state');
        const step = post(inputs);
        const calls = w.slack.calls(method).length;
        await until(() => w.slack.calls(method).length > calls, 'Slack has been told');
        await taken(post(inputs));
        assert.deepEqual(
          maro.log.filter(({ level }) => level === 'error'),
          [],
        );
        assert.equal(step.completions, 0);
      });
    }

    test('fails the step with a sentence when Slack does not take its outputs', async () => {
      w.slack.trouble.fail('functions.completeSuccess', 'parameter_validation_failed');
      assert.match((await post().finished).error ?? '', /install its manifest anew\.$/);
      maro.log.splice(0);
    });
  });

  describe("about a person's name (users.info)", () => {
    for (const error of [...REFUSED, 'missing_scope', 'user_not_found', 'user_not_visible', ...MISHAPS]) {
      test(`${error} shows the person's id`, async () => {
        w.slack.trouble.fail('users.info', error);
        await post({ note: 'Ask <@U0BEN>.' }).finished;
        assert.match(words(w.slack.messages('C1', 'ben').at(-1)), /\nAsk @U0BEN\./);
        await logged(error, 'Slack did not name a person');
      });
    }
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
        assert.match(words(toAda().at(-1)), /^Slack did not open the form.*You had typed:\nZebra/s);
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
        await until(() => shown().startsWith('Slack did not show the form, so nothing was created. Try'), 'a sentence');
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
        assert.match(text, /Slack did not list your channels just now\. Open this tab again in a minute\./);
      }
    });
  });
});

describe('an error of Slack when Maro starts', () => {
  let w: World;
  before(async () => {
    w = await world();
  });
  const start = async (write: (line: string) => void = () => {}) => {
    const maro = await openMaro(readConfig(w.env), createLog('info', { write }), { jobs: false });
    return { stop: maro.stop, started: maro.start() };
  };

  const copy = /^Maro did not start: Slack refused \w+ \(\w+\)\. Copy it anew from the app's settings\.$/;
  const allow =
    /^Maro did not start: Slack refused \w+ \(\w+\)\. Ask an admin to allow the app, and start Maro again\.$/;
  const ofAny: Record<string, RegExp> = {
    access_denied: allow,
    accesslimited: allow,
    account_inactive: copy,
    ekm_access_denied: allow,
    enterprise_is_restricted: allow,
    invalid_auth: copy,
    no_permission: allow,
    not_allowed_token_type: copy,
    org_login_required: /\. Slack is moving the workspace to an organization\. Start Maro again when that is over\.$/,
    team_access_not_granted: /\. Ask an admin to add the app to the workspace, and start Maro again\.$/,
    token_revoked: copy,
  };
  const away = /^Maro did not start: Slack cannot be reached at /;
  const ofApp = {
    forbidden_team: allow,
    missing_scope: /\(missing_scope\)\. Generate an app-level token with the scope connections:write\.$/,
  };
  for (const [method, variable, sentences] of [
    ['auth.test', 'SLACK_BOT_TOKEN', { ...ofAny, ...Object.fromEntries(MISHAPS.map((error) => [error, away])) }],
    ['apps.connections.open', 'SLACK_APP_TOKEN', { ...ofAny, ...ofApp }],
  ] as const) {
    for (const [error, message] of Object.entries<RegExp>(sentences)) {
      test(`is a sentence that says what to do about ${variable} (${method}, ${error})`, async () => {
        w.slack.trouble.fail(method, error);
        const maro = await start().catch((refused: Error) => refused);
        const refused =
          maro instanceof Error
            ? maro
            : await maro.started.then(
                () => assert.fail('Maro started'),
                (thrown: Error) => thrown,
              );
        if (!(maro instanceof Error)) await maro.stop();
        assert.match(refused.message, message);
        if (message !== away) assert.match(refused.message, new RegExp(variable));
      });
    }
  }

  for (const error of MISHAPS) {
    test(`is named in the log, and Slack is asked again (apps.connections.open, ${error})`, async () => {
      w.slack.trouble.fail('apps.connections.open', error);
      let text = '';
      const { stop, started } = await start((line) => {
        text += line;
      });
      await until(() => text.includes(`"error":"${error}"`), 'the log names it');
      await stop();
      await started;
    });
  }
});
