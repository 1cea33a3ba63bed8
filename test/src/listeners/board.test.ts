import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import type { Message, View } from '../../../sandbox/slack/index.ts';
import type { BoardDeps } from '../../../src/boards/write.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { boardDeps, drawAll } from '../boards/world.ts';

describe('/maro board', () => {
  let w: World;
  let deps: BoardDeps;
  before(async () => {
    w = await world();
    const maro = await startMaro(w, { PORT: '0', JIRA_WEBHOOK_SECRET: 'a-secret-of-the-webhook' });
    w.jira.webhooks.register({ url: `http://127.0.0.1:${maro.port}/jira/webhook`, secret: 'a-secret-of-the-webhook' });
    deps = await boardDeps(w);
    await say('track PLAT-1 PLAT-2 PLAT-4');
    await rows(w.databaseUrl, "update tracked_issues set added_at = added_at - interval '2 days'");
  });
  beforeEach(() => w.slack.refusals.splice(0));

  async function say(text: string, { channel = 'C1', user = 'ada' } = {}) {
    const { messages } = await w.slack.command(`/maro ${text}`, { channel, user });
    return messages.find(({ ephemeral_to }) => ephemeral_to !== undefined) ?? assert.fail('there is an answer');
  }
  const boards = (channel = 'C1') =>
    w.slack
      .everything()
      .filter((each) => each.channel === channel && !each.ephemeral_to && each.metadata !== undefined);
  const board = (channel = 'C1') => boards(channel).at(-1) ?? assert.fail('there is a board');
  async function press(message: Message, what: string, value?: string): Promise<Message> {
    const seen = await w.slack.press(message, what, { user: 'ben', ...(value === undefined ? {} : { value }) });
    for (;;) {
      const told = seen.messages.find(({ ephemeral_to }) => ephemeral_to !== undefined);
      if (told !== undefined) return told;
      await seen.next();
    }
  }
  const edits = () => w.slack.calls('chat.update').length;

  test('posts a board like the list, pins it, and bookmarks it', async () => {
    const answer = words(await say('board'));
    assert.match(answer, /^The <https:\/\/acme\.slack\.com\/archives\/C1\/p\d+\|board> is in this channel\.$/);
    assert.match(
      words(board()),
      /^\*2 open issues of 3\*\n.*\*In progress\*.*PLAT-1>.*\*To do\*.*PLAT-4>.*\*Done\* · 1 issue/s,
    );
    assert.match(words(board()), /Updated from Jira/);
    assert.equal(board().pinned_by, 'U0MAROBOT');
    const [bookmark] = w.slack.workspace.channel('C1').bookmarks ?? [];
    assert.equal(bookmark?.title, 'Issues');
    assert.ok(answer.includes(bookmark?.link ?? ''));
    assert.deepEqual(w.slack.refusals, []);
  });

  test('has a menu in each row; only the person who moves an issue there sees the answer, and the board shows the move', async () => {
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    await w.jira.webhooks.settled();
    await w.slack.press(board(), 'board:row', { value: 'issue:move PLAT-4', user: 'ben' });
    const form = () => w.slack.views('ben').at(-1);
    await until(() => form()?.callback_id === 'move_issue', 'the form');
    const calls = () => w.slack.calls('conversations.replies').length;
    const before = calls();
    await w.slack.submit(form() as View, { status: 'In Progress' });
    const told = () => w.slack.messages('C1', 'ben').filter(({ ephemeral_to }) => ephemeral_to);
    await until(() => /PLAT-4> is now In Progress\.$/.test(words(told().at(-1))), 'the answer');
    await drawAll(w, deps);
    assert.match(words(board()), /\*In progress\*.*PLAT-4>/s);
    assert.doesNotMatch(words(board()), /\*To do\*/);
    assert.equal(calls(), before);
    w.jira.issues.edit('PLAT-4', { status: 'To Do' });
    await w.jira.webhooks.settled();
    await drawAll(w, deps);
    assert.deepEqual(w.slack.refusals, []);
  });

  test('untracks an issue from its row, with Undo, as often as it is pressed', async () => {
    for (let time = 1; time <= 2; time++) {
      const entry = JSON.stringify(board().blocks).match(/untrack PLAT-4 [^"]+/)?.[0];
      const answer = await press(board(), 'board:row', entry);
      assert.match(words(answer), /^PLAT-4 is no longer tracked\./);
      await drawAll(w, deps);
      assert.doesNotMatch(words(board()), /PLAT-4>/);
      await w.slack.press(answer, 'Undo', { user: 'ben' });
      await until(() => words(answer).startsWith('1 issue is tracked again.'), 'it is tracked again');
      await drawAll(w, deps);
      assert.match(words(board()), /PLAT-4>/);
    }
  });

  test('typed again, leads to the board that is there, after reading Jira', async () => {
    const reads = w.jira.count('bulkfetch');
    assert.match(
      words(await say('board')),
      /^The <https:.*\|board> is up to date\. Up to date\. Nothing changed in Jira\.$/,
    );
    assert.equal(w.jira.count('bulkfetch'), reads + 1);
    assert.equal(boards().length, 1);
    assert.equal(w.slack.workspace.channel('C1').bookmarks?.length, 1);
  });

  test('shows what happens in Jira and in the list, marks what changed today, and is edited only if something changed', async () => {
    await drawAll(w, deps);
    const before = edits();
    w.jira.issues.edit('PLAT-4', { status: 'In Progress' }, 'mara');
    w.jira.issues.comment('PLAT-1', 'Hello', 'mara');
    await w.jira.webhooks.settled();
    await say('track PLAT-5');
    await drawAll(w, deps);
    assert.equal(edits(), before + 1);
    const text = words(board());
    assert.match(text, /PLAT-5>.*\*new today\*/);
    assert.match(text, /PLAT-4>.*\*moved today\*/);
    assert.match(text, /PLAT-1>.*\*comment today\*/);
    await say('track PLAT-5');
    await say('untrack PLAT-999');
    await drawAll(w, deps);
    await drawAll(w, deps);
    assert.equal(edits(), before + 1);
    w.jira.issues.edit('PLAT-1', { status: 'Done' }, 'mara');
    await w.jira.webhooks.settled();
    await drawAll(w, deps);
    assert.match(words(board()), /\*Done\* · 2 issues · \*1 done today\*/);
  });

  test('offers Refresh for everyone, Track, and the list for one person', async () => {
    w.jira.webhooks.register(undefined);
    w.jira.issues.edit('PLAT-5', { summary: 'Seen by Refresh' }, 'mara');
    const told = await press(board(), 'Refresh');
    assert.equal(told.ephemeral_to, 'U0BEN');
    assert.match(words(told), /PLAT-5 was renamed/);
    assert.match(words(board()), /PLAT-5> Seen by Refresh/);
    const list = await press(board(), 'Open list');
    assert.equal(list.ephemeral_to, 'U0BEN');
    assert.match(words(list), /PLAT-5> Seen by Refresh/);
    assert.match(words(await press(board(), 'Show')), /2 done issues of 4/);
    await w.slack.press(board(), 'Track', { user: 'ben' });
    await until(() => w.slack.views('U0BEN').length > 0, 'the form is open');
    assert.equal(w.slack.views('U0BEN').at(-1)?.title.text, 'Track issues');
    assert.equal(boards().length, 1);
  });

  test('hide deletes the board and its bookmark, and board makes a new one', async () => {
    assert.match(words(await say('board hide')), /^The board is gone\. The list is still there/);
    assert.equal(boards().length, 0);
    assert.deepEqual(w.slack.workspace.channel('C1').bookmarks, []);
    assert.match(words(await say('board hide')), /^This channel has no board\.$/);
    await say('board');
    assert.equal(boards().length, 1);
    assert.match((await say('board please')).text, /`\/maro board hide`/);
  });

  test('where Maro is not a member says so', async () => {
    assert.match(words(await say('board', { channel: 'C3' })), /^Maro can’t see this channel, so nothing was posted/);
    assert.equal(boards('C3').length, 0);
  });

  test('names the followed queries, and the one that Jira refuses now', async () => {
    const footer = () => words(board().blocks).trim().split('\n').at(-1) ?? '';
    await w.slack.press(await say('follow epic PLAT-8'), 'Follow');
    const { tracker } = deps.services;
    const follows = () => tracker.follows({ tenant: deps.tenant, channel: 'C1' });
    await until(async () => (await follows())[0]?.issues === 2, 'its issues are in the list');
    const drawn = async (pattern: RegExp) => {
      await rows(w.databaseUrl, "update boards set wanted_at = wanted_at - interval '10 seconds'");
      await drawAll(w, deps);
      assert.match(footer(), pattern);
    };
    await drawn(/ · Follows epic PLAT-8$/);
    const site = await deps.services.jira.siteId();
    const read = async () => {
      await rows(w.databaseUrl, 'update follows set asked_at = null');
      const [query] = await tracker.dueFollows({ tenant: deps.tenant, site });
      return { tenant: deps.tenant, query: query ?? assert.fail('it is due') };
    };
    await tracker.followUnread({ ...(await read()), trouble: 'Jira does not know it.' });
    await drawn(/Follows epic PLAT-8 · :warning: Maro can’t follow epic PLAT-8 now/);
    const members = await rows<{ issue_id: string }>(w.databaseUrl, 'select issue_id from follow_issues');
    const ids = members.map(({ issue_id }) => issue_id);
    await tracker.followRead({ ...(await read()), site, ids, issues: [], operation: 'read again' });
    await drawn(/ · Follows epic PLAT-8$/);
  });
});
