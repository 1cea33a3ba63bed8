import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { IssueChange } from '../../../src/change.ts';
import type { AskedHome } from '../../../src/tracker/home.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { connect, issue, knowledge, makeDatabase, open, SITE, tracking } from './example.ts';

describe('a Home tab', () => {
  let tracker: Tracker;
  before(async () => {
    const url = await makeDatabase();
    tracker = await open(url);
    const mine = { assigneeId: 'a' };
    const issues = [
      issue(1, { ...mine, category: 'new' }),
      issue(2, mine),
      issue(3, { ...mine, category: 'done' }),
      issue(4, { assigneeId: 'b' }),
      issue(5, { ...mine, key: 'HR-5' }),
    ];
    await tracker.track(tracking(issues, { channel: 'C1' }));
    await tracker.track(tracking(issues.slice(0, 1), { channel: 'C2' }));
    await tracker.track(tracking([issue(6, mine)], { channel: 'C3' }));
    await tracker.track(tracking([issue(7, mine)], { channel: 'C1', tenant: 'T2' }));
    const sql = connect(url);
    await sql`update tracked_issues set added_at = now() - interval '1 hour'`;
    const changes = [1, 5, 6].map((n) => comment(n));
    await tracker.update(knowledge([], { site: SITE, changes, from: { kind: 'history' } }));
  });

  const comment = (n: number): IssueChange => ({
    ...{ issueId: issue(n).id, id: `comment ${n}`, what: 'comment', at: new Date() },
    ...{ author: { id: 'b', name: 'Ben' }, from: undefined, to: undefined },
    ...{ fromCategory: undefined, toCategory: undefined, byMaro: false },
  });
  const most = { issues: 20, changes: 10, channels: 30 };
  const opening = { user: 'U1', team: undefined, isOpened: true };
  const home = (asked: Partial<AskedHome> = {}) =>
    tracker.home({
      ...{ tenant: 'T1', opening, channels: ['C1', 'C2'], account: 'a', category: undefined, projects: [], most },
      ...asked,
    });
  const keys = (of: readonly { key: string }[]) => of.map(({ key }) => key).toSorted();

  test('has the issues of the account that are not done, each once, with counts', async () => {
    const { issues, counts, channels } = await home();
    assert.deepEqual(keys(issues), ['HR-5', 'PLAT-1', 'PLAT-2']);
    assert.deepEqual(counts, { new: 1, indeterminate: 2, done: 1 });
    assert.deepEqual(
      channels.toSorted((a, b) => a.channel.localeCompare(b.channel)),
      [
        { channel: 'C1', count: 5 },
        { channel: 'C2', count: 1 },
      ],
    );
  });

  test('has the issues of one category alone, and as many as are asked for', async () => {
    assert.deepEqual(keys((await home({ category: 'done' })).issues), ['PLAT-3']);
    assert.equal((await home({ most: { ...most, issues: 1 } })).issues.length, 1);
  });

  test('has nothing of projects that may not be shown', async () => {
    const { issues, counts, changes } = await home({ projects: ['PLAT'] });
    assert.deepEqual(keys(issues), ['PLAT-1', 'PLAT-2']);
    assert.deepEqual(counts, { new: 1, indeterminate: 1, done: 1 });
    assert.deepEqual(keys(changes), ['PLAT-1']);
  });

  test('has the changes of its channels alone, each once', async () => {
    assert.deepEqual(keys((await home()).changes), ['HR-5', 'PLAT-1']);
    assert.deepEqual(keys((await home({ channels: ['C3'] })).changes), ['PLAT-6']);
  });

  test('has no issues for an account that nobody knows, and nothing without channels', async () => {
    assert.deepEqual((await home({ account: undefined })).issues, []);
    const { issues, changes, channels } = await home({ channels: [] });
    assert.deepEqual([issues, changes, channels], [[], [], []]);
  });

  test('has nothing of an issue that is not visible any more', async () => {
    await tracker.update(knowledge([], { site: SITE, gone: [issue(2).id] }));
    assert.deepEqual(keys((await home()).issues), ['HR-5', 'PLAT-1']);
  });
});
