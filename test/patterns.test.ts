import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { slowPatterns } from './patterns.ts';

describe('a regular expression', () => {
  for (const [what, program] of [
    ['that tries each of many marks anew', "const text: string = '';\n\ntext.replace(/[.!]+$/g, '');"],
    [
      'whose parts can share the same spaces',
      '\ntype A = { a: string };\nconst b = /^\\s*(\\S*)\\s*([\\s\\S]*?)\\s*$/;',
    ],
    ['of exponential time', '\n\nexport const c: RegExp = /^(a|a)*$/;'],
    ['with lookaround, which nothing proves', '\n\n/(?<!a)b+/.test("b");'],
    ['that is made at run time', '\n\nconst d = new RegExp("x+$");'],
    ['in a template', `\n\nconst e = \`\${/x+$/.test('x') ? \`\${/y+$/.test('y')}\` : 1}\`;`],
  ]) {
    test(`${what} is found, with its line`, () => {
      const slow = slowPatterns(program ?? '');
      assert.ok(slow.length > 0);
      assert.deepEqual([...new Set(slow.map(({ line }) => line))], [3]);
    });
  }

  test('that is linear is none of them, nor is a division, a type, a comment or a string', () => {
    const program = `
      // /x+$/
      const words = '/x+$/' + "/x+$/" + \`/x+$/\`;
      const half = (4 / 2) / 1, type = undefined as RegExp | undefined;
      export const key = (text: string) => /^[A-Z]\\w+-[1-9]\\d*$/.test(text) || /[\\p{L}\\p{N}]+/gu.exec(text);`;
    assert.deepEqual(slowPatterns(program), []);
  });

  test('that is slow comes with a text on which it is', () => {
    const [slow] = slowPatterns('/[.!]+$/');
    assert.match(slow?.why ?? '', /^takes 2nd degree polynomial time, as on .*repeat/);
  });
});
