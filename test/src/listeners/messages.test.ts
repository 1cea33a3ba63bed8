import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message, SlackOptions } from '../../../sandbox/slack/index.ts';
import { readManifest } from '../../../src/manifest.ts';
import { type Maro, startMaro, until, type World, words, world } from '../../maro.ts';

describe('a message to Maro', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w);
  });

  /** Writes the message and waits for Maro's next one. */
  async function write(text: string, where: { channel: string; thread_ts?: string; user?: string }): Promise<Message> {
    const count = w.slack.everything().length;
    w.slack.post(text, { user: 'ada', ...where });
    const answer = () => w.slack.everything().slice(count + 1)[0];
    await until(() => answer() !== undefined, `an answer to “${text}”`);
    return answer() as Message;
  }

  for (const text of ['hello', 'Hi', 'help', '@maro', '@Maro help']) {
    test(`“${text}” in direct messages gets help`, async () => {
      const answer = await write(text, { channel: 'D1' });
      assert.equal(answer.channel, 'D1');
      assert.equal(answer.ephemeral_to, undefined);
      assert.match(words(answer), /`\/maro track PLAT-1 PLAT-2`/);
      assert.doesNotMatch(words(answer), /did not understand/);
    });
  }

  for (const text of ['PLAT-5', 'what about PLAT-5?', 'SHOP-17 and SITE/browse/PLAT-5']) {
    test(`“${text}” in direct messages shows the issues`, async () => {
      const answer = await write(text.replace('SITE', w.jira.site), { channel: 'D1' });
      assert.match(words(answer), /Sign-in loops when the clock/);
    });
  }

  test('a command in direct messages is carried out', async () => {
    assert.match(words(await write('track PLAT-3', { channel: 'D1' })), /PLAT-3: now tracked/);
    assert.match(words(await write('tracked', { channel: 'D1' })), /1 tracked issue/);
  });

  for (const [text, sentence] of [
    ['move', 'Add an issue key and a status, such as `/maro move PLAT-12 Done`.'],
    ['comment PLAT-3', 'Add an issue key and your comment, such as `/maro comment PLAT-12 The fix is out`.'],
    ['show', 'Add an issue key, such as `/maro show PLAT-12`.'],
    ['unwatch', 'Add an issue key, such as `/maro unwatch PLAT-12`.'],
    ['link', 'Nothing was linked. Add an issue key, such as PLAT-12.'],
  ] as const) {
    test(`“${text}” in direct messages, where no form can open, is answered with what is missing`, async () => {
      assert.equal(words(await write(text, { channel: 'D1' })), sentence);
    });
  }

  test('a mention in a channel is answered to its author alone, in its thread', async () => {
    const root = w.slack.post('Does anybody know more?', { channel: 'C1', user: 'ben' });
    const answer = await write('@maro PLAT-5', { channel: 'C1', thread_ts: root.ts, user: 'ben' });
    assert.equal(answer.ephemeral_to, 'U0BEN');
    assert.equal(answer.thread_ts, root.ts);
    assert.match(words(answer), /Sign-in loops when the clock/);
  });

  test('a mention tracks in the channel where it stands', async () => {
    await write('@maro track PLAT-8', { channel: 'C2' });
    const [list] = (await w.slack.command('/maro tracked', { channel: 'C2' })).messages;
    assert.match(words(list), /PLAT-8/);
  });

  test('words that Maro does not understand get a sentence and help', async () => {
    const answer = words(await write('please order lunch', { channel: 'D1' }));
    assert.match(answer, /^Sorry, Maro didn’t understand that\..*`\/maro track/s);
  });

  test('a form cannot open from a message, so the answer names the command', async () => {
    assert.match(words(await write('create Mails arrive twice', { channel: 'D1' })), /type `\/maro create`/);
  });

  test('a message that Slack delivers twice is answered once', async () => {
    w.slack.trouble.twice(true);
    const count = w.slack.everything().length;
    await write('PLAT-5', { channel: 'D1' });
    await write('help', { channel: 'D1' });
    w.slack.trouble.twice(false);
    assert.equal(w.slack.everything().length, count + 4);
  });

  test('Maro answers neither other people’s messages nor its own', async () => {
    const count = w.slack.everything().length;
    w.slack.post('PLAT-5 is back', { channel: 'C1' });
    await w.slack.deliver('events_api', {
      type: 'event_callback',
      event: {
        type: 'message',
        channel_type: 'im',
        bot_id: 'B1',
        user: 'U0ADA',
        channel: 'D1',
        text: 'help',
        ts: '1.1',
      },
    });
    await write('help', { channel: 'D1' });
    assert.equal(w.slack.everything().length, count + 3);
  });

  test('the log has no word of what was written', () => {
    assert.doesNotMatch(maro.written(), /lunch|Sign-in/);
    assert.deepEqual(w.slack.refusals, []);
  });
});

describe('an app that may not read messages', () => {
  test('hears no mention and no direct message, and its commands work', async () => {
    const manifest = (await readManifest()) as SlackOptions['manifest'];
    const scopes = manifest.oauth_config?.scopes?.bot ?? [];
    const bot = scopes.filter((scope) => scope !== 'app_mentions:read' && scope !== 'im:history');
    const w = await world({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
    await startMaro(w);
    w.slack.post('help', { channel: 'D1' });
    w.slack.post('@maro help', { channel: 'C1' });
    const { messages } = await w.slack.command('/maro help');
    assert.match(words(messages[0]), /`\/maro track PLAT-1/);
    assert.equal(w.slack.everything().length, 3);
  });
});
