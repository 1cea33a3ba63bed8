import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parsePeriod } from '../../src/listeners/period.ts';
import { dayIn, isoIn, isZone, momentIn } from '../../src/zone.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/St_Johns',
];

describe('a time zone', () => {
  test('is one that this runtime knows', () => {
    assert.ok(ZONES.every(isZone));
    assert.ok(!isZone('Mars/Olympus') && !isZone(''));
  });

  test('has each day begin at the moment at which its clocks show that day for the first time', () => {
    const moment = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), moment, (zone, at) => {
        const { year, month, day } = dayIn(zone, at);
        const start = momentIn(zone, { year, month, day });
        assert.ok(start <= at && at.getTime() - start.getTime() < 25.5 * 3_600_000);
        const before = dayIn(zone, new Date(start.getTime() - 1));
        const first = dayIn(zone, start);
        assert.deepEqual([first.year, first.month, first.day], [year, month, day]);
        assert.notDeepEqual([before.year, before.month, before.day], [year, month, day]);
      }),
      { numRuns: 500 },
    );
  });

  for (const [zone, day, minutes, expected] of [
    ['Europe/Berlin', { year: 2026, month: 3, day: 29 }, 9 * 60, '2026-03-29T07:00:00.000Z'],
    ['Europe/Berlin', { year: 2026, month: 3, day: 29 }, 2 * 60 + 30, '2026-03-29T01:30:00.000Z'],
    ['Europe/Berlin', { year: 2026, month: 10, day: 25 }, 2 * 60 + 30, '2026-10-25T00:30:00.000Z'],
    ['America/New_York', { year: 2026, month: 12, day: 0 }, 0, '2026-11-30T05:00:00.000Z'],
  ] as const) {
    test(`shows ${minutes} minutes after midnight in ${zone} at ${expected}`, () => {
      assert.equal(momentIn(zone, day, minutes).toISOString(), expected);
    });
  }
});

describe('a moment as in ISO 8601', () => {
  test('is that moment in every time zone', () => {
    const at = fc.date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), at, (zone, moment) => {
        const text = isoIn(zone, moment);
        assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
        // An offset has no seconds, which some had before 1972.
        assert.ok(Math.abs(Date.parse(text) - Math.floor(moment.getTime() / 1_000) * 1_000) < 60_000);
      }),
    );
  });

  for (const [zone, at, expected] of [
    ['UTC', '2026-11-28T22:09:00.999Z', '2026-11-28T22:09:00+00:00'],
    ['Europe/Berlin', '2026-11-28T23:09:00Z', '2026-11-29T00:09:00+01:00'],
    ['America/St_Johns', '2026-07-01T00:00:00Z', '2026-06-30T21:30:00-02:30'],
    ['Asia/Kathmandu', '2026-07-01T00:00:00Z', '2026-07-01T05:45:00+05:45'],
  ] as const) {
    test(`is ${expected} in ${zone}`, () => assert.equal(isoIn(zone, new Date(at)), expected));
  }
});

describe('a period', () => {
  // A Saturday, half past midnight in Berlin.
  const now = new Date('2026-11-27T23:30:00Z');
  for (const [typed, since, words] of [
    ['today', '2026-11-27T23:00:00.000Z', 'today'],
    ['Yesterday', '2026-11-26T23:00:00.000Z', 'since yesterday'],
    ['since  yesterday', '2026-11-26T23:00:00.000Z', 'since yesterday'],
    ['this week', '2026-11-22T23:00:00.000Z', 'this week'],
    ['since Monday', '2026-11-22T23:00:00.000Z', 'since Monday'],
    ['mon', '2026-11-22T23:00:00.000Z', 'since Monday'],
    ['since saturday', '2026-11-20T23:00:00.000Z', 'since Saturday'],
    ['since 2026-11-03', '2026-11-02T23:00:00.000Z', 'since 2026-11-03'],
  ] as const) {
    test(`is understood when somebody types “${typed}”`, () => {
      const period = parsePeriod(typed, 'Europe/Berlin', now);
      assert.deepEqual([period?.since.toISOString(), period?.words], [since, words]);
    });
  }

  test('is not made of other words', () => {
    for (const typed of ['tomorrow', 'since', 'since the flood', '2026-02-30', '2026-13-01', 'm', '0000-01-01']) {
      assert.equal(parsePeriod(typed, 'UTC', now), undefined, typed);
    }
  });
});
