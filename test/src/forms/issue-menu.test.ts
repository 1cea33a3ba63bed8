import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PlainTextOption } from '@slack/types';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { openWire, type Wire } from '../../wire.ts';

describe('a menu that finds issues', () => {
  let w: World;
  let wire: Wire;
  let view: ReturnType<World['slack']['views']>[number];
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: `${wire.url}?max=1`, JIRA_PROJECTS: 'PLAT' });
    await w.slack.command('/maro track PLAT-2', { channel: 'C1' });
    await w.slack.command('/maro track PLAT-1', { channel: 'C2' });
    const seen = await w.slack.command('/maro tracked in progress', { channel: 'C3' });
    view = await (await w.slack.press(seen.messages[0] ?? (await seen.next()), 'list:track')).nextView();
  });
  after(() => assert.deepEqual(w.slack.refusals, []));

  /** What the menu offers in a form of the channel C1. */
  async function offered(typed: string) {
    const origin = JSON.parse(view.private_metadata) as object;
    view.private_metadata = JSON.stringify({ ...origin, channel: 'C1' });
    return await w.slack.suggest(view, 'issues:find', typed);
  }
  const aboutOf = (option: object) => {
    const { text, description } = option as PlainTextOption;
    return [text.text, description?.text];
  };
  const labels = async (typed: string) => (await offered(typed)).map(({ text }) => text.text);

  test('offers what the channel tracks, other issues that Maro knows, and what Jira suggests, each once', async () => {
    await labels('sign');
    w.jira.requests.splice(0);
    wire.trips = 0;
    const options = await offered('sign');
    assert.deepEqual(options.slice(0, 2).map(aboutOf), [
      ['PLAT-2 Sign in with the company account', 'Tracked here · Done'],
      ['PLAT-1 One sign-in for every product', 'In Progress'],
    ]);
    const keys = options.map(({ value }) => value);
    assert.ok(keys.includes('PLAT-3'), 'Jira suggests it');
    assert.equal(new Set(keys).size, keys.length);
    assert.deepEqual([w.jira.requests.length, wire.trips], [1, 1]);
  });

  test('offers what the channel tracks before anything is typed, without a call to Jira', async () => {
    w.jira.requests.splice(0);
    assert.deepEqual(await labels(' '), ['PLAT-2 Sign in with the company account']);
    assert.equal(w.jira.requests.length, 0);
  });

  test('offers its own issues while Jira does not answer', async () => {
    w.jira.trouble('all', { kind: 'no_answer' });
    assert.deepEqual(await labels('sign'), [
      'PLAT-2 Sign in with the company account',
      'PLAT-1 One sign-in for every product',
    ]);
    w.jira.trouble('all', undefined);
  });

  test('offers a key or a link as it was typed if nothing else has it', async () => {
    assert.deepEqual(await labels('plat-999'), ['PLAT-999 – as typed']);
    assert.equal((await labels('PLAT-2'))[0], 'PLAT-2 Sign in with the company account');
    assert.deepEqual(await labels('PLAT-7 PLAT-8'), ['PLAT-7 – as typed', 'PLAT-8 – as typed']);
    const [link] = await offered('<https://acme.atlassian.net/browse/PLAT-9?focusedCommentId=1>');
    assert.deepEqual(
      [link?.text.text, link?.value],
      ['acme.atlassian.net/browse/PLAT-9 – as typed', 'https://acme.atlassian.net/browse/PLAT-9'],
    );
  });

  test('offers nothing from projects that JIRA_PROJECTS leaves out', async () => {
    assert.deepEqual(await labels('Gutschein'), []);
  });

  test('tracks what was chosen together with what was typed', async () => {
    const { errors } = await w.slack.submit(view, {});
    assert.deepEqual(errors, { found: 'Choose an issue here, or type keys below.' });
    const [first] = await offered('sign');
    const [second] = await offered('PLAT-999');
    const sent = await w.slack.submit(view, { found: [first, second], issues: 'PLAT-4' });
    await until(() => /PLAT-4: now tracked/.test(words(sent.views.at(-1)?.blocks)), 'the outcome');
    const text = words(sent.views.at(-1)?.blocks);
    assert.match(text, /PLAT-2: tracked already/);
    assert.match(text, /PLAT-999: not found/);
  });
});
