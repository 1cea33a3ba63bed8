import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startExample } from './example.ts';

test('/invite adds people and the app to a channel, and everybody there reads it', async (t) => {
  const { slack } = await startExample(t);
  slack.workspace.channel('C3').members = ['U0ADA'];
  const { messages } = await slack.command('/invite @ben U0MAROBOT', { user: 'ada', channel: 'C3' });
  assert.deepEqual(
    messages.map(({ text, subtype }) => [text, subtype]),
    [
      ['<@U0BEN> has joined the channel', 'channel_join'],
      ['<@U0MAROBOT> has joined the channel', 'channel_join'],
    ],
  );
  assert.equal(slack.workspace.channel('C3').app_is_member, true);
  assert.equal(slack.messages('C3', 'ben').length, 2);
  assert.equal(slack.log.filter(({ kind }) => kind === 'delivery').length, 0);
});

test('/leave takes a person out of a channel, who sees it no more until somebody invites them', async (t) => {
  const { slack } = await startExample(t);
  await slack.command('/leave', { user: 'ben', channel: 'C1' });
  assert.deepEqual(slack.messages('C1', 'ben'), []);
  assert.equal(slack.messages('C1', 'ada')[0]?.subtype, 'channel_leave');
  await assert.rejects(slack.command('/hello', { user: 'ben', channel: 'C1' }), { error: 'channel_not_found' });
  await slack.command('/invite ben', { user: 'ada', channel: 'C1' });
  assert.equal(slack.messages('C1', 'ben').length, 2);
});

for (const [line, channel, error] of [
  ['/invite', 'C1', 'no_user'],
  ['/invite @ben', 'C1', 'already_in_channel'],
  ['/invite @U0MAROBOT', 'C1', 'already_in_channel'],
  ['/invite @nobody', 'C1', 'user_not_found'],
  ['/invite @noa', 'C1', 'user_team_not_in_channel'],
  ['/invite @ben', 'D1', 'method_not_supported_for_channel_type'],
  ['/leave', 'D1', 'method_not_supported_for_channel_type'],
] as const) {
  test(`${line} in ${channel} is refused as ${error}, and changes nothing`, async (t) => {
    const { slack } = await startExample(t);
    await assert.rejects(slack.command(line, { user: 'ada', channel }), { error });
    assert.deepEqual(slack.everything(), []);
  });
}
