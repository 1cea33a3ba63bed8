import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

/** Long enough for Maro to redraw the card. */
const SLOW = { kind: 'latency', ms: 700 } as const;

describe('a card from which somebody changes the issue', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w, {}, { looksAfterMs: [50, 200] });
  });
  afterEach(async () => {
    for (const endpoint of ['transition', 'transitions', 'assign'] as const) w.jira.trouble(endpoint, undefined);
    if (top() !== undefined) await w.slack.close(top(), { all: true });
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const inChannel = () => w.slack.messages('C1', 'ben');
  const privately = () => w.slack.messages('C1', 'ada').filter(({ ephemeral_to }) => ephemeral_to);
  const shows = (card: Message, what: RegExp) => until(() => what.test(words(card)), `the card shows ${what}`);
  async function post(key: string, inputs: Record<string, string> = {}): Promise<Message> {
    w.jira.issues.edit(key, { status: 'To Do', assignee: 'mara' });
    const step = w.slack.step('post_ticket', { channel_id: 'C1', issue_keys: key, user_id: 'U0ADA', ...inputs });
    assert.equal((await step.finished).state, 'completed', step.error);
    return inChannel().at(-1) as Message;
  }
  async function open(card: Message, button: string, act?: string) {
    await w.slack.press(card, button);
    await until(() => top() !== undefined && !/^Asking Jira/.test(words(top().blocks)), 'the view is drawn');
    if (act === undefined) return;
    await w.slack.press(top(), act);
    await until(() => Boolean(top().submit), 'the form is drawn');
  }

  test('says what Maro is doing until Jira confirms it, and then shows the changed issue; the person gets an answer, too', async () => {
    const card = await post('PLAT-4');
    await open(card, 'Move to…');
    w.jira.trouble('transition', SLOW);
    w.jira.resetRequests();
    const calls = w.slack.calls().length;
    const submitted = w.slack.submit(top(), { status: 'In Progress' });
    await shows(card, /Mara Lindqvist\nmoving to In Progress…/);
    await submitted;
    await until(() => /PLAT-4> is now In Progress\./.test(String(privately().at(-1)?.text)), 'the answer is there');
    assert.match(words(card), /^Requested by @U0ADA\.\nPLAT-4 .*\n.*In Progress · Mara Lindqvist\nOpen/);
    // The card is read and changed, twice. Jira is asked for the issue before and after, since no channel tracks it.
    assert.deepEqual([w.slack.calls().length - calls, w.jira.count()], [4, 4]);
  });

  test('in a thread shows the new assignee of a stored issue, without asking Jira again', async () => {
    await w.slack.command('/maro track PLAT-8', { channel: 'C1' });
    const parent = w.slack.post('Look at this', { user: 'U0ADA', channel: 'C1' });
    const card = await post('PLAT-8', { thread_ts: parent.ts });
    assert.equal(card.thread_ts, parent.ts);
    await post('PLAT-8', { thread_ts: parent.ts });
    await open(card, 'More…', 'Assign…');
    const [yuki] = await w.slack.suggest(top(), 'create:person', 'Yuki');
    const [key = ''] = Object.keys(top().state.values);
    w.jira.resetRequests();
    await w.slack.submit(top(), { [key]: yuki });
    await shows(card, /To Do · Yuki Tanaka\nOpen/);
    // Jira is asked for the person, and to assign the issue.
    assert.equal(w.jira.count(), 2);
  });

  test('shows the earlier values if Jira refuses', async () => {
    const card = await post('PLAT-4');
    const before = words(card);
    await open(card, 'Move to…');
    w.jira.trouble('transitions', SLOW);
    w.jira.trouble('transition', { kind: 'conflict' });
    const submitted = w.slack.submit(top(), { status: 'In Progress' });
    await shows(card, /moving to In Progress…/);
    await submitted;
    await until(() => words(card) === before, 'the card is as it was');
    assert.match(words(top().blocks), /^PLAT-4 wasn’t moved\. Somebody changed the issue/);
  });

  test('stays as it is if Maro cannot read it in Slack, and the person gets the answer', async () => {
    const card = await post('PLAT-4');
    const before = words(card);
    await open(card, 'Move to…');
    w.slack.trouble.fail('conversations.replies', 'missing_scope', 2);
    const answers = privately().length;
    await w.slack.submit(top(), { status: 'In Progress' });
    await until(() => privately().length > answers, 'the answer is there');
    assert.equal(words(card), before);
  });

  test('is redrawn as soon as Slack takes it', async () => {
    const card = await post('PLAT-4');
    await open(card, 'Move to…');
    w.jira.trouble('transition', SLOW);
    const submitted = w.slack.submit(top(), { status: 'In Progress' });
    await shows(card, /moving to In Progress…/);
    w.slack.trouble.rateLimit('chat.update');
    await submitted;
    await until(() => /In Progress · Mara Lindqvist\nOpen/.test(words(card)), 'the card is drawn', 30_000);
  });

  test('is replaced, with the outcome on top, if only one person sees it', async () => {
    w.jira.issues.edit('PLAT-5', { status: 'In Progress' });
    const [card] = (await w.slack.command('/maro show PLAT-5', { channel: 'C1' })).messages;
    assert.ok(card);
    await open(card, 'Move to…');
    await w.slack.submit(top(), { status: 'In Review' });
    await shows(card, /^PLAT-5 is now In Review\.\nPLAT-5 .*\n.*In Review · /);
    await open(card, 'More…', 'Comment…');
    const text = { type: 'rich_text_section', elements: [{ type: 'text', text: 'Looks good' }] };
    await w.slack.submit(top(), { comment: { type: 'rich_text', elements: [text] } });
    await until(() => /Your comment> was added/.test(String(privately().at(-1)?.text)), 'the answer is there');
  });
});
