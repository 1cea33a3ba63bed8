import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeFilter, encodeFilter, type Filter, LONGEST_FILTER, NO_FILTER } from '../../../src/filter.ts';
import { parseFilter } from '../../../src/listeners/filter.ts';
import { decodeView, encodeView } from '../../../src/messages/list.ts';

const mine = { assignee: { kind: 'person', user: 'U1' } } as const;
const nobody = { assignee: { kind: 'nobody' } } as const;
const named = (name: string) => ({ assignee: { kind: 'name', name } }) as const;
const stale = { staleDays: 14 };

/** What is typed, the category, and the filter. */
const UNDERSTOOD: [typed: string, category: string | undefined, filter: Partial<Filter> | undefined][] = [
  ['', undefined, undefined],
  ['all', undefined, undefined],
  ['issues', undefined, undefined],
  ['""', undefined, undefined],
  ['In Progress', 'indeterminate', undefined],
  ['in_progress', 'indeterminate', undefined],
  ['to-do', 'new', undefined],
  ['done issues', 'done', undefined],
  ['mine', undefined, mine],
  ['Mine, in progress', 'indeterminate', mine],
  ['in progress mine', 'indeterminate', mine],
  ['my bugs', undefined, { ...mine, type: 'Bug' }],
  ['my issues', undefined, mine],
  ['mine and stale', undefined, { ...mine, ...stale }],
  ['<@U2|ben>', undefined, { assignee: { kind: 'person', user: 'U2' } }],
  ['<@U2> done', 'done', { assignee: { kind: 'person', user: 'U2' } }],
  ['assignee <@U2>', undefined, { assignee: { kind: 'person', user: 'U2' } }],
  ['assigned to me', undefined, mine],
  ['assigned to nobody', undefined, nobody],
  ['assigned to Ada', undefined, named('Ada')],
  ['assignee none', undefined, nobody],
  ['unassigned', undefined, nobody],
  ['unassigned to do', 'new', nobody],
  ['assignee Ada Lovelace', undefined, named('Ada Lovelace')],
  ['assignee Ada in progress', 'indeterminate', named('Ada')],
  ['assignee "Stale, Bug"', undefined, named('Stale, Bug')],
  ['assignee Ada assignee Ada', undefined, named('Ada')],
  ['bugs', undefined, { type: 'Bug' }],
  ['bug', undefined, { type: 'Bug' }],
  ['stories done', 'done', { type: 'Story' }],
  ['sub-tasks', undefined, { type: 'Sub-task' }],
  ['type Bug', undefined, { type: 'Bug' }],
  ['type bugs stale', undefined, { type: 'Bug', ...stale }],
  ['type Change Request', undefined, { type: 'Change Request' }],
  ['type "To Do" mine', undefined, { type: 'To Do', ...mine }],
  ['bug type BUG', undefined, { type: 'Bug' }],
  ['stale bugs', undefined, { type: 'Bug', ...stale }],
  ['"login"', undefined, { phrases: ['login'] }],
  ['“log  in”', undefined, { phrases: ['log in'] }],
  ['„anmelden“', undefined, { phrases: ['anmelden'] }],
  ['«вход»', undefined, { phrases: ['вход'] }],
  ['"log in', undefined, { phrases: ['log in'] }],
  ['text login', undefined, { phrases: ['login'] }],
  ['text login page done', 'done', { phrases: ['login', 'page'] }],
  ['text "login page" mine', undefined, { phrases: ['login page'], ...mine }],
  ['text bug', undefined, { phrases: ['bug'] }],
  ['text PLAT-1', undefined, { phrases: ['PLAT-1'] }],
  ['text "A &amp; B"', undefined, { phrases: ['A & B'] }],
  ['"a" "b" "a"', undefined, { phrases: ['a', 'b'] }],
];

describe('the words of a filter', () => {
  for (const [typed, category, filter] of UNDERSTOOD) {
    test(`“${typed}”`, () => {
      const { isEmpty: _, ...part } = parseFilter(typed, 'U1') as { isEmpty?: boolean };
      const expected = { state: 'understood', category, filter: filter && { ...NO_FILTER, ...filter } };
      assert.deepEqual(part, expected);
    });
  }

  test('words that mean nothing are all named', () => {
    const unknown = (typed: string) => {
      const parsed = parseFilter(typed, 'U1');
      return parsed.state === 'unknown' ? [...parsed.words, parsed.isPartlyKnown] : parsed;
    };
    assert.deepEqual(unknown('nonsense'), ['nonsense', false]);
    assert.deepEqual(unknown('my old bugs, please'), ['old', 'please', true]);
    assert.deepEqual(unknown('PLAT-1 and PLAT-2'), ['PLAT-1', 'PLAT-2', false]);
    assert.deepEqual(unknown('@somebody'), ['@somebody', false]);
    assert.deepEqual(unknown('type'), ['type', false]);
    assert.deepEqual(unknown('assignee done'), ['assignee', true]);
    assert.deepEqual(unknown('assigned to'), ['assigned', false]);
    assert.deepEqual(unknown('type bugs login'), ['login', true]);
    assert.deepEqual(unknown('assigned to me login'), ['login', true]);
  });

  test('a filter has one category, one assignee, and one type', () => {
    assert.deepEqual(parseFilter('done in progress', 'U1'), { state: 'twice', what: 'category' });
    assert.deepEqual(parseFilter('mine unassigned', 'U1'), { state: 'twice', what: 'assignee' });
    assert.deepEqual(parseFilter('bugs stories', 'U1'), { state: 'twice', what: 'type' });
  });

  test('a filter that does not fit into a button is too long', () => {
    assert.deepEqual(parseFilter(`"${'x'.repeat(LONGEST_FILTER)}"`, 'U1'), { state: 'long' });
  });

  test('whatever is typed, every word is understood or named, and what is understood comes back from a button', () => {
    const word = fc.oneof(
      fc.constantFrom('mine', 'stale', 'in', 'progress', 'to', 'do', 'done', 'bugs', 'type', 'text', 'assignee', 'and'),
      fc.constantFrom(
        'assigned',
        'unassigned',
        '<@U2>',
        '"',
        '“',
        '/',
        '+',
        '%',
        ':',
        'a/b',
        '%2',
        'é',
        '&lt;',
        '日本',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 9 }), (words) => {
        const parsed = parseFilter(words.join(' '), 'U1');
        if (parsed.state === 'unknown') assert.ok(parsed.words.length > 0);
        if (parsed.state !== 'understood' || parsed.filter === undefined) return;
        const encoded = encodeFilter(parsed.filter);
        assert.ok(encoded.length <= LONGEST_FILTER && !/[\s:]/.test(encoded), encoded);
        assert.deepEqual(decodeFilter(encoded), parsed.filter);
        const view = { category: parsed.category, offset: 30, filter: parsed.filter };
        assert.deepEqual(decodeView(encodeView(view)), view);
      }),
      { numRuns: 2_000 },
    );
  });

  test('another value of a button is no filter', () => {
    for (const value of ['', 'x', 'w%', 't%E0', '/', 's/']) assert.equal(decodeFilter(value), undefined, value);
  });
});
