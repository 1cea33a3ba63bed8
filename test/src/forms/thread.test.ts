import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

/** The text of a document of Jira, with a line for each paragraph. */
function documentWords(node: unknown): string {
  const { type, text = '', content = [] } = (node ?? {}) as { type?: string; text?: string; content?: unknown[] };
  return `${text}${content.map(documentWords).join('')}${type === 'paragraph' ? '\n' : ''}`;
}

describe('the thread in the form for a ticket', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(() => {
    for (const view of w.slack.views('ada').toReversed()) void w.slack.close(view);
    w.slack.trouble.unlisted(false);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const made = (summary: string) => w.jira.issues.all().find((issue) => issue.summary === summary);
  const labels = async (query = '') =>
    (await w.slack.suggest(top(), 'create:messages', query)).map(({ text }) => text.text);

  /** A thread of so many replies, by Ada and Ben in turn. */
  function thread(name: string, replies: number): { root: Message; last: Message } {
    const root = w.slack.post(`${name} 0`, { channel: 'C1' });
    const posted = Array.from({ length: replies }, (_, n) =>
      w.slack.post(`${name} ${n + 1}`, { channel: 'C1', user: n % 2 === 0 ? 'ben' : 'ada', thread_ts: root.ts }),
    );
    return { root, last: posted.at(-1) as Message };
  }
  async function open(message: Message): Promise<View> {
    await w.slack.shortcut('create_from_message', message);
    await until(() => top()?.blocks.some(({ block_id }) => block_id === 'thread') ?? false, 'the form is there');
    const [project] = await w.slack.suggest(top(), 'create:project', 'PLAT');
    await w.slack.press(top(), 'create:project', { value: project });
    await until(() => top().blocks.some(({ block_id }) => block_id === 'type PLAT'), 'the project is chosen');
    return top();
  }
  async function description(summary: string): Promise<string> {
    await until(() => made(summary) !== undefined, 'the ticket is there');
    await until(() => top() === undefined || words(top().blocks).includes('Done.'), 'the form has ended');
    return documentWords(made(summary)?.description);
  }

  test('is whole when it is longer than a page', async () => {
    const { last } = thread('long', 230);
    await w.slack.submit(await open(last), { summary: 'Whole', thread: 'thread' });
    const all = await description('Whole');
    for (let n = 0; n <= 230; n++) assert.match(all, new RegExp(`\\blong ${n}\\b`));
  });

  test('is chosen message by message, by author and words, the newest last', async () => {
    const { root } = thread('pick', 3);
    const bot = { username: 'Alerts', text: '', attachments: [{ title: 'pick & see', text: 'It burns' }] };
    w.slack.arrive({ ...bot, thread_ts: root.ts }, 'C1');
    const last = w.slack.post('pick 4 <@U0BEN>', { channel: 'C1', thread_ts: root.ts });
    const form = await open(last);
    const options = await w.slack.suggest(form, 'create:messages', '');
    assert.deepEqual(
      options.map(({ text }) => text.text),
      ['ada: pick 0', 'ben: pick 1', 'ada: pick 2', 'ben: pick 3', 'Alerts: pick & see', 'ada: pick 4 <@U0BEN>'],
    );
    assert.deepEqual(await labels('BEN: '), ['ben: pick 1', 'ben: pick 3']);
    const chosen = [options[4], options[1]];
    await w.slack.submit(form, { summary: 'Chosen', description: '', messages: chosen });
    const all = await description('Chosen');
    assert.match(all, /ben:\s+pick 1\s+Alerts:\s+pick & see\s+It burns/);
    assert.doesNotMatch(all, /pick [023]/);
  });

  test('has the message that the form was opened from only once, as long as its words are in the description', async () => {
    await w.slack.submit(await open(thread('once', 2).last), { summary: 'Unrepeated', thread: 'thread' });
    assert.equal((await description('Unrepeated')).match(/once 2/g)?.length, 1);
    const form = await open(thread('again', 2).last);
    await w.slack.submit(form, { summary: 'Reworded', description: 'In my words', thread: 'thread' });
    assert.match(await description('Reworded'), /In my words\s.*again 0.*again 1.*ada:\s+again 2/s);
  });

  test('that Slack shows in pieces is added as far as Slack shows it, after the form has said what is missing', async () => {
    const { last } = thread('piece', 40);
    const form = await open(last);
    w.slack.trouble.unlisted(true);
    await w.slack.submit(form, { summary: 'Pieces', thread: 'thread' });
    await until(() => words(top().blocks).includes('missing'), 'the form says so');
    assert.match(words(top().blocks), /Slack gave Maro 15 messages from this thread so far. 26 more are missing\./);
    assert.equal(made('Pieces'), undefined);
    const soon = await w.slack.submit(top());
    assert.match(
      String(soon.errors.thread),
      /Slack won’t let Maro read this thread for another \d\d seconds\. Try again then/,
    );
    w.slack.clock.advance(60_000);
    await w.slack.submit(top());
    const all = await description('Pieces');
    assert.match(all, /piece 14\b.*26 more messages from the thread are in Slack\./s);
    assert.doesNotMatch(all, /piece 15\b/);
  });

  test('says in its menu what Slack does not show', async () => {
    const { last } = thread('menu', 20);
    await open(last);
    w.slack.trouble.unlisted(true);
    const first = await labels();
    assert.equal(first.length, 16);
    assert.equal(first.at(-1), '6 more messages: Slack isn’t showing them yet');
    assert.match(String(await labels()), /^Slack won’t let Maro read this thread for another \d\d seconds\.$/);
  });

  test('is read after a rate limit that ends in time', async () => {
    const { last } = thread('limited', 2);
    const form = await open(last);
    w.slack.trouble.rateLimit('conversations.replies', { retryAfter: 1 });
    await w.slack.submit(form, { summary: 'Limited', thread: 'thread' });
    assert.match(await description('Limited'), /limited 2.*limited 0.*limited 1/s);
  });

  // A form that was closed meanwhile is not found, and one that was drawn anew meanwhile has changed.
  test('left nothing that Slack refused, but for forms that were closed or drawn anew meanwhile', () => {
    assert.deepEqual(
      w.slack.refusals.filter(({ error }) => error !== 'not_found' && error !== 'hash_conflict'),
      [],
    );
  });
});
