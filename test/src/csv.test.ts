import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { csvLine, csvOf } from '../../src/csv.ts';
import { anyCharacter } from '../any-character.ts';

describe('a CSV file', () => {
  const CELLS: [cell: string, written: string][] = [
    ['', ''],
    ['Log in', 'Log in'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['\n=1', '"\'\n=1"'],
    ['＝1', "'＝1"],
    ['=HYPERLINK("https://evil.example","x")', '"\'=HYPERLINK(""https://evil.example"",""x"")"'],
    ['1-2', '1-2'],
    ["'=1", "'=1"],
  ];
  for (const [cell, written] of CELLS) {
    test(`has ${JSON.stringify(cell)} as ${JSON.stringify(written)}`, () => assert.equal(csvLine([cell]), written));
  }

  test('begins with a byte order mark, and each row ends with CR LF', () => {
    assert.equal(csvOf([['é', 'b'], ['c']]), '\uFEFFé,b\r\nc\r\n');
  });

  test('has every row as it was, but for the apostrophes, and no cell that a spreadsheet takes for a formula', () => {
    const cell = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '-', 'a', '\t', "'") }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const read = parse(csvOf(rows).slice(1));
        assert.equal(read.length, rows.length);
        for (const [at, row] of read.entries()) {
          assert.ok(row.every((each) => !/^[=+\-@\t\r\n＝＋－＠]/.test(each)));
          const given = rows[at] ?? [];
          assert.deepEqual(
            row.map((each, n) => (each === given[n] ? each : each.slice(1))),
            given,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  /** Reads a file as RFC 4180 describes it. */
  function parse(text: string): string[][] {
    const rows: string[][] = [];
    let row: string[] = [];
    for (let at = 0; at < text.length; ) {
      let cell = '';
      if (text[at] === '"') {
        for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
          if (text[at] === '"') at++;
          cell += text[at];
        }
        at++;
      } else {
        for (; text[at] !== ',' && text[at] !== '\r'; at++) cell += text[at];
      }
      row.push(cell);
      if (text[at] === ',') at++;
      else {
        assert.equal(text.slice(at, at + 2), '\r\n');
        at += 2;
        rows.push(row);
        row = [];
      }
    }
    return rows;
  }
});
