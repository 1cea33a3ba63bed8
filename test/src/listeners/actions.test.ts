import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';

describe('the living list', () => {
  let w: World;
  let maro: Maro;
  let channel: string;
  before(async () => {
    w = await world();
    maro = await startMaro(w);
  });
  const channels = ['C1', 'C2', 'C3', 'C4', 'D1'];
  beforeEach(async () => {
    // Each test has a list of its own: tenant and channel are all that a list depends on.
    channel = channels.shift() ?? 'C1';
    channels.push(channel);
    await untrackAll();
  });
  async function untrackAll() {
    const ask = await type('untrack all');
    if (ask.blocks.length > 0) await press(ask, 'untrack:all');
  }

  async function type(text: string, user = 'ada'): Promise<Message> {
    const [message] = (await w.slack.command(`/maro ${text}`, { channel, user })).messages;
    assert.ok(message);
    return message;
  }
  /** Presses, and reads what Slack shows for it. */
  async function press(message: Message, what: string, value?: string): Promise<Message> {
    const seen = await w.slack.press(message, what, value === undefined ? {} : { value });
    // The answer and the acknowledgement take different ways, so either may be first.
    return seen.messages.at(-1) ?? seen.next();
  }
  /** Presses a button that opens a form. */
  async function open(message: Message, what: string) {
    await w.slack.press(message, what);
    await until(() => w.slack.views('ada').length > 0, 'a form is open');
    return w.slack.views('ada').at(-1) ?? assert.fail();
  }
  /** The rows of the table in a message. */
  const tableIn = ({ blocks }: Message) =>
    (blocks.find(({ type }) => type.endsWith('table'))?.rows ?? []) as object[][];
  const keysIn = (message: Message) => [...words(message).matchAll(/\|((?:PLAT|SHOP)-\d+)>/g)].map(([, key]) => key);

  test('Refresh reads Jira anew, redraws in place and says what changed', async () => {
    await type('track PLAT-3 PLAT-4 PLAT-8 PLAT-9');
    const list = await type('tracked');
    w.jira.issues.edit('PLAT-3', { status: 'Done' });
    w.jira.issues.edit('PLAT-4', { summary: 'Another summary' });
    w.jira.issues.forbid('PLAT-9');
    w.jira.resetRequests();
    const after = await press(list, 'Refresh');
    w.jira.issues.allow('PLAT-9');
    assert.equal(after.ts, list.ts, 'in place');
    assert.equal(w.jira.count(), 1);
    const text = words(after);
    assert.match(
      text,
      /^Updated from Jira: PLAT-3 moved from In Review to Done; PLAT-4 was renamed; PLAT-9 is not visible to Maro anymore\.\n/,
    );
    assert.match(text, /\*Done\* · 1 issue\n/);
    assert.match(text, /\*PLAT-9\* not visible to Maro anymore\n/);
    assert.match(words(await press(after, 'Refresh')), /PLAT-9 is visible again/);
    assert.match(words(await press(after, 'Refresh')), /^Up to date\. Nothing changed in Jira\.\n/);
  });

  test('Share posts once, however often it is pressed, and again when the list was drawn anew', async () => {
    await type('track PLAT-3');
    const list = await type('tracked');
    const shared = () => w.slack.messages(channel, 'ada').filter((each) => each.ephemeral_to === undefined).length;
    const before = shared();
    await Promise.all([w.slack.press(list, 'Share'), w.slack.press(list, 'Share')]);
    await until(() => shared() > before, 'the list is shared');
    const third = await w.slack.press(list, 'Share');
    assert.match(words(third.messages.at(-1) ?? (await third.next())), /^Already done\./);
    assert.equal(shared(), before + 1);
    const again = await press(list, 'Refresh');
    await w.slack.press(again, 'Share');
    await until(() => shared() === before + 2, 'it is shared again');
  });

  test('Untrack and Undo work again and again on the same row', async () => {
    await type('track PLAT-4 PLAT-5');
    let list = await type('tracked');
    for (let n = 0; n < 3; n++) {
      list = await press(list, 'Untrack', 'PLAT-4');
      assert.deepEqual(keysIn(list), ['PLAT-5']);
      list = await press(list, 'Undo');
      assert.deepEqual(keysIn(list).toSorted(), ['PLAT-4', 'PLAT-5']);
    }
  });

  test('an issue that moved is shown under its new key after Refresh, and once', async () => {
    const { key } = w.jira.issues.create('PLAT', { summary: 'Wrong project' });
    await type(`track ${key}`);
    const list = await type('tracked');
    const moved = w.jira.issues.move(key, 'SHOP').key;
    const after = await press(list, 'Refresh');
    assert.match(words(after), new RegExp(`${key} is now ${moved}`));
    assert.deepEqual(keysIn(after), [moved]);
  });

  test('when Jira is away, Refresh says so and the list stays', async () => {
    await type('track PLAT-3');
    const list = await type('tracked');
    await w.jira.down();
    const after = await press(list, 'Refresh');
    await w.jira.up();
    assert.match(words(after), /^Jira isn’t answering\. The list is unchanged\. Try again in a minute\./);
    assert.deepEqual(keysIn(after), ['PLAT-3']);
  });

  test('a channel with a thousand issues is read page by page, to its end, and refreshed in ten calls', async () => {
    const made = Array.from({ length: 1_000 }, (_, n) => w.jira.issues.create('PLAT', { summary: `Made ${n}` }).key);
    for (let i = 0; i < made.length; i += 100) await type(`track ${made.slice(i, i + 100).join(' ')}`);
    // As autovacuum does within a minute of such a change. Without it PostgreSQL plans for a row or two, and compares each with each.
    await rows(w.databaseUrl, 'analyze');
    let page = await type('tracked');
    assert.match(words(page), /^\*1,000 tracked issues\*/);
    const seen = new Set(keysIn(page));
    for (let n = 1; n < 5; n++) {
      page = await press(page, 'Next');
      for (const key of keysIn(page)) seen.add(key);
    }
    assert.equal(seen.size, 5 * 15);
    assert.match(words(page), /61–75 of 1,000 · /);
    page = await press(page, 'Previous');
    assert.match(words(page), /46–60 of 1,000 · /);
    w.jira.resetRequests();
    await press(page, 'Refresh');
    assert.equal(w.jira.count(), 10);
    const shared = await press(page, 'Share');
    assert.equal(tableIn(shared).length, 100, 'as many rows as Slack takes');
    assert.match(words(shared), /… and 901 more/);
    assert.deepEqual(w.slack.refusals, []);
  });

  test('a choice of category shows that part, with its count', async () => {
    await type('track PLAT-8 SHOP-2 SHOP-10');
    const list = await type('tracked');
    const done = await press(list, 'list:category', 'done:0');
    assert.match(words(done), /^\*2 done issues of 3\*/);
    assert.deepEqual(new Set(keysIn(done)), new Set(['SHOP-2', 'SHOP-10']));
    assert.match(JSON.stringify(done.blocks), /"text":"All \(3\)".*"text":"Done \(2\)"/);
    const none = await press(done, 'list:category', 'indeterminate:0');
    assert.match(words(none), /^\*No in-progress issues\*\n/);
  });

  test('Show unfolds the done issues, in place', async () => {
    await type('track PLAT-8 SHOP-2 SHOP-10');
    const list = await type('tracked');
    assert.deepEqual(keysIn(list), ['PLAT-8']);
    const done = await press(list, 'Show');
    assert.equal(done.ts, list.ts);
    assert.deepEqual(new Set(keysIn(done)), new Set(['SHOP-2', 'SHOP-10']));
  });

  test('an empty list offers a form that tracks issues, and shows them once they are tracked', async () => {
    const list = await type('tracked');
    assert.doesNotMatch(JSON.stringify(list), /\/maro/, 'the command may have another name');
    const view = await open(list, 'Track issues');
    await w.slack.submit(view, { issues: 'PLAT-4 PLAT-5' });
    await until(() => JSON.stringify(w.slack.views('ada')).includes('now tracked'), 'the outcome is shown');
    await w.slack.close(w.slack.views('ada').at(-1) ?? assert.fail());
    const now = () => w.slack.messages(channel, 'ada').find(({ ts }) => ts === list.ts);
    await until(() => words(now()).includes('2 tracked issues'), 'the list is drawn anew');
    assert.deepEqual(keysIn(now() ?? assert.fail()).toSorted(), ['PLAT-4', 'PLAT-5']);
  });

  test('an empty list opens the form for a new issue', async () => {
    const view = await open(await type('tracked'), 'Create an issue');
    await until(() => JSON.stringify(w.slack.views('ada')).includes('Project'), 'the form is loaded');
    await w.slack.close(view);
  });

  test('Untrack in a row takes the issue off; Undo brings it back with who had tracked it and when', async () => {
    await type('track PLAT-3', 'ben');
    const list = await type('tracked');
    const fact = /Tracked by <@U0BEN>/;
    const [before] = fact.exec(words(list)) ?? [];
    assert.ok(before);
    const after = await press(list, 'Untrack', 'PLAT-3');
    assert.match(words(after), /^PLAT-3 is no longer tracked\./);
    assert.deepEqual(keysIn(after), []);
    const back = await press(after, 'Undo');
    assert.match(words(back), /^1 issue is tracked again\./);
    assert.ok(words(back).includes(before));
  });

  test('an untracked key that somebody tracked anew meanwhile stays as it is', async () => {
    await type('track PLAT-3', 'ben');
    const answer = await type('untrack PLAT-3');
    await type('track PLAT-3', 'cyd');
    assert.match(
      words(await press(answer, 'Undo')),
      /^Nothing to undo: already undone, tracked again, or over a week old\./,
    );
    assert.match(words(await type('tracked')), /Tracked by <@U0CYD>/);
  });

  test('many are untracked only after a question with their number, and come back with Undo', async () => {
    await type('track PLAT-8 SHOP-2 SHOP-10');
    const ask = await type('untrack done');
    assert.match(words(ask), /^Untrack 2 done issues in this channel\? You can undo this\./);
    assert.match(words(await press(await type('untrack all'), 'Cancel')), /^Nothing was untracked\./);
    assert.match(words(await type('tracked')), /^\*1 open issue of 3\*/);
    const gone = await press(ask, 'Untrack 2 issues');
    assert.match(words(gone), /^2 issues are no longer tracked\./);
    assert.deepEqual(keysIn(await type('tracked')), ['PLAT-8']);
    assert.match(words(await press(gone, 'Undo')), /^2 issues are tracked again\./);
    assert.match(words(await type('tracked')), /^\*1 open issue of 3\*/);
    assert.match(words(await type('untrack in progress')), /^No in-progress issues\./);
  });

  test('Share posts the list to the channel, in the name of who shared it, and pings nobody with what Jira says', async () => {
    await type('track PLAT-90 PLAT-91 SHOP-2');
    const shared = await press(await type('tracked', 'ada'), 'Share');
    assert.equal(shared.ephemeral_to, undefined);
    assert.match(words(shared), /^<@U0ADA> shared \*3 tracked issues\*/);
    const json = JSON.stringify(shared.blocks);
    const urls = [...json.matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url ?? '');
    assert.ok(urls.length === 3 && urls.every((url) => url.startsWith(`${w.jira.site}/browse/`)));
    assert.match(json, /\{"type":"raw_text","text":"<!channel> everybody look/);
  });

  test('Share reads Jira first, in the order of the list, and anybody refreshes it for everybody', async () => {
    channel = 'C1';
    await untrackAll();
    const { key: open } = w.jira.issues.create('PLAT', { summary: 'Still there' });
    const { key: gone } = w.jira.issues.create('PLAT', { summary: 'Deleted soon' });
    await type(`track ${open} SHOP-2 ${gone}`);
    const list = await type('tracked');
    w.jira.issues.forbid(gone);
    const shared = await press(list, 'Share');
    const rowsOf = (message: Message) => tableIn(message).slice(1).map(words);
    const [first = '', second = '', third = ''] = rowsOf(shared);
    assert.match(first, new RegExp(`^${open}\\s*Still thereTo DoUnassigned$`));
    assert.match(second, /^SHOP-2/);
    assert.equal(third, `${gone}not visible to Maro anymore––`);
    w.jira.issues.edit(open, { status: 'In Progress' });
    const seen = await w.slack.press(shared, 'Refresh', { user: 'ben' });
    const after = seen.messages.at(-1) ?? (await seen.next());
    assert.equal(after.ts, shared.ts, 'in place');
    assert.match(words(after), /^<@U0ADA> shared /, 'in the name of who shared it');
    assert.match(rowsOf(after)[0] ?? '', /Still thereIn Progress/);
    await w.jira.down();
    const told = await w.slack.press(after, 'Refresh', { user: 'ben' });
    const sentence = told.messages.at(-1) ?? (await told.next());
    await w.jira.up();
    assert.match(words(sentence), /^Jira isn’t answering\. The shared list is unchanged\./);
    assert.equal(sentence.ephemeral_to, 'U0BEN');
  });

  test('where Slack has no data tables yet, the shared list is a table', async () => {
    channel = 'C1';
    await untrackAll();
    await type('track PLAT-4');
    w.slack.trouble.unsupported('data_table', true);
    await w.slack.press(await type('tracked'), 'Share');
    const shared = () =>
      w.slack.messages(channel, 'ben').find(({ blocks }) => blocks.some(({ type }) => type === 'table'));
    await until(() => shared() !== undefined, 'the list is shared');
    w.slack.trouble.unsupported('data_table', false);
    assert.match(words(tableIn(shared() ?? assert.fail())), /PLAT-4/);
    assert.deepEqual(
      w.slack.refusals.splice(0).map(({ error }) => error),
      ['invalid_blocks'],
    );
  });

  test('a button of another version, through an answer that nobody takes any more, ends quietly', async () => {
    // On a busy machine, a statement of an earlier test may have exceeded its time.
    const errors = () => maro.log.filter(({ level }) => level === 'error').length;
    const before = errors();
    const ack = await w.slack.deliver('interactive', {
      type: 'block_actions',
      user: { id: 'U0ADA' },
      container: { type: 'message', channel_id: channel },
      response_url: 'http://127.0.0.1:1/gone',
      actions: [{ type: 'button', action_id: '__proto__', block_id: 'b', value: 'x' }],
    });
    assert.ok(ack.ok);
    await until(() => maro.log.some(({ msg }) => msg === 'a response_url did not take an answer'), 'Maro has said so');
    assert.equal(errors(), before);
  });

  test('no press left anything that Slack refused, or a line in the log that quotes it', () => {
    assert.deepEqual(w.slack.refusals, []);
    assert.doesNotMatch(maro.written(), /PLAT-|SHOP-|Made \d|xoxb-|xapp-|sandbox-api-token/);
  });

  test('Share of a list that is empty by now posts nothing, and says so', async () => {
    await type('track PLAT-3');
    const list = await type('tracked');
    await type('untrack PLAT-3');
    const told = await press(list, 'Share');
    assert.equal(words(told).trim(), 'The list is empty now, so nothing was shared.');
    assert.ok(told.ephemeral_to);
  });
});
