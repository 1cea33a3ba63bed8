import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { nextTime, WEEKDAYS } from '../../src/schedule.ts';
import { dayIn } from '../../src/zone.ts';

const NINE = 9 * 60;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];

describe('the next time of a schedule', () => {
  for (const [what, zone, weekday, minutes, after, expected] of [
    ['later today', 'Europe/Berlin', undefined, NINE, '2026-11-27T07:00:00Z', '2026-11-27T08:00:00Z'],
    ['tomorrow, at the time itself', 'Europe/Berlin', undefined, NINE, '2026-11-27T08:00:00Z', '2026-11-28T08:00:00Z'],
    ['on the same day in the zone', 'Asia/Kathmandu', undefined, 30, '2026-11-27T18:00:00Z', '2026-11-27T18:45:00Z'],
    ['today, on the day of the week', 'Europe/Berlin', 5, NINE, '2026-11-27T07:59:59Z', '2026-11-27T08:00:00Z'],
    ['in a week, after it', 'Europe/Berlin', 5, NINE, '2026-11-27T08:00:00Z', '2026-12-04T08:00:00Z'],
    ['on Monday', 'America/New_York', 1, NINE, '2026-11-27T20:00:00Z', '2026-11-30T14:00:00Z'],
    [
      'at nine, when clocks went forward',
      'Europe/Berlin',
      undefined,
      NINE,
      '2026-03-28T09:00:00Z',
      '2026-03-29T07:00:00Z',
    ],
    [
      'at nine, when clocks went back',
      'Europe/Berlin',
      undefined,
      NINE,
      '2026-10-24T09:00:00Z',
      '2026-10-25T08:00:00Z',
    ],
    ['at a skipped time, an hour on', 'Europe/Berlin', undefined, 150, '2026-03-28T09:00:00Z', '2026-03-29T01:30:00Z'],
    ['after a skipped time', 'Europe/Berlin', undefined, 150, '2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'],
    ['at the first of two', 'Europe/Berlin', undefined, 150, '2026-10-24T09:00:00Z', '2026-10-25T00:30:00Z'],
    ['not at the second of two', 'Europe/Berlin', undefined, 150, '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['into the next year', 'UTC', undefined, NINE, '2026-12-31T10:00:00Z', '2027-01-01T09:00:00Z'],
  ] as const) {
    test(`is ${what}`, () => {
      assert.equal(
        nextTime({ zone, weekday, minutes }, new Date(after)).toISOString(),
        new Date(expected).toISOString(),
      );
    });
  }

  test('is later, on the day of the week, and at most a day or a week and an hour away', () => {
    const moment = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    const weekday = fc.option(fc.integer({ min: 0, max: WEEKDAYS.length - 1 }), { nil: undefined });
    const minutes = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), weekday, minutes, moment, (zone, day, at, after) => {
        // Apia left out a whole day.
        fc.pre(zone !== 'Pacific/Apia' || after.getUTCFullYear() !== 2011);
        const next = nextTime({ zone, weekday: day, minutes: at }, after);
        const hours = (next.getTime() - after.getTime()) / 3_600_000;
        assert.ok(hours > 0 && hours <= (day === undefined ? 24 : 7 * 24) + 1, `${hours} hours`);
        if (day !== undefined) assert.equal(dayIn(zone, next).weekday, day);
      }),
      { numRuns: 500 },
    );
  });
});
