import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { changesInComment, changesInHistory, deletedComment, type Reader } from '../../../src/jira/history.ts';

const reader: Reader = {
  categories: new Map([
    ['1', 'new'],
    ['5', 'done'],
  ]),
  account: 'maro',
};
const author = { accountId: 'ada', displayName: 'Ada\u202e Lovelace\n' };
const history = (more: object) => ({ id: '7', created: '2026-11-28T10:00:00.000+0100', author, items: [], ...more });
const status = { field: 'status', fieldId: 'status', from: '1', fromString: 'To Do', to: '5', toString: 'Done' };

describe('a history of Jira', () => {
  test('is read with its author, its time, and the categories of its statuses', () => {
    assert.deepEqual(changesInHistory('10001', history({ items: [status] }), reader), [
      {
        ...{ issueId: '10001', id: 'history 7 status', what: 'status', at: new Date('2026-11-28T09:00:00Z') },
        ...{ author: { id: 'ada', name: 'Ada Lovelace' }, byMaro: false },
        ...{ from: 'To Do', to: 'Done', fromCategory: 'new', toCategory: 'done' },
      },
    ]);
  });

  for (const [created, expected] of [
    ['2026-11-28T10:00:00.000+0100', '2026-11-28T09:00:00.000Z'],
    [1_795_856_400, '2026-11-28T09:00:00.000Z'],
    [1_795_856_400_000, '2026-11-28T09:00:00.000Z'],
    ['yesterday', undefined],
    ['+012026-01-01T00:00:00Z', undefined],
    [Number.MAX_VALUE, undefined],
    [-1e300, undefined],
  ] as const) {
    test(`takes ${created} for ${expected ?? 'no time'}`, () => {
      const [change] = changesInHistory('1', history({ created, items: [status] }), reader);
      assert.equal(change?.at.toISOString(), expected);
    });
  }

  for (const [what, item, expected] of [
    ['an assignee who is removed', { field: 'assignee', from: 'a', fromString: 'Ada' }, ['assignee', 'Ada', undefined]],
    [
      'a due date by its day',
      {
        ...{ field: 'duedate', fieldId: 'duedate', from: '2026-11-20', fromString: '2026-11-20 00:00:00.0' },
        to: '2026-02-30',
      },
      ['due date', '2026-11-20', undefined],
    ],
    [
      'a flag, a custom field',
      { ...{ field: 'Flagged', fieldId: 'customfield_10021', from: '', fromString: '' }, toString: 'Impediment' },
      ['flagged', undefined, 'Impediment'],
    ],
    ['a new key', { field: 'Key', fromString: 'OLD-1', toString: 'NEW-1' }, ['moved', 'OLD-1', 'NEW-1']],
    [
      'a value that is not text',
      { field: 'priority', fromString: 3, toString: {} },
      ['priority', undefined, undefined],
    ],
    ['a field that Maro does not follow', { field: 'Rank', toString: 'x' }, undefined],
    ['a field named like a property of every object', { field: 'constructor', toString: 'x' }, undefined],
    ['null', null, undefined],
  ] as const) {
    test(`reads ${what}`, () => {
      const [change] = changesInHistory('1', history({ items: [item] }), reader);
      assert.deepEqual(change && [change.what, change.from, change.to], expected);
    });
  }

  test('knows what Maro did, and goes without an author', () => {
    const by = (who: unknown) => changesInHistory('1', history({ author: who, items: [status] }), reader)[0];
    assert.equal(by({ accountId: 'maro' })?.byMaro, true);
    for (const who of [undefined, null, {}, 'ada', { accountId: '' }]) {
      assert.deepEqual([by(who)?.author, by(who)?.byMaro], [undefined, false]);
    }
  });

  test('and a comment of any shape end in changes or none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        for (const value of [json, history({ items: [json] }), history({ items: json }), { id: '1', created: json }]) {
          assert.ok(Array.isArray(changesInHistory('1', value, reader)));
          assert.ok(Array.isArray(changesInComment('1', value, reader)));
        }
      }),
    );
  });
});

describe('a comment of Jira', () => {
  const comment = { id: '9', author, created: '2026-11-28T10:00:00.000+0100', updated: '2026-11-28T10:00:00.000+0100' };

  test('is one change, and two once it was edited', () => {
    assert.deepEqual(
      changesInComment('1', comment, reader).map(({ id }) => id),
      ['comment 9'],
    );
    const edited = { ...comment, updated: '2026-11-28T10:05:00.000+0100', updateAuthor: { accountId: 'ben' } };
    const [, change] = changesInComment('1', edited, reader);
    assert.deepEqual([change?.what, change?.author?.id], ['comment edited', 'ben']);
  });

  test('is none if only some people may read it, also when it is deleted', () => {
    for (const more of [
      { visibility: { type: 'role', value: 'Developers' } },
      { visibility: {} },
      { jsdPublic: false },
    ]) {
      assert.deepEqual(changesInComment('1', { ...comment, ...more }, reader), []);
      assert.deepEqual(deletedComment('1', { ...comment, ...more }, new Date(), author, reader), []);
    }
  });
});
