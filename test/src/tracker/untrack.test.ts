import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Tracker } from '../../../src/tracker/index.ts';
import { connect, holdLock, issue, listing, makeDatabase, open, SITE, tracking, waitingForLocks } from './example.ts';

describe('to untrack', () => {
  let url: string;
  let sql: postgres.Sql;
  let tracker: Tracker;
  before(async () => {
    url = await makeDatabase();
    sql = connect(url);
    tracker = await open(url);
  });
  const keys = async (tenant: string, channel: string) =>
    (await tracker.list(listing({ tenant, channel }))).issues.map(({ key }) => key).sort();

  test('takes issues off the list by the keys they have', async () => {
    const channel = 'C-has';
    await tracker.track(tracking([issue(1), issue(2), issue(3)], { channel }));
    const untracked = await tracker.untrack({
      tenant: 'T1',
      channel,
      which: { keys: ['PLAT-1', 'PLAT-3'] },
      operation: randomUUID(),
    });
    assert.deepEqual(untracked.map(({ askedAs }) => askedAs).sort(), ['PLAT-1', 'PLAT-3']);
    assert.deepEqual(await keys('T1', channel), ['PLAT-2']);
  });

  test('takes an issue off the list by a key it had, and names the one it has', async () => {
    const channel = 'C-had';
    const moved = { issue: issue(4, { key: 'NEW-4' }), askedAs: ['OLD-4', 'OLDER-4'] };
    await tracker.track({ ...tracking([]), channel, issues: [moved] });
    assert.deepEqual(
      await tracker.untrack({ tenant: 'T1', channel, which: { keys: ['OLD-4'] }, operation: randomUUID() }),
      [{ askedAs: 'OLD-4', key: 'NEW-4', site: SITE }],
    );
    assert.deepEqual(await keys('T1', channel), []);
  });

  test('answers for each key, also for two that mean one issue', async () => {
    const channel = 'C-two-keys';
    await tracker.track({ ...tracking([]), channel, issues: [{ issue: issue(5), askedAs: ['OLD-5'] }] });
    const untracked = await tracker.untrack({
      tenant: 'T1',
      channel,
      which: { keys: ['PLAT-5', 'OLD-5'] },
      operation: randomUUID(),
    });
    assert.deepEqual(
      untracked.sort((a, b) => (a.askedAs ?? '').localeCompare(b.askedAs ?? '')),
      [
        { askedAs: 'OLD-5', key: 'PLAT-5', site: SITE },
        { askedAs: 'PLAT-5', key: 'PLAT-5', site: SITE },
      ],
    );
  });

  test('says nothing of what was not tracked', async () => {
    const channel = 'C-nothing';
    await tracker.track(tracking([issue(6)], { channel }));
    const ask = (...keys: string[]) =>
      tracker.untrack({ tenant: 'T1', channel, which: { keys }, operation: randomUUID() });
    assert.deepEqual(await ask('PLAT-7', 'NONE-1'), []);
    assert.deepEqual(await ask(), []);
    assert.deepEqual(await ask('NONE-1', 'PLAT-6'), [{ askedAs: 'PLAT-6', key: 'PLAT-6', site: SITE }]);
    assert.deepEqual(await ask('PLAT-6'), []);
  });

  test('leaves the same issue to other channels and tenants', async () => {
    const places = [
      ['T1', 'C-here'],
      ['T1', 'C-there'],
      ['T2', 'C-here'],
    ] as const;
    for (const [tenant, channel] of places) await tracker.track(tracking([issue(8)], { tenant, channel }));
    await tracker.untrack({ tenant: 'T1', channel: 'C-here', which: { keys: ['PLAT-8'] }, operation: randomUUID() });
    assert.deepEqual(await Promise.all(places.map(([tenant, channel]) => keys(tenant, channel))), [
      [],
      ['PLAT-8'],
      ['PLAT-8'],
    ]);
  });

  test('twice at once is said to be done by one of the two', async () => {
    const channel = 'C-twice';
    const other = await open(url);
    await tracker.track(tracking([issue(9)], { channel }));
    const release = await holdLock(
      sql,
      (sql) => sql`select from tracked_issues where channel_id = ${channel} for update`,
    );
    const both = [tracker, other].map((tracker) =>
      tracker.untrack({ tenant: 'T1', channel, which: { keys: ['PLAT-9'] }, operation: randomUUID() }),
    );
    await waitingForLocks(sql, 2);
    await release();
    assert.deepEqual((await Promise.all(both)).map(({ length }) => length).sort(), [0, 1]);
  });

  test('repeated after the issue was tracked again, leaves it tracked, and answers as before', async () => {
    const channel = 'C-repeated';
    const untrack = { tenant: 'T1', channel, which: { keys: ['PLAT-11'] }, operation: randomUUID() };
    await tracker.track(tracking([issue(11)], { channel }));
    const first = await tracker.untrack(untrack);
    await tracker.track(tracking([issue(11)], { channel }));
    assert.deepEqual(await tracker.untrack(untrack), first);
    assert.deepEqual(await keys('T1', channel), ['PLAT-11']);
  });

  test('is undone once, and the same undo repeated says so again', async () => {
    const channel = 'C-undone';
    await tracker.track(tracking([issue(12), issue(13)], { channel }));
    const untrackedIn = randomUUID();
    await tracker.untrack({ tenant: 'T1', channel, which: { category: undefined }, operation: untrackedIn });
    await tracker.track(tracking([issue(13)], { channel }));
    const undo = { tenant: 'T1', channel, untrackedIn, operation: randomUUID() };
    assert.equal(await tracker.restore(undo), 1);
    assert.equal(await tracker.restore(undo), 1);
    assert.equal(await tracker.restore({ ...undo, operation: randomUUID() }), 0);
    assert.deepEqual(await keys('T1', channel), ['PLAT-12', 'PLAT-13']);
  });

  test('and then track again adds the issue again', async () => {
    const channel = 'C-again';
    await tracker.track(tracking([issue(10)], { channel, messageLink: 'https://slack.example/p1' }));
    await tracker.untrack({ tenant: 'T1', channel, which: { keys: ['PLAT-10'] }, operation: randomUUID() });
    assert.deepEqual(await tracker.track(tracking([issue(10)], { channel })), new Set(['10010']));
    assert.equal((await tracker.list(listing({ channel }))).issues[0]?.messageLink, undefined);
  });
});
