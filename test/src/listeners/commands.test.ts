import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Maro, startMaro, type World, words, world } from '../../maro.ts';
import { pings } from '../../pings.ts';
import { openWire, type Wire } from '../../wire.ts';

const PHRASES = [
  'now tracked',
  'tracked already',
  'no longer tracked',
  'was not tracked',
  'not found',
  'not an issue key',
  'not allowed',
  'another Jira site',
  'not checked',
];

describe('/maro', () => {
  let w: World;
  let wire: Wire;
  let maro: Maro;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    w.env.DATABASE_URL = `${wire.url}?max=1`;
    maro = await startMaro(w);
  });

  /** Types a command and reads its answer, which must be private. */
  async function type(text: string, who: { user?: string; channel?: string } = {}) {
    const [message] = (await w.slack.command(`/maro ${text}`, who)).messages;
    assert.ok(message?.ephemeral_to, 'only the person who asked sees the answer');
    return { text: words(message).trim(), message };
  }
  const lines = (text: string) => text.split('\n');

  test('a first command on a fresh database is answered', async () => {
    assert.match((await type('tracked')).text, /^\*No issues tracked in this channel yet\*/);
    assert.equal((await type('untrack PLAT-1')).text, 'PLAT-1: was not tracked');
  });

  test('every thing that was typed gets exactly one of the phrases', async () => {
    const { text } = await type(
      `track PLAT-1 plat-2,PLAT-2 ${w.jira.site}/browse/SHOP-1?x=1 PLAT-80 PLAT-999 utf-8 ../../x АБ-1 https://other.example/browse/PLAT-3`,
    );
    assert.deepEqual(
      lines(text).map((line) => line.split(' · ')[0]),
      [
        'PLAT-1: now tracked',
        'PLAT-2: now tracked',
        'SHOP-1: now tracked',
        'PLAT-80: not found. There’s no such issue, or Maro can’t see it.',
        'PLAT-999: not found. There’s no such issue, or Maro can’t see it.',
        'UTF-8: not found. There’s no such issue, or Maro can’t see it.',
        '../../x: not an issue key',
        'АБ-1: not an issue key',
        'https://other.example/browse/PLAT-3: another Jira site',
      ],
    );
    for (const line of lines(text)) assert.equal(PHRASES.filter((phrase) => line.includes(phrase)).length, 1, line);
  });

  test('an answer links the issue on its site', async () => {
    const { message } = await type('track PLAT-3');
    assert.match(JSON.stringify(message.blocks), new RegExp(`"url":"${w.jira.site}/browse/PLAT-3"`));
  });

  test('tracking again says so, and names the latest person in the list', async () => {
    await type('track PLAT-4', { channel: 'C2' });
    assert.match((await type('track PLAT-4', { channel: 'C2', user: 'ben' })).text, /^PLAT-4: tracked already/);
    const { text } = await type('tracked', { channel: 'C2' });
    assert.match(text, /^\*1 tracked issue\*/);
    assert.match(text, /Tracked by <@U0BEN>$/);
  });

  test('a moved issue is tracked under the key it has now, and found again by the old one', async () => {
    assert.match((await type('track PLAT-34', { channel: 'C3' })).text, /^SHOP-17 \(was PLAT-34\): now tracked/);
    assert.match((await type('track shop-17', { channel: 'C3' })).text, /^SHOP-17: tracked already/);
    assert.match(
      (await type('untrack PLAT-34', { channel: 'C3' })).text,
      /^SHOP-17 \(was PLAT-34\): no longer tracked/,
    );
  });

  test('a key alone shows the issue, and offers to track it where it is not tracked', async () => {
    const who = { channel: 'C3' };
    const { text, message } = await type('plat-3 PLAT-999 what is it', who);
    assert.match(text, /^PLAT-3 .*\n/);
    assert.match(
      text,
      /PLAT-999: not found\. There’s no such issue, or Maro can’t see it\. what is it: not an issue key\./,
    );
    assert.match(text, /PLAT-3 isn’t tracked in this channel\.\n.*Track$/s);
    const seen = await w.slack.press(message, 'Track');
    const after = seen.messages.at(-1) ?? (await seen.next());
    assert.match(words(after), /^PLAT-3: now tracked · /);
    assert.doesNotMatch((await type('PLAT-3', who)).text, /not tracked/);
    assert.equal(
      (await type('PLAT-999', who)).text,
      'PLAT-999: not found. There’s no such issue, or Maro can’t see it.',
    );
  });

  test('a misspelled command says which one is meant, and runs nothing', async () => {
    w.jira.resetRequests();
    assert.equal(
      (await type('trak PLAT-3x')).text,
      'Maro doesn’t know “trak”. Did you mean `/maro track`? `/maro help` lists every command.',
    );
    assert.match((await type('trakc PLAT-3')).text, /Did you mean `\/maro track`\?/);
    for (const text of ['__proto__', 'constructor']) assert.match((await type(text)).text, /^Maro doesn’t know “/);
    assert.match((await type('please')).text, /^Maro doesn’t know “please”\. `\/maro help` lists/);
    assert.match((await type('<!channel>'.repeat(9))).text, /^Maro doesn’t know “&lt;!channel&gt;.*…”/);
    assert.equal(w.jira.count(), 0);
  });

  test('people, channels and signs among the words are read as people see them', async () => {
    const { text } = await type('track PLAT-1 about @ben in #platform & more');
    assert.deepEqual(lines(text).slice(1), ['about @ben in #platform more: not an issue key']);
    assert.match((await type('R&D')).text, /^Maro doesn’t know “r&amp;d”\./);
    assert.match((await type('@ben')).text, /^Maro doesn’t know “@ben”\./);
    assert.match((await type(`track <${w.jira.site}/browse/PLAT-1>`)).text, /^PLAT-1: tracked already/);
  });

  test('a person who is mentioned by the id alone is shown by name', async () => {
    const delivery = {
      command: '/maro',
      text: 'track <@U0BEN>',
      channel_id: 'C1',
      user_id: 'U0ADA',
      team_id: 'T0ACME',
    };
    const ack = await w.slack.deliver('slash_commands', delivery);
    assert.equal(words(ack.ok && ack.body).trim(), '@ben: not an issue key');
  });

  test('many keys are untracked at once, and each is answered', async () => {
    await type('track PLAT-5 PLAT-6', { channel: 'D1' });
    const { text } = await type('untrack plat-5\nPLAT-6, PLAT-7 nonsense', { channel: 'D1' });
    assert.deepEqual(lines(text), [
      'PLAT-5: no longer tracked',
      'PLAT-6: no longer tracked',
      'PLAT-7: was not tracked',
      'nonsense: not an issue key',
      'Undo',
    ]);
  });

  test('the list is grouped by status category, whatever language the statuses are in, newest first', async () => {
    const who = { channel: 'C4', user: 'noa' };
    for (const key of ['SHOP-3', 'PLAT-5', 'SHOP-4', 'SHOP-2', 'SHOP-8']) await type(`track ${key}`, who);
    const { text } = await type('list', who);
    const parts = [...text.matchAll(/\*(In progress|To do|Done)\*|\|([A-Z]+-\d+)>/g)].map(
      ([, title, key]) => title ?? key,
    );
    assert.deepEqual(parts, ['In progress', 'SHOP-8', 'PLAT-5', 'SHOP-3', 'To do', 'SHOP-4', 'Done']);
    assert.match(text, /^\*4 open issues of 5\*\n/);
    assert.match(
      text,
      /\|SHOP-8> .* · Warten auf Kunde · .*\n.*Updated from Jira <!date\^\d+.*> · Tracked by <@U0NOA>$/s,
    );
    assert.match((await type('tracked in progress', who)).text, /^\*3 in-progress issues of 5\*/);
    assert.match((await type('tracked To-Do', who)).text, /\|SHOP-4> /);
    assert.match((await type('tracked done', who)).text, /^\*1 done issue of 5\*\n.*\|SHOP-2> /s);
  });

  test('what Jira says is shown as it is, and pings and links nothing', async () => {
    const hostile = ['PLAT-90', 'PLAT-91', 'PLAT-92', 'PLAT-93', 'PLAT-94', 'PLAT-95', 'PLAT-96'];
    const { message } = await type(`track ${hostile.join(' ')}`, { user: 'cyd' });
    const list = (await type('tracked')).message;
    for (const shown of [message, list]) {
      const ours = new RegExp(
        `^(link |<)?${w.jira.site}/browse/[A-Z]+-\\d+(\\|[A-Z]+-\\d+>)?$|^<@U0(ADA|CYD)>$|^<!date\\^`,
      );
      assert.deepEqual(
        pings(shown).filter((ping) => !ours.test(ping)),
        [],
      );
      assert.doesNotMatch(JSON.stringify(shown.blocks), /[\u202a-\u202e\u2066-\u2069]/);
      assert.match(words(shown), /(<|&lt;)!channel(>|&gt;) everybody look/);
    }
  });

  test('a hundred keys are one call to Jira and one trip to the database; a hundred and one change nothing', async () => {
    const keys = Array.from({ length: 100 }, (_, n) => w.jira.issues.create('SHOP', { summary: `Los ${n}` }).key);
    await type('track PLAT-1', { channel: 'C2' });
    w.jira.resetRequests();
    wire.trips = 0;
    const { text } = await type(`track ${keys.join(' ')}`, { channel: 'C2' });
    assert.equal(lines(text).length, 100);
    assert.ok(lines(text).every((line) => line.endsWith('now tracked')));
    assert.equal(w.jira.count(), 1);
    assert.equal(wire.trips, 1);

    const refused = await type(`untrack ${keys.join(',')} PLAT-1`, { channel: 'C2' });
    assert.match(refused.text, /^That’s 101 issues, and the limit is 100\. Nothing changed\. Split them up\.$/);
    assert.match((await type('tracked', { channel: 'C2' })).text, /^\*102 tracked issues\*/);
  });

  test('the list says how many more there are than fit, and costs one trip and no call to Jira or Slack', async () => {
    await type('tracked', { channel: 'C2' });
    w.jira.resetRequests();
    wire.trips = 0;
    const calls = w.slack.calls().length;
    const { text } = await type('tracked', { channel: 'C2' });
    assert.equal(w.jira.count(), 0);
    assert.equal(wire.trips, 1);
    assert.equal(w.slack.calls().length, calls);
    assert.match(text, /1–15 of 102 · Updated/);
  });

  test('untracking is one trip to the database and no call to Jira', async () => {
    await type('untrack PLAT-1', { channel: 'C2' });
    w.jira.resetRequests();
    wire.trips = 0;
    await type('untrack SHOP-1 PLAT-4', { channel: 'C2' });
    assert.equal(w.jira.count(), 0);
    assert.equal(wire.trips, 1);
  });

  test('help gets the help', async () => {
    for (const text of ['help', 'HELP']) {
      assert.match((await type(text)).text, /^Maro tracks the Jira issues/, text);
    }
  });

  test('track and untrack say what is missing if no key was typed', async () => {
    assert.match((await type('track ,')).text, /^Nothing was tracked\. Add an issue key, such as PLAT-12\.$/);
    assert.match((await type('untrack ,, ')).text, /^Nothing was untracked\. Add an issue key, such as PLAT-12\.$/);
  });

  test('no command left anything that Slack refused, or a line in the log that quotes it', () => {
    assert.deepEqual(w.slack.refusals, []);
    assert.doesNotMatch(maro.written(), /PLAT-|SHOP-|Los \d|nonsense|xoxb-|xapp-|sandbox-api-token/);
  });
});

describe('/maro with JIRA_PROJECTS', () => {
  test('issues of other projects are not allowed, by the key they have now, and missing ones read alike', async () => {
    const w = await world();
    await startMaro(w, { JIRA_PROJECTS: 'PLAT' });
    const [message] = (await w.slack.command('/maro track PLAT-1 SHOP-1 PLAT-34 SHOP-999 PLAT-999 LEGACY-7')).messages;
    const answers = words(message)
      .trim()
      .split('\n')
      .map((line) => /^(\S+).*?: ([a-z ]+)/.exec(line)?.slice(1).join(' ').trim());
    assert.deepEqual(answers, [
      'PLAT-1 now tracked',
      'SHOP-1 not allowed',
      'PLAT-34 not allowed',
      'SHOP-999 not allowed',
      'PLAT-999 not found',
      'PLAT-12 now tracked',
    ]);
  });
});
