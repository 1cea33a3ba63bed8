import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Tracker } from '../../../src/tracker/index.ts';
import { issue, issues, makeDatabase, open, tracking } from './example.ts';

describe('what a channel tracks of some keys', () => {
  let tracker: Tracker;
  before(async () => {
    tracker = await open(await makeDatabase());
    await tracker.track(tracking(issues(3)));
    await tracker.track(tracking([issue(7)], { channel: 'C2' }));
    await tracker.track(tracking([issue(8)], { tenant: 'T2' }));
  });

  const tracked = async (...keys: string[]) => [...(await tracker.tracked({ tenant: 'T1', channel: 'C1', keys }))];

  test('is those that are on its list, and of no other channel or company', async () => {
    assert.deepEqual((await tracked('PLAT-3', 'PLAT-9', 'PLAT-1', 'PLAT-7', 'PLAT-8')).sort(), ['PLAT-1', 'PLAT-3']);
    assert.deepEqual(await tracked(), []);
  });

  test('is known by a key that the issue had before it moved', async () => {
    await tracker.track(tracking([issue(2, { key: 'SHOP-2' })]));
    assert.deepEqual((await tracked('PLAT-2', 'SHOP-2')).sort(), ['PLAT-2', 'SHOP-2']);
  });

  test('is not what was untracked', async () => {
    await tracker.untrack({ tenant: 'T1', channel: 'C1', which: { keys: ['PLAT-1'] }, operation: 'o' });
    assert.deepEqual(await tracked('PLAT-1'), []);
  });
});
