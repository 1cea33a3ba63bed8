import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Tracker } from '../../../src/tracker/index.ts';
import { issue, issues, listing, makeDatabase, open, tracking } from './example.ts';

describe('a list', () => {
  let tracker: Tracker;
  before(async () => {
    tracker = await open(await makeDatabase());
  });

  test('of a channel without issues is empty', async () => {
    const nothing = { issues: [], counts: { new: 0, indeterminate: 0, done: 0 } };
    assert.deepEqual(await tracker.list(listing({ channel: 'C-empty' })), nothing);
    assert.deepEqual(await tracker.list(listing({ channel: 'C-empty', category: 'done', offset: 10 })), nothing);
  });

  test('has what is in progress first, then what is to do, then what is done, across pages and newest first in each', async () => {
    const channel = 'C-order';
    const category = (n: number) => (n % 3 === 0 ? 'done' : n % 3 === 1 ? 'new' : 'indeterminate');
    for (let n = 0; n < 10; n++) {
      await tracker.track(tracking([issue(n, { site: 'https://order.example', category: category(n) })], { channel }));
    }
    const pages = await Promise.all(
      [0, 4, 8].map(async (offset) => (await tracker.list(listing({ channel, limit: 4, offset }))).issues),
    );
    assert.deepEqual(
      pages.map((page) => page.map(({ id }) => Number(id) % 1000).join(' ')),
      ['8 5 2 7', '4 1 9 6', '3 0'],
    );
  });

  test('begins with what was tracked last, also when it was tracked before', async () => {
    const channel = 'C-newest';
    for (const n of [1, 2, 3, 1]) await tracker.track(tracking([issue(n)], { channel }));
    const { issues } = await tracker.list(listing({ channel }));
    assert.deepEqual(
      issues.map(({ key }) => key),
      ['PLAT-1', 'PLAT-3', 'PLAT-2'],
    );
  });

  test('comes in pages that together are the whole, each issue once', async () => {
    const channel = 'C-pages';
    const all = issues(230);
    // Issues of one operation have one time.
    for (let i = 0; i < all.length; i += 100) await tracker.track(tracking(all.slice(i, i + 100), { channel }));
    const whole = (await tracker.list(listing({ channel }))).issues.map(({ key }) => key);
    const pages: string[] = [];
    for (let offset = 0; offset < 230; offset += 7) {
      const { issues, counts } = await tracker.list(listing({ channel, limit: 7, offset }));
      assert.equal(counts.indeterminate, 230);
      pages.push(...issues.map(({ key }) => key));
    }
    assert.deepEqual(pages, whole);
    assert.equal(new Set(pages).size, 230);
    const beyond = await tracker.list(listing({ channel, limit: 7, offset: 230 }));
    assert.deepEqual(beyond, { issues: [], counts: { new: 0, indeterminate: 230, done: 0 } });
  });

  test('of one category has its issues only, and counts all', async () => {
    const channel = 'C-category';
    const category = (n: number) => (n % 3 === 0 ? 'done' : n % 3 === 1 ? 'new' : 'indeterminate');
    const all = Array.from({ length: 10 }, (_, n) => issue(n, { site: 'https://c.example', category: category(n) }));
    await tracker.track(tracking(all, { channel }));
    for (const [category, numbers] of [
      ['done', [9, 6, 3, 0]],
      ['new', [7, 4, 1]],
      ['indeterminate', [8, 5, 2]],
    ] as const) {
      const { issues, counts } = await tracker.list(listing({ channel, category }));
      assert.deepEqual(
        issues.map(({ key }) => key),
        numbers.map((n) => `PLAT-${n}`),
      );
      assert.deepEqual(counts, { new: 3, indeterminate: 3, done: 4 });
    }
    const second = await tracker.list(listing({ channel, category: 'done', limit: 2, offset: 2 }));
    assert.deepEqual(
      second.issues.map(({ key }) => key),
      ['PLAT-3', 'PLAT-0'],
    );
  });
});
