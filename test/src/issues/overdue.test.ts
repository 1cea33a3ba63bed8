import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextDue, overdueOf } from '../../../src/issues/overdue.ts';
import { issue } from '../tracker/example.ts';

const TODAY = '2026-11-28';

describe('an issue', () => {
  for (const [what, changes, expected] of [
    ['without a due date is not overdue', {}, undefined],
    ['is not overdue on the day on which it is due', { dueDate: '2026-11-28' }, undefined],
    ['is overdue on the day after', { dueDate: '2026-11-27' }, { since: '2026-11-27', isThisYear: true }],
    ['is overdue a year later', { dueDate: '2025-12-31' }, { since: '2025-12-31', isThisYear: false }],
    ['is not overdue once it is done', { dueDate: '2026-11-27', category: 'done' }, undefined],
  ] as const) {
    test(what, () => assert.deepEqual(overdueOf(issue(1, changes), TODAY), expected));
  }

  test('that is due next is the one with the earliest day that is not over, and not done', () => {
    const days = ['2026-11-27', '2026-12-24', undefined, '2026-12-06'];
    const issues = days.map((dueDate) => issue(1, { dueDate }));
    assert.equal(nextDue([...issues, issue(2, { dueDate: TODAY, category: 'done' })], TODAY), '2026-12-06');
    assert.equal(nextDue([issue(1, { dueDate: TODAY })], TODAY), TODAY);
    assert.equal(nextDue([issue(1)], TODAY), undefined);
  });
});
