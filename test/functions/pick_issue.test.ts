import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Message } from '../../sandbox/slack/messages.ts';
import { startMaro, until, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

describe('the step pick_issue', () => {
  let w: World;
  let maro: Awaited<ReturnType<typeof startMaro>>;
  beforeEach(async () => {
    w = await world();
    maro = await startMaro(w);
    await w.slack.command('/maro track PLAT-1 PLAT-3 PLAT-4', { channel: 'C1' });
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  const start = (inputs: object = {}) =>
    w.slack.step('pick_issue', { channel_id: 'C1', question: 'Which issue is it?', ...inputs });
  const parked = async (count = 1) =>
    until(async () => {
      const waiting = "select from runs where claimed_by = '' and finished_at is null";
      return (await rows(w.databaseUrl, waiting)).length === count;
    }, `${count} steps wait`);
  const questions = (channel = 'C1', user = 'ada') =>
    w.slack.messages(channel, user).filter(({ text, ephemeral_to }) => /Which issue/.test(text) && !ephemeral_to);
  async function question(channel = 'C1', user = 'ada'): Promise<Message> {
    await until(() => questions(channel, user).length > 0, 'the question is posted');
    await parked();
    return questions(channel, user).at(-1) as Message;
  }
  const valueFor = (message: Message, key: string) =>
    new RegExp(`"value":"(\\S+ \\S+ ${key})"`).exec(JSON.stringify(message.blocks))?.[1];
  async function choose(message: Message, key: string, user = 'ada'): Promise<string> {
    const seen = await w.slack.press(message, 'Choose', { value: valueFor(message, key), user });
    return words((seen.messages.at(-1) ?? (await seen.next())).blocks).trim();
  }
  test('asks in the channel, and completes with the issue that somebody chose', async () => {
    const { finished } = start();
    const message = await question();
    const text = words(message.blocks);
    assert.match(text, /^\*Which issue is it\?\*\n<[^|]*\|PLAT-\d> /);
    assert.match(await choose(message, 'PLAT-3'), /^\*Which issue is it\?\*\n<@U0ADA> chose PLAT-3\.$/);
    const { state, outputs } = await finished;
    assert.equal(state, 'completed');
    assert.deepEqual(outputs, {
      picked: true,
      timed_out: false,
      issue_key: 'PLAT-3',
      issue_url: `${w.jira.site}/browse/PLAT-3`,
      summary: 'Stay signed in on a phone for thirty days',
      status: outputs.status,
      picked_by: '<@U0ADA>',
      error: '',
    });
    const [left] = w.slack.messages('C1', 'ada').filter(({ ts }) => ts === message.ts);
    assert.match(words(left?.blocks), /<@U0ADA> chose <[^|]*\|PLAT-3> Stay signed in/);
    assert.doesNotMatch(JSON.stringify(left?.blocks), /pick:/);
  });

  test('asks one person in a direct message, and nobody else', async () => {
    const { finished } = start({ user_id: 'U0ADA', ask_in: 'direct_message' });
    const message = await question('D1');
    assert.equal(questions('C1').length, 0);
    await choose(message, 'PLAT-4');
    assert.deepEqual([(await finished).outputs.issue_key, (await finished).outputs.picked_by], ['PLAT-4', '<@U0ADA>']);
    assert.match(words(w.slack.messages('D1', 'ada').find(({ ts }) => ts === message.ts)?.blocks), /\|PLAT-4> /);
  });

  test('lets only the named person choose', async () => {
    const { finished } = start({ user_id: 'U0ADA' });
    const message = await question();
    assert.match(message.text, /^<@U0ADA> Which issue/);
    const refused = await w.slack.press(message, 'Choose', { value: valueFor(message, 'PLAT-1'), user: 'ben' });
    assert.equal((refused.messages.at(-1) ?? (await refused.next())).text, 'Only <@U0ADA> can choose here.');
    await choose(message, 'PLAT-3');
    assert.equal((await finished).outputs.issue_key, 'PLAT-3');
  });

  test('takes the first choice of two at once, and tells the other person', async () => {
    const { finished } = start();
    const message = await question();
    const press = (key: string, user: string) =>
      w.slack.press(message, 'Choose', { value: valueFor(message, key), user });
    await Promise.all([press('PLAT-1', 'ada'), press('PLAT-3', 'ben')]);
    const { outputs } = await finished;
    const [winner, loser] = outputs.issue_key === 'PLAT-1' ? ['<@U0ADA>', 'ben'] : ['<@U0BEN>', 'ada'];
    const sentence = `${winner} chose ${outputs.issue_key} already.`;
    const isTold = () => w.slack.messages('C1', loser).some(({ text }) => text === sentence);
    await until(isTold, 'the other person is told');
    assert.equal(outputs.picked_by, winner);
    assert.equal(w.slack.calls('functions.completeSuccess').length, 1);
  });

  test('offers the other issues of the channel in a menu, by key and by words', async () => {
    await w.slack.command('/maro track PLAT-5 PLAT-6 PLAT-7 PLAT-8 PLAT-2', { channel: 'C1' });
    const { finished } = start();
    const message = await question();
    assert.equal(JSON.stringify(message.blocks).match(/"pick:choose"/g)?.length, 5);
    const labels = async (typed: string) =>
      (await w.slack.suggest(message, 'pick:menu', typed)).map(({ text }) => text.text.split(' ')[0]);
    assert.equal((await labels('')).length, 8);
    assert.deepEqual(await labels('ACCOUNT company'), ['PLAT-2']);
    assert.deepEqual(await labels('plat-2'), ['PLAT-2']);
    assert.deepEqual(await labels('quagga'), []);
    const [option] = await w.slack.suggest(message, 'pick:menu', 'company');
    await w.slack.press(message, 'pick:menu', { value: option });
    assert.equal((await finished).outputs.issue_key, 'PLAT-2');
  });

  test('goes on without a choice when the time is over, and a later press says so', async () => {
    const { finished } = start({ hours: 1 });
    const message = await question();
    await rows(w.databaseUrl, 'update waits set until_at = now()');
    const late = await w.slack.press(message, 'Choose', { value: valueFor(message, 'PLAT-1') });
    const said = (late.messages.at(-1) ?? (await late.next())).text;
    assert.equal(said, 'The time to choose is over, and the workflow went on.');
    await rows(w.databaseUrl, 'update runs set due_at = now() where finished_at is null');
    const { state, outputs } = await finished;
    assert.deepEqual([state, outputs.picked, outputs.timed_out, outputs.issue_key], ['completed', false, true, '']);
    const after = w.slack.messages('C1', 'ada').find(({ ts }) => ts === message.ts);
    assert.match(words(after?.blocks), /Nobody chose in time\./);
  });

  test('asks once and goes on in another process when the one that asked has ended', async () => {
    const { finished } = start();
    const message = await question();
    await maro.stop();
    await startMaro(w);
    await choose(message, 'PLAT-3');
    assert.equal((await finished).outputs.issue_key, 'PLAT-3');
    assert.equal(w.slack.calls('chat.postMessage').length, 1);
  });

  test('asks once though the process died right after it had posted', async () => {
    const { finished } = start();
    const { ts } = await question();
    // What the database has if the process died before it stored where the question is.
    await rows(
      w.databaseUrl,
      `with w as (update waits set asked_in = null, asked_ts = null)
       update runs set attempts = 1, claimed_by = 'a dead process', due_at = now() where finished_at is null`,
    );
    const isStored = async () => (await rows(w.databaseUrl, `select from waits where asked_ts = '${ts}'`)).length === 1;
    await until(isStored, 'the question is found');
    assert.equal(questions().length, 1);
    await choose(await question(), 'PLAT-3');
    assert.equal((await finished).outputs.issue_key, 'PLAT-3');
    assert.equal(w.slack.calls('chat.postMessage').length, 1);
  });

  test('asks once in direct messages if the process dies right after it has posted', async () => {
    const { finished } = start({ user_id: 'U0ADA', ask_in: 'direct_message' });
    const message = await question('D1');
    await rows(
      w.databaseUrl,
      `with w as (update waits set asked_in = 'U0ADA', asked_ts = null)
       update runs set attempts = 1, claimed_by = 'a dead process', due_at = now() where finished_at is null`,
    );
    await parked();
    await choose(message, 'PLAT-3');
    const { state, outputs } = await finished;
    assert.deepEqual([state, outputs.issue_key], ['completed', 'PLAT-3']);
    assert.match(words(w.slack.messages('D1', 'ada').find(({ ts }) => ts === message.ts)?.blocks), /chose PLAT-3\.$/m);
    assert.equal(w.slack.calls('chat.postMessage').length, 1);
  });

  test('asks in direct messages if the process dies before it has posted', async () => {
    const { finished } = start({ user_id: 'U0ADA', ask_in: 'direct_message' });
    await question('D1');
    await rows(
      w.databaseUrl,
      `with w as (update waits set asked_in = null, asked_ts = null)
       update runs set attempts = 1, claimed_by = 'a dead process', due_at = now() where finished_at is null`,
    );
    await until(() => questions('D1').length === 2, 'the person is asked');
    await choose(questions('D1').at(-1) as Message, 'PLAT-4');
    assert.equal((await finished).outputs.issue_key, 'PLAT-4');
  });

  test('takes no choice after the workflow has ended in another way', async () => {
    start();
    const message = await question();
    await rows(w.databaseUrl, "update runs set finished_at = now(), outcome = '{}', told_at = now()");
    const late = await w.slack.press(message, 'Choose', { value: valueFor(message, 'PLAT-1') });
    const said = (late.messages.at(-1) ?? (await late.next())).text;
    assert.equal(said, 'The time to choose is over, and the workflow went on.');
  });

  test('says why Slack refuses the question, and goes on with that when told to', async () => {
    w.slack.workspace.channel('C1').app_is_member = false;
    const sentence = /^Maro isn’t in this channel, so nothing was posted there\. Invite it/;
    assert.match(String((await start().finished).error), sentence);
    const { state, outputs } = await start({ continue_on_error: true }).finished;
    assert.deepEqual([state, outputs.picked], ['completed', false]);
    assert.match(String(outputs.error), sentence);
    w.slack.workspace.channel('C1').app_is_member = true;
    w.slack.refusals.splice(0);
  });

  test('waits on while Jira does not answer, and keeps the choice', async () => {
    const { finished } = start();
    const message = await question();
    w.jira.trouble('all', { kind: 'server_error', status: 503 });
    await choose(message, 'PLAT-3');
    await until(async () => {
      const later =
        "select from runs where claimed_by = '' and finished_at is null and due_at < now() + interval '2 minutes'";
      return (await rows(w.databaseUrl, later)).length === 1;
    }, 'the step is put off');
    w.jira.trouble('all', undefined);
    await rows(w.databaseUrl, "update runs set due_at = now() where claimed_by = ''");
    assert.equal((await finished).outputs.issue_key, 'PLAT-3');
  });

  test('fails when the chosen issue is gone', async () => {
    const { finished } = start();
    const message = await question();
    w.jira.issues.remove('PLAT-3');
    await choose(message, 'PLAT-3');
    assert.match(String((await finished).error), /^PLAT-3 was chosen, and Maro couldn’t read it\. PLAT-3: not found\./);
  });

  for (const [inputs, sentence] of [
    [{ channel_id: 'C2' }, 'Maro didn’t ask. This channel tracks no issues.'],
    [{ ask_in: 'direct_message' }, 'Maro didn’t ask. A direct message needs a “Person”.'],
    [{ hours: 0 }, 'Maro didn’t ask. “Hours to wait” is 0. It can be 1 to 672.'],
    [{ hours: 673 }, 'Maro didn’t ask. “Hours to wait” is 673. It can be 1 to 672.'],
  ] as const) {
    test(`does not ask with ${JSON.stringify(inputs)}`, async () => {
      assert.equal((await start(inputs).finished).error, sentence);
      assert.equal(questions().length, 0);
    });
  }
});
