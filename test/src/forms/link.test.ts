import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { type Maro, startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';

describe('linking to a ticket', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  async function pick(message: Message): Promise<void> {
    const seen = await w.slack.shortcut('link_from_message', message);
    await seen.nextView();
  }
  const inThread = (message: Message) =>
    w.slack.messages(message.channel, 'ada').filter(({ thread_ts }) => thread_ts === message.ts);
  const answer = async (line: string, channel = 'C1') =>
    words((await w.slack.command(line, { channel })).messages.filter(({ ephemeral_to }) => ephemeral_to)[0]).trim();
  const links = () =>
    w.jira.requests
      .filter(({ endpoint }) => endpoint === 'remoteLink')
      .map(({ path, body }) => JSON.stringify({ path, body }));
  /** What the form's menu has. */
  const chosen = () =>
    Object.values(top().state.values.issue ?? {})[0]?.selected_option as { value: string } | null | undefined;
  const tracked = (channel: string) => answer('/maro tracked', channel);

  test('from a message begins with the issue that it mentions, links it, tracks it, and says so in the thread', async () => {
    const message = w.slack.post('Is that PLAT-5 again?', { channel: 'C1' });
    await pick(message);
    assert.equal(chosen()?.value, 'PLAT-5');
    await w.slack.submit(top());
    await until(() => inThread(message).length > 0, 'the card is there');
    assert.match(words(inThread(message)[0]), /@U0ADA linked PLAT-5 to this message/);
    assert.match(await tracked('C1'), /PLAT-5/);
    assert.match(String(links().at(-1)), /PLAT-5.*https:\/\/acme\.slack\.com\/archives\/C1\/p/);
  });

  test('from a message without a key finds the issue while the person types', async () => {
    const message = w.slack.post('a message', { channel: 'C1' });
    await pick(message);
    assert.equal(chosen(), null);
    const [option] = await w.slack.suggest(top(), 'issues:find', 'company account');
    assert.equal(option?.value, 'PLAT-2');
    await w.slack.submit(top(), { issue: option });
    await until(() => inThread(message).length > 0, 'the card is there');
    assert.match(words(inThread(message)[0]), /@U0ADA linked PLAT-2 to this message/);
  });

  test('by command whose outcome cannot be stored says that it is kept, since it may still be done', async () => {
    const refuse = "begin raise exception 'full' using errcode = '53100'; end";
    await rows(w.databaseUrl, `create function refuse() returns trigger language plpgsql as $$ ${refuse} $$`);
    await rows(w.databaseUrl, 'create trigger refuse before update on runs for each row execute function refuse()');
    w.jira.trouble('bulkfetch', { kind: 'server_error', status: 500, times: 1 });
    assert.match(
      await answer('/maro link PLAT-6'),
      /^Nothing was linked\. .*\. Maro saved it and will try again in a minute or two/,
    );
    await rows(w.databaseUrl, 'drop trigger refuse on runs');
    await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
    await until(async () => /PLAT-6/.test(await answer('/maro tracked done')), 'it is done after all');
  });

  test('a key of another site or of no issue comes back with a sentence, and nothing is tracked', async () => {
    for (const typed of ['https://other.example/browse/PLAT-9', 'PLAT-4711']) {
      await pick(w.slack.post('a message', { channel: 'C2' }));
      const [option] = await w.slack.suggest(top(), 'issues:find', typed);
      await w.slack.submit(top(), { issue: option });
      assert.match(words(top().blocks), /^Nothing was linked\. /);
      assert.equal(chosen()?.value, typed);
      await w.slack.close(top());
    }
    assert.doesNotMatch(await tracked('C2'), /PLAT-9|4711/);
  });

  test('by command links the channel, tracks the issue, and shows it there', async () => {
    await w.slack.command('/maro link PLAT-8', { channel: 'C2' });
    const [card, ...others] = w.slack.messages('C2', 'ada').filter((message) => words(message).includes('PLAT-8'));
    assert.match(words(card), /^@U0ADA linked PLAT-8 to this channel\nPLAT-8 /);
    assert.deepEqual(others, []);
    assert.match(String(links().at(-1)), /PLAT-8.*"https:\/\/acme\.slack\.com\/archives\/C2"/);
    assert.match(await tracked('C2'), /PLAT-8/);
  });

  test('by command says where it failed, and where only the person sees it', async () => {
    assert.match(await answer('/maro link PLAT-4711'), /^Nothing was linked\. PLAT-4711: not found/);
    assert.match(await answer('/maro link PLAT-3', 'C3'), /^PLAT-3 is linked to this channel\. .*\/invite @Maro/);
    await w.jira.down();
    assert.match(await answer('/maro link PLAT-2'), /^Nothing was linked\. Jira isn’t answering/);
    await w.jira.up();
  });

  test('a deleted message gets a sentence', async () => {
    const message = { ...w.slack.post('gone', { channel: 'C1' }) };
    for (const callback_id of ['link_from_message', 'create_from_message']) {
      const payload = {
        type: 'message_action',
        callback_id,
        user: { id: 'U0ADA' },
        team: { id: 'T0ACME', domain: 'acme' },
        channel: { id: 'C1' },
        message: { type: 'message', subtype: 'tombstone', text: 'This message was deleted.', ts: message.ts },
        trigger_id: await trigger(),
        response_url: 'https://hooks.example/x',
      };
      assert.equal((await w.slack.deliver('interactive', payload)).ok, true);
      await until(() => words(top()?.blocks).includes('This message was deleted'), 'the sentence is there');
      await w.slack.close(top());
    }
  });

  /** A trigger that Slack gave out and that nobody has used. */
  async function trigger(): Promise<unknown> {
    await w.slack.command('/maro help');
    const last = w.slack.log.findLast(({ kind, name }) => kind === 'delivery' && name === 'slash_commands');
    return last?.args.trigger_id;
  }

  test('nothing of it is in the log', () => assert.doesNotMatch(maro.written(), /PLAT-|again|xoxb-|xapp-/));
});
