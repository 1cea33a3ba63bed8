import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import { startMaro, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';

describe('/maro changes', () => {
  let w: World;
  before(async () => {
    w = await world();
    const maro = await startMaro(w, { PORT: '0', JIRA_WEBHOOK_SECRET: 'a-secret-of-the-webhook' });
    w.jira.webhooks.register({ url: `http://127.0.0.1:${maro.port}/jira/webhook`, secret: 'a-secret-of-the-webhook' });
    await say('track PLAT-1 PLAT-2', 'ben');
    await rows(w.databaseUrl, "update tracked_issues set added_at = added_at - interval '1 day'");
  });

  async function say(text: string, user = 'ada') {
    const [message] = (await w.slack.command(`/maro ${text}`, { channel: 'C1', user })).messages;
    return message ?? assert.fail('there is an answer');
  }
  async function press(message: Message, what: string): Promise<Message> {
    const seen = await w.slack.press(message, what);
    return seen.messages.at(-1) ?? seen.next();
  }
  /** Makes everything that is stored an hour older. */
  async function endVisits(): Promise<void> {
    for (const [table, ...columns] of [
      ['visits', 'seen_at', 'since_at'],
      ['tracked_issues', 'added_at'],
      ['issue_changes', 'changed_at'],
    ] as const) {
      const older = columns.map((column) => `${column} = ${column} - interval '1 hour'`);
      await rows(w.databaseUrl, `update ${table} set ${older.join()}`);
    }
  }

  test('tells each change with who made it, grouped by issue, since the last visit, which the list counts', async () => {
    await say('tracked');
    await endVisits();
    w.jira.issues.edit('PLAT-1', { status: 'Done' }, 'tobias');
    w.jira.issues.edit('PLAT-1', { assignee: 'yuki' }, 'mara');
    w.jira.issues.comment('PLAT-2', 'Words that are for Jira only', 'joao');
    await say('track PLAT-3', 'ben');
    await w.jira.webhooks.settled();
    const list = await say('tracked');
    assert.match(words(list), /4 changes since/);
    assert.match(list.text, /4 changes since you last looked/);
    const changes = words(await say('changes'));
    assert.match(changes, /^\*4 changes since/);
    assert.match(
      changes,
      /PLAT-1 .*Mara Lindqvist assigned it to Yuki Tanaka · .*Tobias Krämer moved it from In Progress to Done · /s,
    );
    assert.match(changes, /PLAT-2 .*João Pereira commented · /s);
    assert.match(changes, /PLAT-3 .*@\w+ tracked it · /s);
    assert.ok(!changes.includes('for Jira only'));
    assert.ok(!words(await say('tracked', 'ben')).includes('changes since'), 'a first visit has no news');
  });

  test('shows the same until half an hour without a look has passed, and then nothing', async () => {
    assert.match(words(await say('changes')), /^\*4 changes since/);
    await endVisits();
    assert.match(words(await say('changes')), /^\*No changes since/);
    assert.ok(!words(await say('tracked')).includes('changes since'));
  });

  test('takes a period in the time zone of the person, and explains what it does not understand', async () => {
    for (const period of ['today', 'this week', 'since Monday', 'yesterday', 'since 2026-01-01']) {
      assert.match((await say(`changes ${period}`)).text, /^(No|\d+) changes? /, period);
    }
    assert.match((await say('changes since the flood')).text, /`\/maro changes` with `today`/);
  });

  test('is opened from the list, and leads back to it', async () => {
    await endVisits();
    w.jira.issues.edit('PLAT-2', { summary: 'Renamed again' }, 'mara');
    await w.jira.webhooks.settled();
    const list = await say('tracked');
    const changes = await press(list, 'changes:show');
    assert.match(words(changes), /Mara Lindqvist renamed it from/);
    assert.match(words(await press(changes, 'list:newer')), /1 open issue of 3/);
  });

  test('tells flags and due dates', async () => {
    await endVisits();
    w.jira.issues.edit('PLAT-2', { flagged: true, duedate: '2026-11-20' }, 'mara');
    w.jira.issues.edit('PLAT-2', { duedate: '2026-12-01' }, 'mara');
    w.jira.issues.edit('PLAT-2', { flagged: false, duedate: null }, 'mara');
    await w.jira.webhooks.settled();
    const changes = words(await say('changes', 'ben'));
    for (const told of [
      'flagged it',
      'set the due date to Nov 20, 2026',
      'changed the due date from Nov 20, 2026 to Dec 1, 2026',
      'removed the due date',
      'removed the flag',
    ]) {
      assert.ok(changes.includes(`Mara Lindqvist ${told} ·`), changes);
    }
  });

  test('shows nothing of an issue that is not visible to Maro anymore but that it is so', async () => {
    w.jira.issues.edit('PLAT-1', { summary: 'A secret plan' }, 'mara');
    await w.jira.webhooks.settled();
    w.jira.issues.remove('PLAT-1', 'tobias');
    await w.jira.webhooks.settled();
    const changes = words(await say('changes today'));
    assert.match(changes, /PLAT-1.*Tobias Krämer deleted it in Jira/s);
    assert.ok(!changes.includes('secret plan'));
  });
});
