import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { drawBoards } from '../../../src/boards/job.ts';
import { hideBoard, showBoard } from '../../../src/boards/show.ts';
import type { BoardDeps } from '../../../src/boards/write.ts';
import { lengthOf, MOST_CHARACTERS } from '../../../src/messages/blocks.ts';
import { endOf, isoDayIn } from '../../../src/zone.ts';
import { type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { issue, issues, knowledge, SITE, tracking } from '../tracker/example.ts';
import { boardDeps, drawAll } from './world.ts';

describe('a board', () => {
  let w: World;
  let deps: BoardDeps;
  let channel: string;
  let count = 0;
  before(async () => {
    const channels = Array.from({ length: 60 }, (_, n) => `C${n + 1}`);
    w = await world({ channels: channels.map((id) => ({ id, name: id, type: 'public', app_is_member: true })) });
    deps = await boardDeps(w);
  });
  beforeEach(() => {
    channel = `C${++count}`;
  });

  const { tenant } = { tenant: 'T0ACME' };
  const boards = (of = channel) => w.slack.everything().filter((each) => each.channel === of);
  const show = (by = deps) => showBoard({ channel, user: undefined }, by);
  const track = (...numbers: number[]) =>
    deps.services.tracker.track(
      tracking(
        numbers.map((n) => issue(n)),
        { tenant, channel },
      ),
    );
  const edits = (of = channel) => w.slack.calls('chat.update').filter(({ args }) => args.channel === of).length;
  const draw = () => drawAll(w, deps);
  /** Makes the time in which an answer may be late pass. */
  const wait = () =>
    rows(w.databaseUrl, "update boards set posting_at = posting_at - interval '2 minutes', held_until = null");

  test('is posted once when the answer to the post is lost', async () => {
    await track(1);
    w.slack.trouble.lose('chat.postMessage');
    assert.equal((await show()).state, 'shown', 'Maro looks for it');
    assert.equal(boards().length, 1);
    await track(2);
    await draw();
    assert.match(words(boards()[0]), /2 tracked issues/);
  });

  test('is found later when Slack does not show it at first, and posted again if it never came', async () => {
    await track(1);
    w.slack.trouble.lose('chat.postMessage');
    w.slack.trouble.fail('conversations.history', 'internal_error', 2);
    const shown = await show();
    assert.match(
      shown.state === 'not shown' ? shown.sentence : '',
      /^Slack didn’t answer in time, so the board may or may not/,
    );
    assert.match(JSON.stringify(await show()), /"shown"/);
    assert.equal(boards().length, 1);

    channel = `C${++count}`;
    w.slack.trouble.fail('chat.postMessage', 'internal_error');
    w.slack.trouble.fail('conversations.history', 'internal_error', 2);
    assert.equal((await show()).state, 'not shown');
    assert.equal((await show()).state, 'not shown', 'it may still come');
    assert.equal(boards().length, 0);
    await wait();
    await draw();
    assert.equal(boards().length, 1);
  });

  test('is not posted a second time when Slack does not let Maro look for it, and hide forgets it', async () => {
    w.slack.trouble.lose('chat.postMessage');
    w.slack.trouble.fail('conversations.history', 'missing_scope', 4);
    await show();
    await wait();
    const shown = await show();
    assert.match(shown.state === 'not shown' ? shown.sentence : '', /doesn’t let Maro look for it.*\/maro board hide/);
    assert.equal(boards().length, 1);
    assert.match(await hideBoard({ channel }, deps), /^Maro forgot the board\./);
    assert.equal((await show()).state, 'shown');
  });

  test('of which nothing was stored after the post is found by the next process', async () => {
    await track(1);
    await show();
    await rows(
      w.databaseUrl,
      `update boards set message_ts = null, posting_at = now(), content = null, wanted_at = now()
      where channel_id = '${channel}'`,
    );
    await draw();
    assert.equal(boards().length, 1);
    await track(2);
    await draw();
    assert.match(words(boards()[0]), /2 tracked issues/);
  });

  test('is never posted twice by two processes at once', async () => {
    await track(1);
    const other = await boardDeps(w);
    const all = await Promise.all([show(), show(other), drawBoards(deps), drawBoards(other), show(), show(other)]);
    assert.ok(all.some((shown) => shown?.state === 'shown'));
    await draw();
    assert.equal(boards().length, 1);
    for (const { sentence } of all.filter((shown) => shown?.state === 'not shown'))
      assert.match(sentence, /in a moment/);
  });

  test('is made anew only when its message is gone, and keeps its message at any other error', async () => {
    await track(1);
    await show();
    for (const error of [
      'cant_update_message',
      'invalid_blocks',
      'msg_too_long',
      'edit_window_closed',
      'update_failed',
    ]) {
      w.slack.trouble.fail('chat.update', error);
      const shown = await show();
      assert.match(shown.state === 'not shown' ? shown.sentence : '', /so (it|the board) is old/, error);
    }
    w.slack.trouble.lose('chat.update');
    await show();
    assert.equal(w.slack.calls('chat.postMessage').filter(({ args }) => args.channel === channel).length, 1);
    const [first] = boards();
    w.slack.everything();
    await deps.services.slack.deleteMessage(channel, first?.ts ?? '');
    const shown = await show();
    assert.ok(shown.state === 'shown' && shown.isNew);
    assert.equal(boards().length, 1);
    const { bookmarks } = w.slack.workspace.channel(channel);
    assert.deepEqual(
      bookmarks?.map(({ link }) => link),
      [shown.link],
    );
  });

  test('that Slack does not let Maro edit is drawn when it does again', async () => {
    await track(1);
    await show();
    await w.slack.befall(channel, 'archived');
    await track(2);
    await draw();
    assert.match(await show().then((shown) => (shown.state === 'not shown' ? shown.sentence : '')), /archived/);
    await w.slack.befall(channel, 'unarchived');
    await drawBoards(deps);
    assert.match(words(boards()[0]), /1 tracked issue/, 'the board rests');
    await draw();
    assert.match(words(boards()[0]), /2 tracked issues/);
  });

  test('that Slack refused to edit before Maro heard of the archive is drawn when the channel is back', async () => {
    await track(1);
    await show();
    await w.slack.befall(channel, 'archived');
    await track(2);
    await drawBoards(deps);
    await w.slack.befall(channel, 'unarchived');
    const { tracker } = deps.services;
    await tracker.setChannelState({ tenant, channel, at: new Date(), state: 'unarchived' });
    await tracker.setChannelState({ tenant, channel, at: new Date(Date.now() - 1_000), state: 'archived' });
    await drawBoards(deps);
    assert.match(words(boards()[0]), /2 tracked issues/);
  });

  test('without pins or bookmarks works, and says why it has none', async () => {
    const said: Record<string, RegExp> = {
      'bookmarks.add too_many_bookmarks': /as many bookmarks as Slack allows/,
      'bookmarks.add missing_scope': /no bookmark, because Slack doesn’t let Maro/,
      'bookmarks.add access_denied': /this channel doesn’t let Maro/,
      'bookmarks.add permission_denied': /this channel doesn’t let Maro/,
      'bookmarks.add internal_error': /didn’t confirm the bookmark/,
      'pins.add too_many_pins': /as many pins as Slack allows/,
      'pins.add missing_scope': /isn’t pinned, because Slack doesn’t let Maro pin/,
      'pins.add not_pinnable': /doesn’t let Maro pin it/,
      'pins.add restricted_action': /workspace doesn’t let Maro pin/,
      'pins.add external_channel_migrating': /refused to pin it \(code external_channel_migrating\)/,
      'pins.add internal_error': /didn’t pin it in time/,
    };
    for (const [call, sentence] of Object.entries(said)) {
      const [method = '', error = ''] = call.split(' ');
      await rows(w.databaseUrl, 'update boards set pinned_ts = null');
      w.slack.trouble.fail(method, error);
      const shown = await show();
      assert.match(shown.state === 'shown' ? shown.notes.join(' ') : '', sentence, call);
    }
    const link = await show();
    assert.deepEqual(link.state === 'shown' && link.notes.length, 1, 'a bookmark that may be there is not added again');
    assert.equal(w.slack.workspace.channel(channel).bookmarks?.length ?? 0, 0);
    assert.match(await hideBoard({ channel }, deps), /bookmark may still be there/);
  });

  test('that Slack does not delete stays one board', async () => {
    await show();
    for (const [error, sentence] of [
      ['cant_delete_message', /refused to delete the board \(code cant_delete_message\)/],
      ['channel_not_found', /refused to delete/],
      ['internal_error', /didn’t delete the board yet/],
    ] as const) {
      w.slack.trouble.fail('chat.delete', error);
      assert.match(await hideBoard({ channel }, deps), sentence);
    }
    await track(1);
    await draw();
    assert.doesNotMatch(words(boards()[0]), /1 tracked issue/, 'a hidden board is not drawn');
    const shown = await show();
    assert.ok(shown.state === 'shown' && !shown.isNew);
    assert.equal(boards().length, 1);
    w.slack.trouble.fail('bookmarks.remove', 'permission_denied');
    assert.match(await hideBoard({ channel }, deps), /The board is gone.*bookmark may still be there/);
  });

  test('shows a thousand issues with blocks and characters that Slack takes, and how many more there are', async () => {
    const long = {
      summary: 'W & <x> '.repeat(30),
      assignee: 'Maximiliane von und zu Hohenstein',
      status: 'Waiting for a very long time',
    };
    await deps.services.tracker.track(tracking(issues(1_000, long), { tenant, channel }));
    assert.equal((await show()).state, 'shown');
    const [board] = boards();
    assert.ok((board?.blocks.length ?? 99) <= 50);
    assert.ok(lengthOf(board?.blocks) < MOST_CHARACTERS);
    assert.match(words(board), /1–20 of 1,000/);
  });

  test('is edited once for many changes, and not at all for what it does not show', async () => {
    await track(1, 2);
    await show();
    const before = edits();
    for (let n = 0; n < 10; n++)
      await deps.services.tracker.update(knowledge([later({ summary: `Summary ${n}` })], { tenant }));
    await draw();
    assert.equal(edits(), before + 1);
    assert.match(words(boards()[0]), /Summary 9/);
    await deps.services.tracker.update(knowledge([later({ summary: 'Summary 9', priority: 'Low' })], { tenant }));
    await deps.services.tracker.update(knowledge([later({ summary: 'Summary 9' })], { tenant }));
    await rows(w.databaseUrl, "update boards set stale_at = now() - interval '1 minute'");
    await draw();
    assert.equal(edits(), before + 1);
  });

  test('goes on when Slack asks to wait, tells how late it is, and comes before others if somebody looked at it', async () => {
    await track(1);
    await show();
    await rows(w.databaseUrl, 'update boards set wanted_at = null, stale_at = null');
    const first = channel;
    channel = `C${++count}`;
    await track(1);
    await show();
    await deps.services.tracker.update(knowledge([later({ summary: 'Another' })], { tenant }));
    await rows(w.databaseUrl, "update boards set wanted_at = now() - interval '3 minutes' where wanted_at is not null");
    await deps.services.tracker.lookAtBoard({ tenant, channel: first });
    w.slack.trouble.rateLimit('chat.update', { times: 1, retryAfter: 7 });
    await rows(w.databaseUrl, 'update boards set not_before = null');
    const calls = w.slack.calls('chat.update').length;
    await drawBoards(deps);
    assert.equal(w.slack.calls('chat.update').length, calls + 1);
    assert.equal(w.slack.calls('chat.update').at(-1)?.args.channel, first);
    const jobs = await rows(
      w.databaseUrl,
      "select run_at > now() + interval '5 seconds' as later from graphile_worker.jobs where key = 'draw:T0ACME'",
    );
    assert.equal(jobs.length, 1);
    await draw();
    for (const of of [first, channel]) assert.match(words(boards(of)[0]), /Another.*came here 3 minutes late/s);
  });

  test('marks nothing of a day that is over, without anything else that changed', async () => {
    await track(1);
    await show();
    assert.match(words(boards()[0]), /\*new today\*/);
    await rows(w.databaseUrl, "update tracked_issues set added_at = added_at - interval '1 day'");
    await rows(w.databaseUrl, "update issue_changes set changed_at = changed_at - interval '1 day'");
    const [board] = await rows<{ stale: boolean }>(
      w.databaseUrl,
      `select stale_at <= now() + interval '1 day' as stale from boards where channel_id = '${channel}'`,
    );
    assert.ok(board?.stale);
    await rows(w.databaseUrl, 'update boards set stale_at = now()');
    await draw();
    assert.doesNotMatch(words(boards()[0]), /today\*/);
  });

  test('names what is overdue, and is drawn again when a day on which an issue is due is over in its time zone', async () => {
    const zone = 'Pacific/Kiritimati';
    const today = isoDayIn(zone, new Date());
    const late = issue(9_001, { dueDate: '2020-02-29' });
    const due = issue(9_002, { dueDate: today });
    await deps.services.tracker.track(tracking([late, due], { tenant, channel }));
    await rows(w.databaseUrl, "update tracked_issues set added_at = added_at - interval '2 days'");
    await show();
    await rows(w.databaseUrl, `update boards set zone = '${zone}' where channel_id = '${channel}'`);
    await show();
    const overdue = () => words(boards()[0]).match(/PLAT-\d+(?=[^P]*overdue)/g);
    assert.deepEqual(overdue(), ['PLAT-9001']);
    // After an edit, the board is looked at once more.
    await rows(w.databaseUrl, 'update boards set stale_at = now()');
    await draw();
    const [board] = await rows<{ stale_at: Date }>(
      w.databaseUrl,
      `select stale_at from boards where channel_id = '${channel}'`,
    );
    assert.equal(board?.stale_at.getTime(), endOf(zone, today).getTime());
    await rows(w.databaseUrl, "update jira_issues set due_date = due_date - 1 where issue_key = 'PLAT-9002'");
    await rows(w.databaseUrl, 'update boards set stale_at = now()');
    await draw();
    assert.equal(overdue()?.length, 2);
  });

  test('says when Jira has not answered for a while, and again when it does', async () => {
    await track(1);
    await show();
    await rows(
      w.databaseUrl,
      `insert into jira_syncs (tenant_id, site, failing_since, trouble) values ('${tenant}', '${SITE}', now() - interval '6 minutes', 'no_answer')`,
    );
    await rows(w.databaseUrl, "update jira_issues set synced_at = now() - interval '10 minutes'");
    await draw();
    assert.match(words(boards()[0]), /Jira hasn’t answered since/);
    const before = edits();
    await draw();
    assert.equal(edits(), before);
    await rows(w.databaseUrl, 'update jira_syncs set failing_since = null, trouble = null');
    await draw();
    assert.doesNotMatch(words(boards()[0]), /hasn’t answered/);
  });

  let updated = Date.now();
  function later(changes: Partial<ReturnType<typeof issue>>) {
    updated += 1_000;
    return issue(1, { ...changes, updatedAt: new Date(updated) });
  }
});
