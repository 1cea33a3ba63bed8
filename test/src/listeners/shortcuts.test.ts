import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import { type Maro, startMaro, type World, words, world } from '../../maro.ts';

describe('“Track issues mentioned” in the menu of a message', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w);
  });

  /** Picks the entry, sees the loading view, and reads what it becomes. */
  async function pick(message: Message, user = 'ada') {
    const seen = await w.slack.shortcut('track_mentioned', message, { user });
    assert.match(words((await seen.nextView()).blocks), /^Asking Jira/);
    return words((await seen.nextView()).blocks).trim();
  }
  const tracked = async (channel: string, part = '') => {
    const { messages } = await w.slack.command(`/maro tracked ${part}`, { channel });
    // In direct messages Maro also answers the message itself.
    return messages.find(({ ephemeral_to }) => ephemeral_to !== undefined);
  };

  for (const [where, channel, user] of [
    ['a public channel', 'C1', 'ada'],
    ['a private channel where Maro is not a member', 'C3', 'ada'],
    ['a direct message', 'D1', 'ada'],
    ['a channel shared with another company, by its person', 'C4', 'noa'],
  ] as const) {
    test(`in ${where} it tracks what Jira knows, and remembers the message`, async () => {
      const post = w.slack.post('PLAT-3 and SHOP-2, not covid-19 nor UTF-8 or SHA-256', { channel, user });
      const text = await pick(post, user);
      assert.match(text, /PLAT-3: now tracked/);
      assert.match(text, /SHOP-2: now tracked/);
      assert.match(text, /Not tracked, because Maro can’t find them in Jira: UTF-8, SHA-256\.$/);
      assert.doesNotMatch(text, /covid/i);
      const list = JSON.stringify(await tracked(channel));
      const domain = user === 'noa' ? 'northwind' : 'acme';
      const link = `https://${domain}.slack.com/archives/${channel}/p${post.ts.replace('.', '')}`;
      assert.ok(list.includes(`"text":"View message"`) && list.includes(link), list.slice(0, 2_000));
    });
  }

  test('in a thread the link leads into the thread', async () => {
    const root = w.slack.post('What about this?', { channel: 'C2' });
    const reply = w.slack.post('That is PLAT-5', { channel: 'C2', thread_ts: root.ts });
    assert.match(await pick(reply), /PLAT-5: now tracked/);
    const link = `/p${reply.ts.replace('.', '')}?thread_ts=${root.ts}&cid=C2`;
    assert.ok(JSON.stringify(await tracked('C2')).includes(link));
  });

  test('a link to our site counts in any case, one to another site does not', async () => {
    const post = w.slack.post(`see ${w.jira.site}/browse/plat-8 and https://other.example/browse/PLAT-9`);
    const text = await pick(post);
    assert.match(text, /PLAT-8: now tracked/);
    assert.doesNotMatch(text, /PLAT-9: /);
  });

  test('a message without any issue gets a sentence that says what one looks like', async () => {
    assert.match(await pick(w.slack.post('covid-19 and plat-1')), /^This message mentions no Jira issues\./);
    assert.match(await pick(w.slack.post('UTF-8')), /^This message mentions no issues that Maro can see\./);
  });

  test('of more than a hundred the first hundred are tracked, in one call to Jira, and the rest are counted', async () => {
    const keys = Array.from({ length: 103 }, (_, n) => w.jira.issues.create('SHOP', { summary: `Viel ${n}` }).key);
    w.jira.resetRequests();
    const text = await pick(w.slack.post(keys.join(' '), { channel: 'C2' }));
    assert.equal(w.jira.count(), 1);
    assert.equal(text.match(/now tracked/g)?.length, 100);
    assert.match(text, /The message mentions 3 more\. Maro tracked the first 100\.$/);
  });

  test('when Jira is away the view says so', async () => {
    await w.jira.down();
    const text = await pick(w.slack.post('PLAT-13'));
    await w.jira.up();
    assert.match(text, /PLAT-13: not checked. Jira isn’t answering/);
  });

  test('a view that was closed meanwhile is no error, and the issues are tracked all the same', async () => {
    w.jira.trouble('bulkfetch', { kind: 'latency', ms: 300, times: 1 });
    const seen = await w.slack.shortcut('track_mentioned', w.slack.post('PLAT-14', { channel: 'C1' }));
    await w.slack.close(await seen.nextView());
    while (!JSON.stringify(await tracked('C1', 'done')).includes('PLAT-14'))
      await new Promise((r) => setTimeout(r, 20));
    assert.equal(maro.log.filter(({ level }) => level === 'error').length, 0);
  });

  test('nothing was refused by Slack, or quoted in the log', () => {
    assert.deepEqual(
      w.slack.refusals.filter(({ error }) => error !== 'not_found'),
      [],
    );
    assert.doesNotMatch(maro.written(), /PLAT-|SHOP-|Viel \d|covid|xoxb-|xapp-/);
  });
});
