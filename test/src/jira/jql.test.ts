import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  conditionOf,
  jqlOf,
  LONGEST_JQL,
  LONGEST_WORDS,
  quoted,
  within,
  wordsCondition,
} from '../../../src/jira/jql.ts';
import { anyCharacter } from '../../any-character.ts';

const text = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: fc.constantFrom('"', '\\', "'", '(', ')', ' ', 'a', '\n', '“', '”', ' OR ', ' order by ') }),
);

/** The values in quotes, and what is left outside of them, as Jira reads JQL. */
function read(jql: string): { values: string[]; outside: string } {
  const values: string[] = [];
  const outside = jql.replace(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/gs, (_, double, single) => {
    values.push(String(double ?? single).replace(/\\(.)/gs, '$1'));
    return '';
  });
  return { values, outside };
}

describe('a name in JQL', () => {
  test('is one value in quotes, whatever it is', () => {
    fc.assert(
      fc.property(text, (name) => {
        const { values, outside } = read(quoted(name));
        assert.deepEqual([values.length, outside], [1, '']);
        assert.equal(values[0]?.length, name.length);
        assert.doesNotMatch(quoted(name), /[\n\r\0]/);
        assert.equal(read(jqlOf({ kind: 'sprint', words: name })).outside, 'sprint = ');
      }),
    );
  });

  test('keeps quotes and backslashes', () => {
    assert.equal(quoted('say "hi" \\ now'), '"say \\"hi\\" \\\\ now"');
    assert.equal(jqlOf({ kind: 'epic', words: 'PLAT-7' }), 'parent = "PLAT-7"');
    assert.equal(jqlOf({ kind: 'filter', words: 'Team bugs' }), 'filter = "Team bugs"');
  });
});

describe('JQL that a person typed', () => {
  for (const [typed = '', condition, order = ''] of [
    ['project = PLAT', 'project = PLAT'],
    ['  project = PLAT order by created DESC ', 'project = PLAT', 'order by created DESC'],
    ['project = PLAT\nORDER\tBY rank', 'project = PLAT', 'ORDER\tBY rank'],
    ['(a = 1 OR b = 2)ORDER BY rank', '(a = 1 OR b = 2)', 'ORDER BY rank'],
    ['summary ~ "order by me" AND a = 1', 'summary ~ "order by me" AND a = 1'],
    ['summary ~ "say \\"hi\\" (" ', 'summary ~ "say \\"hi\\" ("'],
    ["assignee = 'Ada (it''s)'", "assignee = 'Ada (it''s)'"],
    ['sprint = “Sprint 12”', 'sprint = "Sprint 12"'],
    ['sprint = “a "b" c”', 'sprint = "a \\"b\\" c"'],
    ['reorder bysomething = 1', 'reorder bysomething = 1'],
    ['sprint in openSprints() AND x in (1, (2))', 'sprint in openSprints() AND x in (1, (2))'],
  ]) {
    test(`is taken: ${typed}`, () => assert.deepEqual(conditionOf(typed), { condition, order }));
  }
  for (const [typed, error] of [
    ['', /needs a condition/],
    ['order by rank', /needs a condition/],
    ['a = 1) OR (b = 2', /closes a parenthesis/],
    ['(a = 1', /doesn’t close its parentheses/],
    ['a = "x', /doesn’t close its quotes/],
    ["a = 'x", /doesn’t close its quotes/],
    ['a = “x', /doesn’t close its quotes/],
    ['a = \\" OR b = "x"', /backslash/],
    ['a = "x\\', /doesn’t close its quotes/],
    ['a'.repeat(LONGEST_JQL + 1), /1,000 characters/],
  ] as const) {
    test(`is refused: ${typed.slice(0, 40) || 'nothing'}`, () => {
      const parsed = conditionOf(typed);
      assert.match('error' in parsed ? parsed.error : '', error);
    });
  }

  test('is limited to projects as a whole, whatever it is', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const parsed = conditionOf(typed);
        if ('error' in parsed) return;
        const limited = within(parsed.condition, ['PLAT', 'SHOP']);
        assert.ok(limited.startsWith('project in ("PLAT", "SHOP") AND ('));
        // Nothing outside of quotes closes the parenthesis before the end.
        const { outside } = read(limited.slice('project in ("PLAT", "SHOP") AND '.length));
        let depth = 0;
        for (const [at, char] of [...outside].entries()) {
          depth += char === '(' ? 1 : char === ')' ? -1 : 0;
          assert.ok(depth > 0 || at === [...outside].length - 1, limited);
        }
        assert.equal(depth, 0);
        assert.doesNotMatch(outside, /["']/);
      }),
    );
    assert.equal(within('a = 1', []), 'a = 1');
  });
});

describe('words that a person searches for', () => {
  for (const [typed, jql] of [
    ['sign in', 'text ~ "sign in"'],
    ['  Sign-In\t(SSO)  ', 'text ~ "sign in sso"'],
    ['this OR that AND NOT those', 'text ~ "this or that and not those"'],
    ['"quoted" “curly” don’t', 'text ~ "quoted curly don’t"'],
    ['a\\" OR project = SHOP', 'text ~ "a or project shop"'],
    ['登录 größe 50', 'text ~ "登录 größe 50"'],
    ['login* ~2 field:value [1 TO 2] a&&b', 'text ~ "login 2 field value 1 to 2 a b"'],
  ] as const) {
    test(`are quoted: ${typed}`, () => assert.deepEqual(wordsCondition(typed), { condition: jql }));
  }
  for (const typed of ['', ' ', '"*"', '-- ?', '…']) {
    test(`are refused without a letter or digit: ${typed || 'nothing'}`, () => {
      assert.deepEqual(wordsCondition(typed), { error: 'Add a word to search for.' });
    });
  }

  test('are refused when they are long, and otherwise stay within the quotes', () => {
    assert.deepEqual(wordsCondition('a'.repeat(LONGEST_WORDS + 1)), { error: 'A search can have 200 characters.' });
    fc.assert(
      fc.property(text, (typed) => {
        const parsed = wordsCondition(typed);
        if ('error' in parsed) return;
        assert.match(parsed.condition, /^text ~ "[^"\\]+"$/);
      }),
    );
  });
});
