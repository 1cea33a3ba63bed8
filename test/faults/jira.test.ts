import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Trouble } from '../../sandbox/jira/index.ts';
import { launch, type Maro, ready, startMaro, until, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';

const SLOW = 'Jira is slow right now. The answer will appear here in a moment.';
const NO_ANSWER = 'not checked. Jira isn’t answering. Try again in a minute.';

/** Types a command, which Slack refuses when it is not acknowledged in three seconds; reads its last answer. */
async function type({ slack }: World, text: string): Promise<{ first: string; last: string }> {
  const seen = await slack.command(`/maro ${text}`);
  const [message] = seen.messages;
  const first = words(message).trim();
  if (first !== SLOW) return { first, last: first };
  const later = await seen.next();
  assert.equal(later.ephemeral_to, message?.ephemeral_to, 'the later answer is as private as the first');
  return { first, last: words(later).trim() };
}

describe('while Jira is in trouble', () => {
  let w: World;
  let maro: Maro;
  const typed: string[] = [];
  before(async () => {
    w = await world();
    maro = await startMaro(w);
    assert.match(await answer('track PLAT-20 PLAT-21'), /^PLAT-20: now tracked .*\nPLAT-21: now tracked/);
  });

  async function answer(text: string): Promise<string> {
    typed.push(...text.split(' ').slice(1));
    return (await type(w, text)).last;
  }

  for (const [trouble, sentence] of [
    [{ kind: 'server_error', status: 500 }, 'Jira isn’t answering. Try again in a minute.'],
    [{ kind: 'server_error', status: 502 }, 'Jira isn’t answering. Try again in a minute.'],
    [
      { kind: 'html' },
      'Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ],
    [
      { kind: 'broken_json' },
      'Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ],
    [
      { kind: 'empty' },
      'Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ],
    [
      { kind: 'huge' },
      'Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ],
    [
      { kind: 'no_fields' },
      'Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ],
    [
      { kind: 'redirect' },
      'Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ],
    [{ kind: 'rate_limited', headers: {} }, 'Jira asked Maro to slow down. Try again in a minute.'],
  ] as const satisfies (readonly [Trouble, string])[]) {
    const { kind, ...details } = trouble;
    test(`track says why nothing was checked (${kind} ${JSON.stringify(details)})`, async () => {
      w.jira.trouble('all', trouble);
      assert.equal(
        await answer('track PLAT-1 SHOP-1'),
        `PLAT-1: not checked. ${sentence}\nSHOP-1: not checked. ${sentence}`,
      );
      w.jira.trouble('all', undefined);
    });
  }

  test('track says that the login is refused to everybody, and the log says it once', async () => {
    for (const kind of ['unauthorized', 'forbidden', 'anonymous'] as const) {
      w.jira.trouble('all', { kind });
      assert.match(
        await answer('track PLAT-1'),
        /^PLAT-1: not checked. Jira refused Maro’s login\. Ask your Maro admin to renew it \(code login_refused\)/,
      );
    }
    w.jira.trouble('all', undefined);
    const told = maro.log.filter(({ trouble }) => trouble === 'login_refused');
    assert.deepEqual(
      told.map(({ level, msg }) => [level, msg]),
      [['error', "Jira refused Maro's login: check JIRA_EMAIL and its token"]],
    );
  });

  test('of many keys that could not be checked it is said why, too', async () => {
    w.jira.trouble('all', { kind: 'html' });
    const keys = Array.from({ length: 100 }, (_, i) => `PLAT-${i + 1}`);
    const told = await answer(`track ${keys.join(' ')}`);
    w.jira.trouble('all', undefined);
    assert.deepEqual(told.split('\n'), [
      ...keys.map((key) => `${key}: not checked`),
      'Not checked: Jira sent an answer that Maro can’t read. Ask your Maro admin to look into it (code unreadable).',
    ]);
  });

  test('keys as long as keys may be still fit an answer', async () => {
    const keys = Array.from({ length: 100 }, (_, i) => `${'P'.repeat(250)}-${i + 1}`);
    const told = await answer(`track ${keys.join(' ')}`);
    assert.deepEqual(new Set(told.split('\n')), new Set([`${'P'.repeat(79)}…: not found`]));
  });

  test('nothing was tracked by all this', async () => {
    assert.match(await answer('tracked'), /^\*2 tracked issues/);
  });

  test('a slow Jira is answered for in time, and what came of it comes later', async () => {
    const { jira } = w;
    const asked = jira.count('bulkfetch');
    jira.trouble('bulkfetch', { kind: 'no_answer', times: 1 });
    const silent = type(w, 'track PLAT-1');
    await until(() => jira.count('bulkfetch') === asked + 1, 'the first command has asked Jira');
    jira.trouble('bulkfetch', { kind: 'stalled_body', times: 1 });
    const step = w.slack.step('track', { channel_id: 'C2', issue_keys: 'PLAT-5' });
    await until(() => jira.count('bulkfetch') === asked + 2, 'the step has asked Jira');
    const askedOne = jira.count('issue');
    jira.trouble('issue', { kind: 'stalled_body', times: 1 });
    const partly = type(w, 'track PLAT-3 LEGACY-7');
    await until(() => jira.count('issue') === askedOne + 1, 'the second command has asked Jira for one issue');
    for (const endpoint of ['bulkfetch', 'issue'] as const)
      jira.trouble(endpoint, { kind: 'latency', ms: 1_300, times: 1 });
    const slow = type(w, 'track LEGACY-9');

    assert.match(await answer('tracked'), /^\*2 tracked issues/, 'other commands do not wait');
    assert.deepEqual(await silent, { first: SLOW, last: `PLAT-1: ${NO_ANSWER}` });
    const { first, last } = await slow;
    assert.equal(first, SLOW);
    assert.match(last, /^SHOP-14 \(was LEGACY-9\): now tracked · /);
    const part = await partly;
    assert.equal(part.first, SLOW);
    assert.match(part.last, /^PLAT-3: now tracked · .*\nLEGACY-7: not checked. Jira isn’t answering. Try again/);
    const { error } = await step.finished;
    assert.equal(error, 'Nothing was tracked. PLAT-5: not checked. Jira isn’t answering. Try again in a minute.');
  });

  test('a link that comes late is answered by its card alone, and leaves nothing to do', async () => {
    w.jira.trouble('bulkfetch', { kind: 'latency', ms: 2_200, times: 1 });
    const seen = await w.slack.command('/maro link PLAT-14', { channel: 'C2' });
    assert.equal(words(seen.messages[0]).trim(), SLOW);
    const left = () => rows(w.databaseUrl, 'select from runs where due_at is not null');
    const cards = () => w.slack.messages('C2', 'ben').filter((message) => words(message).includes('PLAT-14'));
    await until(
      async () => cards().length > 0 && (await left()).length === 0,
      'the card is there, and nothing is left',
    );
    assert.equal(cards().length, 1);
    assert.equal(w.slack.messages('C2', 'ada').filter(({ ephemeral_to }) => ephemeral_to === 'U0ADA').length, 1);
    assert.deepEqual(w.slack.refusals, []);
  });

  test('while Jira is down, track says so, and tracked and untrack work without it', async () => {
    await w.jira.down();
    assert.equal(await answer('track PLAT-7'), `PLAT-7: ${NO_ANSWER}`);
    w.jira.resetRequests();
    assert.match(await answer('tracked'), /^\*4 tracked issues/);
    assert.equal(
      await answer(`untrack PLAT-20 ${w.jira.site}/browse/PLAT-7`),
      'PLAT-20: no longer tracked\nPLAT-7: was not tracked\nUndo',
    );
    await w.jira.up();
    assert.match(await answer('tracked'), /^\*3 tracked issues/);
    assert.equal(w.jira.count(), 0);
    assert.match(await answer('track PLAT-7'), /^PLAT-7: now tracked/, 'and all is well when it is back');
  });

  test('a wait that Jira asks for is kept, and one that is too long is told at once and kept as well', async () => {
    const { jira } = w;
    jira.resetRequests();
    jira.trouble('bulkfetch', { kind: 'rate_limited', times: 1 });
    assert.match(await answer('track PLAT-10'), /^PLAT-10: now tracked/);
    const [refused, again] = jira.requests.map(({ at }) => +at);
    assert.ok((again ?? 0) - (refused ?? 0) >= 1_995);

    jira.resetRequests();
    jira.trouble('bulkfetch', { kind: 'rate_limited', headers: { 'Retry-After': '600' } });
    const slowDown = /^PLAT-11: not checked. Jira asked Maro to slow down. Try again in 10 minutes.$/;
    assert.match(await answer('track PLAT-11'), slowDown);
    assert.match(await answer('track PLAT-11'), slowDown);
    assert.equal(jira.count(), 1);
    assert.match(await answer('untrack PLAT-10'), /^PLAT-10: no longer tracked\n/);
  });

  test('Slack refused nothing, and the log holds no secret, no summary and nothing that was typed', () => {
    assert.deepEqual(w.slack.refusals, []);
    assertPrivate([maro], w, typed);
    assert.doesNotMatch(maro.written(), /Atlassian|<html|Log in/i);
    assert.deepEqual(
      maro.log.filter(({ msg }) => msg === 'a defect in Maro'),
      [],
    );
  });
});

describe('when Jira is down as Maro starts', () => {
  test('Maro starts, says so to whoever asks, and works when Jira is back', async () => {
    const w = await world();
    await w.jira.down();
    const maro = launch(w.env);
    await Promise.all([ready(maro), w.slack.connected()]);
    const link = 'https://acme.example/browse/PLAT-2';
    const { last } = await type(w, `track PLAT-1 ${link}`);
    assert.equal(last, `PLAT-1: ${NO_ANSWER}\n${link}: ${NO_ANSWER}`);
    assert.match((await type(w, 'tracked')).last, /No issues tracked/);
    await w.jira.up();
    assert.match(
      (await type(w, `track PLAT-1 ${link}`)).last,
      /^PLAT-1: now tracked .*\nhttps:\S+: another Jira site$/,
    );
    assert.deepEqual(w.slack.refusals, []);
    assertPrivate([maro], w, ['PLAT-', 'acme.example']);
  });
});
