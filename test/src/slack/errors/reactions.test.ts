import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { readConfig } from '../../../../src/config.ts';
import { createLog } from '../../../../src/log.ts';
import { createSlackClient, type SlackClient } from '../../../../src/slack/client.ts';
import { type World, world } from '../../../maro.ts';
import { MISHAPS, REFUSED } from './errors.ts';

describe('an error of Slack about a reaction (reactions.add, reactions.remove)', () => {
  let w: World;
  let client: SlackClient;
  let logged: string[];
  before(async () => {
    w = await world();
    const write = (line: string) => void logged.push(JSON.parse(line).error);
    client = createSlackClient(readConfig(w.env).slack, createLog('info', { write }));
  });

  const ofBoth = [
    'bad_timestamp',
    'channel_not_found',
    'external_channel_migrating',
    'invalid_name',
    'message_not_found',
    'missing_scope',
    'no_access',
    'no_item_specified',
    'thread_locked',
  ];
  const ofAdding = ['is_archived', 'not_reactable', 'too_many_emoji', 'too_many_reactions'];
  for (const error of [...REFUSED, ...ofBoth, ...ofAdding, ...MISHAPS]) {
    test(`${error} leaves the message without it, and is in the log`, async () => {
      logged = [];
      const { ts } = w.slack.post('What about PLAT-5?', { channel: 'C1' });
      w.slack.trouble.fail('reactions.add', error);
      await client.react({ channel: 'C1', ts }, 'white_check_mark');
      assert.deepEqual(logged, [error]);
      assert.equal(w.slack.messages('C1', 'ben').at(-1)?.reactions, undefined);
    });
  }

  for (const error of [...REFUSED, ...ofBoth, ...MISHAPS]) {
    test(`${error} leaves the message with it, and is in the log`, async () => {
      const { ts } = w.slack.post('What about PLAT-5?', { channel: 'C1' });
      await client.react({ channel: 'C1', ts }, 'white_check_mark');
      logged = [];
      w.slack.trouble.fail('reactions.remove', error);
      await client.unreact({ channel: 'C1', ts }, 'white_check_mark');
      assert.deepEqual(logged, [error]);
      assert.equal(w.slack.messages('C1', 'ben').at(-1)?.reactions?.length, 1);
    });
  }

  test('no_reaction is no error', async () => {
    logged = [];
    const { ts } = w.slack.post('What about PLAT-8?', { channel: 'C1' });
    await client.react({ channel: 'C1', ts }, 'white_check_mark');
    for (let n = 0; n < 2; n++) await client.unreact({ channel: 'C1', ts }, 'white_check_mark');
    assert.deepEqual(logged, []);
    assert.equal(w.slack.messages('C1', 'ben').at(-1)?.reactions, undefined);
  });

  test('already_reacted is no error', async () => {
    logged = [];
    const { ts } = w.slack.post('What about PLAT-8?', { channel: 'C1' });
    for (let n = 0; n < 2; n++) await client.react({ channel: 'C1', ts }, 'white_check_mark');
    assert.deepEqual(logged, []);
    const [reaction, ...others] = w.slack.messages('C1', 'ben').at(-1)?.reactions ?? [];
    assert.deepEqual([reaction?.users.length, others], [1, []]);
  });
});
