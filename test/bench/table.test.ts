import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFar, type Line } from './measurement.ts';
import { table } from './table.ts';

const line = (rest: Partial<Line>): Line => ({
  what: 'it',
  unit: 'commands/s',
  ours: [900, 1_000, 500],
  baseline: { what: 'nothing', figures: [1_000, 2_000, 500] },
  ...rest,
});

/** The cells of each row, without the headings. */
const cells = (lines: Line[]) =>
  table(lines)
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test('a line has medians, their spread, and the median of what each round came to', () => {
  assert.deepEqual(cells([line({ target: 0.9 }), line({ target: 0.91 })]), [
    ['it, commands/s', '900 (500–1,000)', '1,000 (500–2,000)', 'nothing', '0.90 × as fast', '0.9, met'],
    ['it, commands/s', '900 (500–1,000)', '1,000 (500–2,000)', 'nothing', '0.90 × as fast', '0.91, missed'],
  ]);
});

test('less time is faster, and memory is no speed', () => {
  const baseline = { what: 'nothing', figures: [30, 30, 30] };
  const [time, memory] = cells([
    line({ unit: 'ms', ours: [2, 2, 3], baseline }),
    line({ unit: 'MB', ours: [60, 60, 60], baseline }),
  ]);
  assert.deepEqual([time?.[4], memory?.[4]], ['15 × as fast', '2.00 × as much']);
  assert.equal(time?.[1], '2.00 (2.00–3.00)');
});

test('a line whose own figure counts says what that should be at most', () => {
  const lines = [150, 149].map((most) => line({ unit: 'MB', ours: [160, 150, 90], most }));
  assert.deepEqual(
    cells(lines).map((row) => row[5]),
    ['150 MB, met', '149 MB, missed'],
  );
  assert.deepEqual(
    [150, 74].map((most) => isFar(line({ unit: 'MB', ours: [160, 150, 90], most }))),
    [false, true],
  );
});

test('columns are aligned', () => {
  const widths = table([line({}), line({ what: 'something longer' })])
    .split('\n')
    .map((row) => row.length);
  assert.equal(new Set(widths).size, 1);
});
