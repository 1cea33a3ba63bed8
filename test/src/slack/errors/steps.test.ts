import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Execution } from '../../../../sandbox/slack/index.ts';
import { until } from '../../../maro.ts';
import { connect } from '../../tracker/example.ts';
import { type Errors, MISHAPS, REFUSED, startErrors } from './errors.ts';

describe('an error of Slack', () => {
  let w: Errors['w'];
  let maro: Errors['maro'];
  let post: Errors['post'];
  let logged: Errors['logged'];
  let db: postgres.Sql;
  before(async () => {
    ({ w, maro, post, logged } = await startErrors());
    db = connect(w.databaseUrl);
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
          /can’t tell whether the message was posted, so it didn’t post another\.$/,
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
      assert.match((await post().finished).error ?? '', /install the current manifest\.$/);
      maro.log.splice(0);
    });
  });
});
