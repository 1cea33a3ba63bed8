import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSlack } from '../../../sandbox/slack/index.ts';
import { filesOf } from '../../../sandbox/slack/messages.ts';
import { manifest } from './example.ts';

test('a file comes in three steps, and each is refused as Slack refuses it', async (t) => {
  const bot = ['chat:write', 'files:write'];
  const slack = await startSlack({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
  t.after(slack.stop);
  const ask = async (method: string, args: Record<string, string>) => {
    const headers = { authorization: `Bearer ${slack.botToken}` };
    const response = await fetch(`${slack.apiUrl}${method}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(args),
    });
    return (await response.json()) as { ok: boolean; error?: string; file_id?: string; upload_url?: string };
  };
  const begin = (length: string, filename = 'a.csv') => ask('files.getUploadURLExternal', { filename, length });
  const share = (id: string, more: object = {}) =>
    ask('files.completeUploadExternal', { files: JSON.stringify([{ id, title: 'A' }]), ...more });
  const send = async (url: string, body: string) => (await fetch(url, { method: 'POST', body })).status;

  assert.equal((await begin('0')).error, 'invalid_arguments');
  assert.equal((await begin('3', '')).error, 'missing_argument');
  const { file_id: id = '', upload_url: url = '' } = await begin('3');
  assert.equal((await share(id, { channel_id: 'C1' })).error, 'file_not_found', 'its bytes are missing');
  assert.equal(await send(url, 'ab'), 400, 'a byte is missing');
  assert.equal(await send(`${url}0`, 'abc'), 404);
  assert.equal(await send(url, 'abc'), 200);
  assert.equal((await share(id, { channel_id: 'U0ADA' })).error, 'invalid_arguments', 'a person is no channel');
  assert.equal((await share(id, { channel_id: 'C3' })).error, 'channel_not_found');
  assert.ok((await share(id, { channel_id: 'C1' })).ok);
  const [message] = slack.messages('C1', 'ada');
  assert.ok(message);
  assert.deepEqual(filesOf(message), [{ name: 'a.csv', size: 3, preview: 'abc', content: 'abc' }]);
  assert.equal((await share(id, { channel_id: 'C1' })).error, 'file_not_found', 'it is shared already');
});

test('a file needs the scope files:write', async (t) => {
  const slack = await startSlack({ manifest: { ...manifest, oauth_config: { scopes: { bot: ['chat:write'] } } } });
  t.after(slack.stop);
  for (const method of ['files.getUploadURLExternal', 'files.completeUploadExternal']) {
    const headers = { authorization: `Bearer ${slack.botToken}` };
    const response = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', headers });
    assert.equal(((await response.json()) as { error?: string }).error, 'missing_scope');
  }
});
