import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveBrowser } from '../../../sandbox/browser/server.ts';
import { startJira } from '../../../sandbox/jira/index.ts';
import { startSlack } from '../../../sandbox/slack/index.ts';
import { manifest } from '../slack/example.ts';

test('a refusal that answers an act is not told to the page once more, and any other one is', async (t) => {
  const [slack, jira, folder] = await Promise.all([
    startSlack({ manifest }),
    startJira(),
    mkdtemp(join(tmpdir(), 'maro-stream-')),
  ]);
  const nothing = async () => {};
  const clock = { now: Date.now, aheadMs: 0, move: nothing };
  const sandbox = {
    slack,
    jira,
    manifest,
    clock,
    database: { restart: undefined },
    death: Promise.race([]),
    stop: nothing,
  };
  const browser = await serveBrowser(sandbox, folder);
  t.after(async () => {
    await browser.stop();
    await Promise.all([slack.stop(), jira.stop(), rm(folder, { recursive: true })]);
  });
  const { body } = await fetch(`${browser.url}events`);
  // No app is connected, so nothing takes the command.
  const act = JSON.stringify({ user: 'U0ADA', channel: 'C1', line: '/hello there' });
  const outcome = await fetch(`${browser.url}acts/command`, { method: 'POST', body: act });
  assert.match(await outcome.text(), /"refused":\{"error":"dispatch_failed"/);
  await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'C404', text: 'Hello?' }),
  });
  let told = '';
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    told += decoder.decode(chunk, { stream: true });
    if (told.includes('"refusal":{"error":"channel_not_found"')) break;
  }
  assert.doesNotMatch(told, /"refusal":\{"error":"dispatch_failed"/);
});
