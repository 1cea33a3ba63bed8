import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Issue } from '../../../src/issue.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { connect, issue, issues, knowledge, listing, makeDatabase, open, SITE, tracking } from './example.ts';

describe('to update', () => {
  let sql: postgres.Sql;
  let tracker: Tracker;
  before(async () => {
    const url = await makeDatabase();
    sql = connect(url);
    tracker = await open(url);
  });
  const later = (n: number, changes: Partial<Issue> = {}) =>
    issue(n, { updatedAt: new Date('2026-02-01T00:00:00Z'), ...changes });

  test('changes what is known of an issue in every channel, and nothing of its tracking', async () => {
    for (const channel of ['C1', 'C2']) await tracker.track(tracking([issue(1)], { channel }));
    await sql`update tracked_issues set tracked_at = '2026-01-01'`;
    await sql`update jira_issues set synced_at = '2026-01-01'`;
    const now = later(1, { summary: 'New', status: 'Erledigt', category: 'done', assignee: undefined, type: 'Bug' });
    assert.equal((await tracker.update(knowledge([now]))).length, 1);
    for (const channel of ['C1', 'C2']) {
      const { issues, counts } = await tracker.list(listing({ channel }));
      assert.deepEqual(counts, { new: 0, indeterminate: 0, done: 1 });
      const { siteId, trackedAt, trackedBy, door, messageLink, syncedAt, failing, goneAt, ...known } =
        issues[0] ?? assert.fail();
      assert.deepEqual(known, now);
      assert.ok(trackedAt < new Date('2026-01-02') && syncedAt > new Date('2026-01-02'));
      assert.deepEqual([trackedBy, door, messageLink], ['U1', 'command', undefined]);
    }
  });

  test('gives an issue its new key, and untrack finds it by every key it had', async () => {
    const channel = 'C-renamed';
    for (const asked of ['PLAT-2', 'NEW-2', 'NEWER-2']) {
      await tracker.track(tracking([issue(2)], { channel }));
      assert.equal((await tracker.update(knowledge([later(2, { key: 'NEW-2' })]))).length, 1);
      assert.equal((await tracker.update(knowledge([later(2, { key: 'NEWER-2' })]))).length, 1);
      assert.equal((await tracker.list(listing({ channel }))).issues[0]?.key, 'NEWER-2');
      assert.deepEqual(
        await tracker.untrack({ tenant: 'T1', channel, which: { keys: [asked] }, operation: randomUUID() }),
        [{ askedAs: asked, key: 'NEWER-2', site: SITE }],
      );
    }
    assert.equal((await tracker.update(knowledge([later(2, { key: 'PLAT-2' })]))).length, 1);
    const [row] = await sql`select former_keys from jira_issues where issue_id = '10002'`;
    assert.deepEqual(row?.former_keys.sort(), ['NEW-2', 'NEWER-2']);
  });

  test('ignores an older answer and an issue that nobody knows', async () => {
    const channel = 'C-ignored';
    await tracker.track(tracking([later(3)], { channel }));
    const known = await tracker.list(listing({ channel }));
    assert.equal((await tracker.update(knowledge([issue(3, { summary: 'older' }), issue(4), later(5)]))).length, 0);
    assert.deepEqual(await tracker.list(listing({ channel })), known);
    assert.deepEqual([...(await sql`select from jira_issues where issue_id in ('10004', '10005')`)], []);
    assert.equal((await tracker.update(knowledge([]))).length, 0);
  });

  test('changes nothing that another tenant knows, nor tells of it', async () => {
    for (const tenant of ['T1', 'T2']) await tracker.track(tracking([issue(6)], { tenant, channel: 'C-shared' }));
    const now = later(6, { key: 'SECRET-6', summary: 'Secret' });
    assert.equal((await tracker.update(knowledge([now], { tenant: 'T2' }))).length, 1);
    const { issues } = await tracker.list(listing({ channel: 'C-shared' }));
    assert.deepEqual([issues[0]?.key, issues[0]?.summary], ['PLAT-6', 'Summary of 6']);
  });

  test('keeps nothing but the key of an issue that Jira no longer shows, and all of it when Jira shows it again', async () => {
    const channel = 'C-gone';
    await tracker.track(tracking([issue(7, { category: 'done' })], { channel }));
    const [gone] = await tracker.update(knowledge([], { gone: ['10007'] }));
    assert.deepEqual([gone?.gone, gone?.goneBefore], [true, false]);
    const { issues, counts } = await tracker.list(listing({ channel }));
    assert.deepEqual(counts, { new: 1, indeterminate: 0, done: 0 }, 'a list folds only what is done');
    const [kept] = issues;
    assert.deepEqual(
      [kept?.key, kept?.summary, kept?.status, kept?.assignee, kept?.type, kept?.priority, kept?.goneAt === undefined],
      ['PLAT-7', '', '', undefined, undefined, undefined, false],
    );
    const [back] = await tracker.update(knowledge([issue(7)]));
    assert.deepEqual([back?.gone, back?.goneBefore], [false, true]);
    assert.equal((await tracker.list(listing({ channel }))).issues[0]?.summary, 'Summary of 7');
  });

  test('takes a hundred at once', async () => {
    const channel = 'C-hundred';
    const all = issues(100, { site: 'https://hundred.example' });
    await tracker.track(tracking(all.slice(0, 50), { channel }));
    assert.equal(
      (await tracker.update(knowledge(all.map((issue) => ({ ...issue, summary: `Now ${issue.key}` }))))).length,
      50,
    );
    for (const { key, summary } of (await tracker.list(listing({ channel }))).issues) {
      assert.equal(summary, `Now ${key}`);
    }
  });
});
