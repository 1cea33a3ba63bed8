import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, percentile, spread } from './statistics.ts';

test('the median is the middle figure, whatever their order, and between two the mean', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
});

test('a percentile lies between two figures in proportion', () => {
  const figures = Array.from({ length: 101 }, (_, n) => 100 - n);
  assert.equal(percentile(figures, 99), 99);
  assert.equal(percentile([10, 20], 75), 17.5);
  assert.deepEqual(spread([3, 1, 2]), { least: 1, most: 3 });
});

test('of no figures there is no median', () => {
  assert.throws(() => median([]), /no figures/);
});
