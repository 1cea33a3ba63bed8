import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mend } from '../../src/mend.ts';

describe('what is taken out of JSON', () => {
  for (const [what, json, expected] of [
    ['NUL', { a: 'PLAT\0-1' }, { a: 'PLAT-1' }],
    ['half a surrogate pair', ['\ud83dPLAT-1\udc00'], ['PLAT-1']],
    ['a NUL that parts a pair, with the pair', '\ud83d\0\ude00.', '.'],
    ['neither of a whole pair', '😀', '😀'],
    ['what is in a name', { 'a\0\ud800': { '\0': 1 } }, { a: { '': 1 } }],
    ['nothing of what only spells it', '\\u0000 \\ud800', '\\u0000 \\ud800'],
    ['nothing of other values', [null, true, 0, -1.5, {}, []], [null, true, 0, -1.5, {}, []]],
  ] as const) {
    test(`is ${what}`, () => assert.deepEqual(mend(structuredClone(json)), expected));
  }

  test('is taken out in place, and leaves no prototype behind', () => {
    const body = JSON.parse(
      '{ "__proto__": { "a": "x\\u0000" }, "__proto\\u0000__": "y", "command": { "text": "z\\ud800" } }',
    );
    const { command } = body;
    assert.equal(mend(body), body);
    assert.deepEqual(command, { text: 'z' });
    assert.equal(Object.getPrototypeOf(body), Object.prototype);
    assert.deepEqual(Object.getOwnPropertyDescriptor(body, '__proto__')?.value, 'y');
  });

  test('leaves nothing that PostgreSQL refuses, and all the rest', () => {
    const text = fc.array(fc.constantFrom('\0', '\ud83d', '\udc00', 'a', '😀')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text))), (json) => {
        const letters = (all: unknown) => (JSON.stringify(all).match(/a|😀/gu) ?? []).length;
        const before = letters(Object.values(json));
        const count = Object.keys(json).length;
        const mended = mend(json);
        assert.doesNotMatch(JSON.stringify(mended), /\\u/);
        if (Object.keys(mended).length === count) assert.equal(letters(Object.values(mended)), before);
      }),
    );
  });
});
