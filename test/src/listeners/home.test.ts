import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { SlackOptions, View } from '../../../sandbox/slack/index.ts';
import { readManifest } from '../../../src/manifest.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

describe('the Home tab', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });

  async function open(user: string): Promise<View> {
    const before = w.slack.home(user)?.hash;
    await w.slack.openHome(user);
    await until(() => w.slack.home(user)?.hash !== before, 'the Home tab');
    return w.slack.home(user) as View;
  }

  test('welcomes people who track nothing yet, and says how to begin', async () => {
    const text = words((await open('cyd')).blocks);
    assert.match(text, /Welcome to Maro/);
    assert.match(text, /None of your channels tracks an issue yet\./);
  });

  test('shows the checklist for admins to the first person alone, until that person is done', async () => {
    const first = await open('cyd');
    assert.match(words(first.blocks), /^Set up Maro.*\/invite @Maro/s);
    assert.doesNotMatch(words((await open('ben')).blocks), /Set up Maro/);
    await w.slack.press(first, 'home:checked');
    await until(() => !/Set up Maro/.test(words(w.slack.home('cyd')?.blocks)), 'the checklist is gone');
    assert.doesNotMatch(words((await open('cyd')).blocks), /Set up Maro/);
    assert.match(words(w.slack.home('cyd')?.blocks), /Welcome to Maro/);
  });

  test('lists a person’s channels with the number of their issues, the latest first', async () => {
    await w.slack.command('/maro track PLAT-5 SHOP-17', { channel: 'C1' });
    await w.slack.command('/maro track PLAT-3', { channel: 'C2' });
    const text = words((await open('ada')).blocks);
    assert.match(text, /<#C2> +1 issue\n<#C1> +2 issues/);
  });

  test('lists no private channel of which Maro is not a member', async () => {
    await w.slack.command('/maro track PLAT-8', { channel: 'C3', user: 'ada' });
    assert.doesNotMatch(words((await open('ada')).blocks), /C3/);
  });

  test('has a button that opens the form to track issues in a channel', async () => {
    const seen = await w.slack.press(await open('ben'), 'open:track');
    const view = await seen.nextView();
    assert.deepEqual((await w.slack.submit(view, { issues: 'no key', channel: 'C2' })).errors, {
      issues: 'That is not an issue key. Type a key such as PLAT-12, or paste a link to the issue.',
    });
    const sent = await w.slack.submit(view, { issues: `PLAT-9 ${w.jira.site}/browse/PLAT-21`, channel: 'C2' });
    await until(() => /PLAT-21: now tracked/.test(words(sent.views.at(-1)?.blocks)), 'the outcome');
    assert.match(words(sent.views.at(-1)?.blocks), /PLAT-9: now tracked/);
  });

  test('has a button that opens the form to create an issue, and one that shows all commands', async () => {
    const home = await open('ben');
    await w.slack.press(home, 'open:create');
    await until(() => w.slack.views('ben').some(({ callback_id }) => callback_id === 'create_ticket'), 'the form');
    const help = await (await w.slack.press(home, 'open:help')).nextView();
    assert.match(words(help.blocks), /`\/maro track PLAT-1 PLAT-2`/);
    assert.deepEqual(w.slack.refusals, []);
  });
});

describe('the Home tab of an app that may not list channels', () => {
  async function homeWithout(...missing: string[]): Promise<string> {
    const manifest = (await readManifest()) as SlackOptions['manifest'];
    const bot = (manifest.oauth_config?.scopes?.bot ?? []).filter((scope) => !missing.includes(scope));
    const w = await world({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
    await startMaro(w);
    await w.slack.command('/maro track PLAT-3', { channel: 'C2' });
    await w.slack.openHome('ada');
    await until(() => w.slack.home('ada') !== undefined, 'the Home tab');
    return words(w.slack.home('ada')?.blocks);
  }

  test('names the scopes', async () => {
    assert.match(await homeWithout('channels:read', 'groups:read'), /the scopes channels:read and groups:read/);
  });

  test('lists public channels when only the scope for private ones is missing', async () => {
    assert.match(await homeWithout('groups:read'), /<#C2> +1 issue/);
  });
});

test('the bare command offers what people do most', async () => {
  const w = await world();
  await startMaro(w);
  const [message] = (await w.slack.command('/maro')).messages;
  assert.match(words(message), /`\/maro track PLAT-1 PLAT-2`/);
  const form = await (await w.slack.press(message as never, 'open:track')).nextView();
  const sent = await w.slack.submit(form, { issues: 'PLAT-5' });
  await until(() => /PLAT-5: now tracked/.test(words(sent.views.at(-1)?.blocks)), 'the outcome');
  const list = await w.slack.press(message as never, 'Show the list');
  assert.match(words(await list.next()), /1 tracked issue/);
  assert.deepEqual(w.slack.refusals, []);
});
