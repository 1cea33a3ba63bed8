import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution, Message } from '../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, words, world } from '../maro.ts';
import { pings } from '../pings.ts';
import { rows } from '../rows.ts';
import { openWire, type Wire } from '../wire.ts';

describe('the step post_ticket', () => {
  let w: World;
  let wire: Wire;
  let maro: Maro;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    maro = await startMaro(w, { DATABASE_URL: wire.url });
  });
  afterEach(() => {
    w.jira.trouble('all', undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const run = (issue_keys: string, inputs: object = {}): Promise<Execution> =>
    w.slack.step('post_ticket', { channel_id: 'C1', issue_keys, ...inputs }).finished;
  const track = (issue_keys: string) => w.slack.step('track', { channel_id: 'C1', issue_keys }).finished;
  const last = (channel = 'C1', user = 'ben') => w.slack.messages(channel, user).at(-1) as Message;
  const calls = () => w.slack.calls('chat.postMessage');
  const blockIds = (message: Message) => message.blocks.map(({ block_id }) => block_id);

  test('shows everybody a card: key, summary, type, status and assignee, with a link', async () => {
    const { outputs } = await run('plat-5');
    const message = last();
    assert.match(
      words(message),
      /^PLAT-5 Sign-in loops when the clock is five minutes off\nBug · In Progress · Aisha Rahman\n/,
    );
    assert.deepEqual(pings(message.blocks), [`link ${w.jira.site}/browse/PLAT-5`]);
    assert.equal(message.text, 'PLAT-5 Sign-in loops when the clock is five minutes off');
    const message_link = `https://acme.slack.com/archives/C1/p${message.ts.replace('.', '')}`;
    assert.deepEqual(outputs, { posted: true, message_link, error: '' });
    assert.deepEqual(blockIds(message), ['ticket', 'untrack']);
    assert.match(words(message), /\nOpenMove to…More…$/);
  });

  test('asks Jira once and Slack once', async () => {
    w.jira.resetRequests();
    const before = calls().length;
    const { state } = await run('PLAT-5');
    assert.equal(state, 'completed');
    assert.deepEqual([w.jira.count(), calls().length - before], [1, 1]);
  });

  test('posts into a thread, and links there', async () => {
    const { ts } = w.slack.post('It loops again', { channel: 'C1' });
    const { outputs } = await run('PLAT-5', { thread_ts: ts });
    const message = last();
    assert.equal(message.thread_ts, ts);
    assert.match(String(outputs.message_link), new RegExp(`/p\\d+\\?thread_ts=${ts}&cid=C1$`));
  });

  test('posts into the thread of a message in every form in which Slack names it', async () => {
    const { ts } = w.slack.post('It loops again', { channel: 'C1' });
    const link = `https://acme.slack.com/archives/C1/p${ts.replace('.', '')}`;
    const reply = `<https://acme.slack.com/archives/C1/p9000000000000100?thread_ts=${ts}&amp;cid=C1|reply>`;
    for (const thread_ts of [link, reply, JSON.stringify({ message_ts: ts, channel_id: 'C1' })]) {
      await run('PLAT-5', { thread_ts });
      assert.equal(last().thread_ts, ts);
    }
  });

  test('shows the words of a formatted note below the note, and pings nobody with them', async () => {
    const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
    const text = (words: string) => ({ type: 'text', text: words, style: { bold: true } });
    const elements = [
      section(text('Ask '), { type: 'user', user_id: 'U0BEN' }, text(' or '), { type: 'broadcast', range: 'here' }),
      { type: 'rich_text_list', style: 'bullet', indent: 0, elements: [section(text('today'))] },
    ];
    await track('PLAT-5');
    await run('PLAT-5', { note: 'Look', formatted_note: { type: 'rich_text', elements } });
    const message = last();
    const { name } = w.slack.workspace.users.find(({ id }) => id === 'U0BEN') ?? assert.fail();
    assert.ok(words(message).includes(`Look\nAsk @${name} or @here\n• today`), words(message));
    assert.deepEqual(pings(message.blocks), [`link ${w.jira.site}/browse/PLAT-5`]);
  });

  test('says on top what the person did, with a link, and says so in the notification', async () => {
    await run('PLAT-5', { user_id: 'U0ADA', headline: 'created PLAT-5' });
    const message = last();
    assert.match(words(message), /^@U0ADA created PLAT-5\nPLAT-5 Sign-in loops/);
    assert.equal(message.text, '<@U0ADA> created PLAT-5: Sign-in loops when the clock is five minutes off');
    assert.deepEqual(pings(message.blocks.slice(0, 1)), ['user U0ADA', `link ${w.jira.site}/browse/PLAT-5`]);
  });

  test('pings nobody with what happened', async () => {
    await run('PLAT-5', { user_id: 'U0ADA', headline: '<!channel> <@U0BEN> <https://evil.example|here>' });
    const message = last();
    assert.deepEqual(pings(message.blocks.slice(0, 1)), ['user U0ADA']);
    assert.doesNotMatch(message.text, /<!channel>|<@U0BEN>|<https/);
  });

  test('says that nobody is assigned', async () => {
    await run('PLAT-4');
    assert.match(words(last()), /Story · To Do · Unassigned/);
  });

  test('lists several, each once, under the keys they have now', async () => {
    await run('PLAT-1 plat-1, SHOP-1 PLAT-34 SHOP-17');
    const text = words(last());
    assert.deepEqual(text.match(/(PLAT|SHOP)-\d+/g), ['PLAT-1', 'SHOP-1', 'SHOP-17']);
    assert.match(text, /SHOP-1 Bezahlen in zwei Schritten · Epic · In Arbeit · Tobias Krämer/);
  });

  test('shows as many as Slack takes, and how many there are beyond', async () => {
    const keys = Array.from({ length: 100 }, () => w.jira.issues.create('PLAT', { summary: 's'.repeat(255) }).key);
    const { outputs } = await run(keys.join(' '));
    assert.equal(outputs.posted, true);
    assert.match(words(last()), /… and \d\d more/);
  });

  test('shows a note, and no note that is empty', async () => {
    await track('PLAT-5');
    await run('PLAT-5', { note: 'Found by the night shift' });
    assert.match(words(last()), /Aisha Rahman\nFound by the night shift\nOpenMove to…More…$/);
    await run('PLAT-5', { note: ' ' });
    assert.match(words(last()), /Aisha Rahman\nOpenMove to…More…$/);
  });

  test('pings nobody with what Jira or the note says', async () => {
    await run('PLAT-90 PLAT-91', { note: '<!channel> <@U0ADA> <https://evil.example|here> @here' });
    const message = last();
    assert.deepEqual(pings({ type: 'message', text: message.text }), []);
    assert.deepEqual(
      pings(message.blocks),
      ['PLAT-90', 'PLAT-91'].map((key) => `link ${w.jira.site}/browse/${key}`),
    );
    assert.match(words(message), /<!channel> everybody look at <!here>/);
  });

  test('posts what it can, and names the rest', async () => {
    const { outputs } = await run('PLAT-5 PLAT-999 foo https://other.example/browse/PLAT-4');
    assert.equal(outputs.posted, true);
    assert.match(
      words(last()),
      /foo: not an issue key; https:\/\/other\.example\/browse\/PLAT-4: another Jira site\. PLAT-999: not found\. There’s no such issue, .*\.\nOpenMove to…More…$/,
    );
  });

  test('of an issue that cannot be read just now posts the key, and why there is no more', async () => {
    w.jira.trouble('all', { kind: 'server_error', status: 500 });
    const { outputs } = await run('PLAT-5');
    assert.equal(outputs.posted, true);
    assert.match(words(last()), /^PLAT-5\ncouldn’t be read just now: Jira isn’t answering. Try again in a minute./);
    assert.deepEqual(pings(last().blocks), [`link ${w.jira.site}/browse/PLAT-5`]);
  });

  for (const [keys, inputs, sentence] of [
    ['PLAT-999', {}, /^Nothing was posted\. PLAT-999: not found\. There’s no such issue, or Maro can’t see it\.$/],
    [', ,', {}, /^Nothing was posted\. Add an issue key, such as PLAT-12\.$/],
    ['PLAT-80', {}, /^Nothing was posted\. PLAT-80: not found\. There’s no such issue, or Maro can’t see it\.$/],
    [
      'PLAT-5',
      { thread_ts: 'https://acme.slack.com/archives/C2/p1700000000000100' },
      /^Nothing was posted\. “Thread” is a message in another channel\. Choose that channel, or another message\.$/,
    ],
    ['PLAT-5', { thread_ts: 'yesterday' }, /^Nothing was posted\. “yesterday” isn’t a message link or timestamp\.$/],
    [Array.from({ length: 101 }, (_, i) => `PLAT-${i + 1}`).join(' '), {}, /^That’s 101 issues/],
  ] as const) {
    test(`posts nothing for ${keys.slice(0, 20)} ${JSON.stringify(inputs)}, in words, and goes on when told to`, async () => {
      const before = calls().length;
      const failed = await run(keys, inputs);
      assert.match(failed.error ?? '', sentence);
      const { outputs } = await run(keys, { ...inputs, continue_on_error: true });
      assert.deepEqual(outputs, { posted: false, message_link: '', error: failed.error });
      assert.equal(calls().length, before);
    });
  }

  describe('when Slack does not take the message', () => {
    const refused = async (sentence: RegExp, inputs: object = {}) => {
      const { error } = await run('PLAT-5', inputs);
      assert.match(error ?? '', sentence);
      w.slack.refusals.splice(0);
    };

    test('says that Maro is to be invited where it is no member', async () => {
      w.slack.workspace.channel('C2').app_is_member = false;
      await refused(/^Maro isn’t in this channel, so nothing was posted there\. Invite it/, { channel_id: 'C2' });
      w.slack.workspace.channel('C2').app_is_member = true;
      await refused(/^Maro can’t see this channel, so nothing was posted there\. If .* private, invite/, {
        channel_id: 'C3',
      });
    });

    test('posts one message a second in each channel where Slack takes no more', async () => {
      w.slack.trouble.tiers(true);
      const before = calls().length;
      const places = ['C1', 'C1', 'C2', 'C1'];
      const steps = await Promise.all(places.map((channel_id) => run('PLAT-5', { channel_id })));
      w.slack.trouble.tiers(false);
      assert.deepEqual(
        steps.map(({ state }) => state),
        places.map(() => 'completed'),
      );
      const refused = calls()
        .slice(before)
        .filter(({ answer }) => (answer as { ok: boolean }).ok === false);
      assert.ok(refused.length >= 2);
      assert.ok(refused.every(({ args }) => args.channel === 'C1'));
    });

    test('waits as long as Slack asks for, and posts once', async () => {
      const before = w.slack.messages('C1', 'ben').length;
      w.slack.trouble.rateLimit('chat.postMessage', { retryAfter: 1 });
      const { state } = await run('PLAT-5');
      assert.equal(state, 'completed');
      assert.equal(w.slack.messages('C1', 'ben').length, before + 1);
      const [first, second] = calls().slice(-2);
      assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 1_000);
    });

    test('says when to try again if that is long, and posts nothing', async () => {
      w.slack.trouble.rateLimit('chat.postMessage', { retryAfter: 60 });
      await refused(/^Slack asked Maro to slow down, so nothing was posted\. Try again in 60 seconds\.$/);
    });

    for (const [where, more] of [
      ['the channel', async () => ({})],
      ['the thread', async () => ({ thread_ts: w.slack.post('Look into this', { channel: 'C1' }).ts })],
    ] as const) {
      test(`finds in ${where} what arrived although Slack's answer was lost`, async () => {
        const before = w.slack.messages('C1', 'ben').length;
        const inputs = await more();
        w.slack.trouble.lose('chat.postMessage');
        const { outputs } = await run('PLAT-5', inputs);
        const added = w.slack
          .messages('C1', 'ben')
          .slice(before)
          .filter(({ bot_id }) => bot_id !== undefined);
        assert.equal(added.length, 1);
        assert.equal(outputs.posted, true);
        assert.match(String(outputs.message_link), new RegExp(`/p${added[0]?.ts.replace('.', '')}`));
      });
    }

    test('does not send again what may have arrived', async () => {
      const before = calls().length;
      w.slack.trouble.fail('chat.postMessage', 'internal_error');
      await refused(
        /^Slack didn’t answer in time, so the message may or may not be there\. Maro didn’t send it again\.$/,
      );
      assert.equal(calls().length, before + 1);
    });
  });

  describe('with a note about issues that the channel does not track', () => {
    const note = 'Nothing was tracked. Jira was away.';

    test('says so, and Try again tracks them and puts that in its place', async () => {
      await run('PLAT-5 PLAT-11 PLAT-13', { note });
      const message = last();
      assert.match(words(message), /Jira was away\.\n2 of these issues aren’t tracked in this channel\./);
      const { next } = await w.slack.press(message, 'Try again', { user: 'ben' });
      if (!message.edited) await next();
      assert.match(words(message), /Tobias Krämer\n*Tracked in this channel by @U0BEN\.\nUntrack all$/);
      assert.doesNotMatch(words(message), /not tracked|Jira was away|Try again/);
      const { outputs } = await w.slack.step('list', { channel_id: 'C1' }).finished;
      assert.equal(outputs.issue_keys, 'PLAT-11, PLAT-5, PLAT-13');
    });

    test('leaves the message as it is when it fails again, and tells the person why', async () => {
      await run('PLAT-20', { note });
      const message = last();
      w.jira.trouble('all', { kind: 'server_error', status: 500 });
      const seen = await w.slack.press(message, 'ticket:track', { user: 'ben' });
      const told = seen.messages.at(-1) ?? (await seen.next());
      assert.equal(told.ephemeral_to, 'U0BEN');
      assert.match(words(told), /^Nothing was tracked\. PLAT-20: not checked\. Jira isn’t answering/);
      assert.match(words(message), /PLAT-20 isn’t tracked in this channel\./);
    });

    test('offers it as well when the database cannot say', async () => {
      await track('PLAT-21');
      const untold = () => rows(w.databaseUrl, 'select from runs where told_at is null');
      await until(async () => (await untold()).length === 0, 'nothing is left to be told again');
      const before = w.slack.messages('C1', 'ben').length;
      const execution = w.slack.step('post_ticket', { channel_id: 'C1', issue_keys: 'PLAT-21', note });
      w.jira.trouble('bulkfetch', { kind: 'latency', ms: 300, times: 1 });
      await execution.delivered;
      await wire.stop();
      await until(() => w.slack.messages('C1', 'ben').length > before, 'the card is there');
      assert.match(words(last()), /PLAT-21 might not be tracked in this channel\./);
      assert.deepEqual(blockIds(last()), ['ticket', 'note', 'untracked', 'retry']);
      await until(() => maro.log.some(({ msg }) => msg === 'an outcome was not stored'), 'it is left to be done');
      await wire.start();
      await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
      await execution.finished;
      assert.doesNotMatch(words(last()), /not (be )?tracked/, 'once it can say, the card says so');
    });
  });
});
