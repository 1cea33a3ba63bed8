import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';
import { openWire, type Wire } from '../wire.ts';

/** Whether anything reached the database before it went is not always known. */
const NO_DATABASE = /^Maro( can’t reach its database, so nothing|’s database didn’t answer in time, so this may)/;

describe('a step', () => {
  let w: World;
  let wire: Wire;
  let maro: Maro;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    maro = await startMaro(w, { DATABASE_URL: wire.url });
  });
  let seen = 0;
  beforeEach(() => {
    seen = maro.log.length;
  });

  const inputs = { channel_id: 'C1', issue_keys: 'PLAT-1', user_id: 'U0ADA' };
  const track = (change: Record<string, unknown> = {}) =>
    w.slack.step('track', { ...inputs, ...change }, { unchecked: true });
  /** What this test has brought into the log at a level. */
  const logged = (level: string) =>
    maro.log.slice(seen).filter((line) => line.level === level && !markers.has(line.operation));
  const markers = new Set<unknown>();
  /** A step that goes well after everything else: what was still to come of others has come by then, into the log too. */
  const another = async () => {
    const { id, finished } = w.slack.step('marker', {}, { unchecked: true });
    markers.add(id);
    assert.equal((await finished).state, 'failed');
    assert.equal((await track().finished).state, 'completed');
    await until(() => maro.log.some(({ operation }) => operation === id), 'the log has come so far');
  };
  const failedOnce = async (execution: Execution, sentence: RegExp) => {
    assert.match((await execution.finished).error ?? '', sentence);
    assert.deepEqual(
      execution.attempts.map(({ method }) => method),
      ['functions.completeError'],
    );
  };

  describe('whose outcome Slack does not take', () => {
    test('for its rate limit is completed after the time that Slack asks for', async () => {
      w.slack.trouble.rateLimit('functions.completeSuccess', { retryAfter: 1 });
      const before = w.slack.calls('functions.completeSuccess').length;
      const { state } = await track().finished;
      assert.equal(state, 'completed');
      const [refused, taken] = w.slack.calls('functions.completeSuccess').slice(before);
      assert.ok((taken?.at ?? 0) - (refused?.at ?? 0) >= 1_000);
    });

    for (const how of ['error', 'reset'] as const) {
      test(`while its Web API is away (${how}) is completed when that is back`, async () => {
        const before = w.slack.calls('functions.completeSuccess').length;
        w.slack.trouble.down(true, how);
        const execution = track();
        await until(() => w.slack.calls('functions.completeSuccess').length > before, 'Slack has been told once');
        w.slack.trouble.down(false);
        assert.equal((await execution.finished).state, 'completed');
      });
    }

    test('for a mishap of its own is completed a little later', async () => {
      w.slack.trouble.fail('functions.completeSuccess', 'internal_error');
      assert.equal((await track().finished).state, 'completed');
    });

    test('since somebody cancelled the workflow is over, and that is no error', async () => {
      const before = w.slack.calls('functions.completeSuccess').length;
      w.slack.trouble.fail('functions.completeSuccess', 'execution_not_in_running_state');
      track();
      await until(() => w.slack.calls('functions.completeSuccess').length > before, 'Slack has been told');
      await another();
      assert.equal(w.slack.calls('functions.completeSuccess').length, before + 2);
      assert.deepEqual([...logged('error'), ...logged('warn')], []);
    });

    test('is over likewise when Slack says so at length', async () => {
      const execution = track();
      await execution.finished;
      await w.slack.redeliver(execution);
      await until(() => execution.attempts.length === 2, 'the replay is answered');
      await another();
      assert.equal(execution.attempts[1]?.error, 'execution_not_in_running_state');
      assert.deepEqual([...logged('error'), ...logged('warn')], []);
    });

    test('because another manifest is installed fails with a sentence and does not hang', async () => {
      w.slack.trouble.fail('functions.completeSuccess', 'parameter_validation_failed');
      const { state, error } = await track().finished;
      assert.equal(state, 'failed');
      assert.match(error ?? '', /install the current manifest/);
    });

    test('since its token was revoked is given up at once, and said in the log', async () => {
      const before = w.slack.calls('functions.completeSuccess').length;
      w.slack.trouble.fail('functions.completeSuccess', 'invalid_auth', 3);
      track();
      await until(() => logged('error').length > 0, 'Maro has given up');
      assert.equal(w.slack.calls('functions.completeSuccess').length, before + 1);
      assert.equal(logged('error')[0]?.error, 'invalid_auth');
      for (const count of [2, 3]) {
        track();
        await until(() => logged('error').length === count, 'each of the three is given up');
      }
    });
  });

  describe('with inputs that Slack promises not to send', () => {
    const wrong: [what: string, change: Record<string, unknown>, sentence: RegExp][] = [
      ['a missing input', { issue_keys: undefined }, /“Issues” is empty/],
      ['null for an input', { channel_id: null }, /“Channel” is empty/],
      ['an empty input', { issue_keys: '' }, /“Issues” is empty/],
      ['a number for a text', { issue_keys: 7 }, /“Issues” isn’t text/],
      ['a list for a text', { issue_keys: ['PLAT-1'] }, /“Issues” isn’t text/],
      ['an object for a channel', { channel_id: { id: 'C1' } }, /“Channel” isn’t a channel/],
      ['a text for a boolean', { continue_on_error: 'yes' }, /“Continue if this step fails” isn’t true or false/],
      ['300 kB', { issue_keys: 'x'.repeat(300_000) }, /“Issues” is longer than 250,000 characters/],
      ['a channel that is none', { channel_id: '#checkout' }, /“Channel” isn’t a channel/],
      ['a channel of 5,000 letters', { channel_id: 'C'.repeat(5_000) }, /“Channel” isn’t a channel/],
      ['a person who is none', { user_id: '<!channel>' }, /“Requested by” isn’t a person/],
    ];
    for (const [what, change, sentence] of wrong) {
      test(`fails in words: ${what}`, async () => {
        const execution = track(change);
        await failedOnce(execution, sentence);
        assert.match(execution.error ?? '', /nothing was done\. Fix it in the workflow/);
      });
    }

    test('fails in words: a choice that there is not', async () => {
      const execution = w.slack.step('list', { channel_id: 'C1', status: 'parked' }, { unchecked: true });
      await failedOnce(execution, /“Status” isn’t one of All, To do, In progress, Done/);
    });

    for (const none of [null, [], 'text', 7]) {
      test(`fails in words: ${JSON.stringify(none)} for all of them`, async () => {
        await failedOnce(w.slack.step('track', none as never, { unchecked: true }), /“Channel” is empty/);
      });
    }

    test('goes on with them when it shall: the workflow is told in its outputs', async () => {
      const { outputs } = await track({ issue_keys: null, continue_on_error: true }).finished;
      const { error, ...rest } = outputs;
      assert.match(String(error), /“Issues” is empty/);
      assert.deepEqual(rest, { tracked: false, count: 0, issue_keys: '', skipped: '' });
    });

    test('passes over more than it knows, whatever that is called', async () => {
      const more = JSON.parse('{ "__proto__": { "continue_on_error": true }, "constructor": 1, "toString": "x" }');
      const { outputs } = await track({ ...more, issue_keys: 'PLAT-2' }).finished;
      assert.deepEqual([outputs.tracked, outputs.issue_keys], [true, 'PLAT-2']);
      await failedOnce(track({ ...more, issue_keys: 'PLAT-999' }), /PLAT-999: not found/);
    });

    test('stores and handles what PostgreSQL takes of a text', async () => {
      const hostile = 'PLAT-1\0 \ud800PLAT-2 \udc00';
      const execution = track({ issue_keys: hostile, message_link: `https://\0\ud800`, 'k\0\udfff': '\0\\u0000' });
      const { state, outputs } = await execution.finished;
      assert.deepEqual([state, outputs.issue_keys, outputs.error], ['completed', 'PLAT-1, PLAT-2', '']);
      const [stored] = await rows<{ inputs: { inputs: Record<string, string> } }>(
        w.databaseUrl,
        'select inputs from runs where run_id = $1',
        execution.id,
      );
      assert.deepEqual(stored?.inputs.inputs.k, '\\u0000');
    });
  });

  describe('in which something breaks', () => {
    test('between its acceptance and its work waits, and is done once when the database is back', async () => {
      w.jira.resetRequests();
      w.jira.trouble('bulkfetch', { kind: 'latency', ms: 400, times: 1 });
      const execution = track({ channel_id: 'C2' });
      await until(() => w.jira.count('bulkfetch') === 1, 'the work has begun');
      await wire.stop();
      await sleep(1_000);
      assert.equal(execution.attempts.length, 0, 'nothing is told that is not stored');
      await wire.start();
      await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
      assert.equal((await execution.finished).state, 'completed');
      await another();
      assert.equal(execution.attempts.length, 1);
      assert.equal((await rows(w.databaseUrl, "select from tracked_issues where channel_id = 'C2'")).length, 1);
    });

    test('that nobody thought of fails once, and names the line in the log', async () => {
      await rows(w.databaseUrl, 'alter table tracked_issues rename to gone');
      const execution = track();
      await failedOnce(execution, new RegExp(`^Something went wrong in Maro.* \\(code ${execution.id}\\)\\.$`));
      await until(() => logged('error').some(({ operation }) => operation === execution.id), 'the log has that line');
      const excused = await track({ continue_on_error: true }).finished;
      assert.equal(excused.outputs.tracked, false);
      await rows(w.databaseUrl, 'alter table gone rename to tracked_issues');
      await another();
      assert.equal(execution.attempts.length, 1);
    });

    test('before its acceptance waits, and is done once when the database is back', async () => {
      await wire.stop();
      // A statement on a connection that has just ended may be done; from the next one on it is certain that it is not.
      const [answer] = (await w.slack.command('/maro tracked')).messages;
      assert.match(words(answer), NO_DATABASE);
      const execution = track();
      await execution.delivered;
      assert.equal(execution.attempts.length, 0);
      await wire.start();
      assert.equal((await execution.finished).state, 'completed');
      await another();
      // Slack has delivered it again meanwhile, and that delivery may be told the outcome as well.
      assert.equal(execution.completions, 1);
    });

    test('so that nobody can tell whether it is stored is not acknowledged, and is done once when the database answers', async () => {
      wire.silence(true);
      wire.trips = 0;
      const execution = track({ channel_id: 'C3' });
      await until(() => wire.trips > 0, 'Maro waits for the database');
      assert.deepEqual(await execution.delivered, [{ ok: false, reason: 'http_timeout' }]);
      assert.equal(execution.attempts.length, 0);
      wire.silence(false);
      wire.cut();
      assert.equal((await execution.finished).state, 'completed');
      assert.equal(execution.completions, 1);
      assert.equal((await rows(w.databaseUrl, "select from tracked_issues where channel_id = 'C3'")).length, 1);
      await another();
    });

    test('delivered again while the database is away never fails the one that is under way', async () => {
      w.jira.resetRequests();
      w.jira.trouble('bulkfetch', { kind: 'latency', ms: 1_500, times: 1 });
      const execution = track({ channel_id: 'C4' });
      await until(() => w.jira.count('bulkfetch') === 1, 'the work has begun');
      await wire.stop();
      const again = w.slack.redeliver(execution, { retryNum: 1 });
      await sleep(500);
      assert.equal(execution.attempts.length, 0);
      await wire.start();
      assert.equal((await execution.finished).state, 'completed');
      await again;
      assert.equal((await rows(w.databaseUrl, "select from tracked_issues where channel_id = 'C4'")).length, 1);
      await another();
    });
  });

  describe('of another Maro', () => {
    for (const callback_id of ['close_ticket', '__proto__', 'constructor', '']) {
      test(`called "${callback_id}" is acknowledged and fails in words`, async () => {
        const execution = w.slack.step(callback_id, {}, { unchecked: true });
        assert.equal((await execution.delivered)[0]?.ok, true);
        await failedOnce(execution, /^This version of Maro doesn’t have this step, so nothing was done\./);
        await until(() => logged('warn').length > 0, 'the log says so');
      });
    }
  });

  test('nothing of all that is in the log, and no token', () => {
    assertPrivate([maro], w, ['PLAT-', 'xxxxxxxx', 'parked', '<!channel>', '#checkout', 'U0ADA']);
  });
});
