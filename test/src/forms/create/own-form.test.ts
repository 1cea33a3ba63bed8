import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ownForm, type TypedTicket } from '../../../../src/forms/create/own-form.ts';
import type { FieldValue } from '../../../../src/jira/field.ts';

const empty: TypedTicket = {
  ...{ project: '10000', type: '10003' },
  ...{ summary: '', description: '', fields: [], besides: [] },
};
const field = (value: FieldValue) => ({ field: { id: 'f', name: 'Field', kind: 'other' as const }, value });
const document = (text: string) =>
  ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }) as const;

/** What the address carries besides the project and the type, and what it does not. */
function carried(typed: Partial<TypedTicket>) {
  const { url, left } = ownForm('https://acme.atlassian.net', { ...empty, ...typed });
  const { origin, pathname, searchParams, hash } = new URL(url);
  assert.equal(origin + pathname + hash, 'https://acme.atlassian.net/secure/CreateIssueDetails!init.jspa');
  const [project, type, ...pairs] = [...searchParams];
  assert.deepEqual(
    [project, type],
    [
      ['pid', '10000'],
      ['issuetype', '10003'],
    ],
  );
  return { pairs, left };
}

describe("the address of Jira's own form", () => {
  test('carries the summary and the description, whatever is in them', () => {
    const description = 'one\ntwo & three';
    assert.deepEqual(carried({ summary: 'a&b=c #1 <ü>', description }), {
      pairs: [
        ['summary', 'a&b=c #1 <ü>'],
        ['description', 'one\ntwo & three'],
      ],
      left: [],
    });
  });

  for (const [value, pairs] of [
    [{ kind: 'text', value: 'E-17' }, [['f', 'E-17']]],
    [{ kind: 'epic_name', value: 'Name' }, [['f', 'Name']]],
    [{ kind: 'number', value: 1.5 }, [['f', '1.5']]],
    [{ kind: 'paragraph', value: document('words') }, [['f', 'words']]],
    [{ kind: 'single_select', value: '10300' }, [['f', '10300']]],
    [
      { kind: 'multi_select', value: ['1', '2'] },
      [
        ['f', '1'],
        ['f', '2'],
      ],
    ],
    [
      { kind: 'labels', value: ['a', 'b'] },
      [
        ['f', 'a'],
        ['f', 'b'],
      ],
    ],
    [{ kind: 'cascading_select', value: '10320' }, [['f', '10320']]],
    [
      { kind: 'cascading_select', value: '10320/10321' },
      [
        ['f', '10320'],
        ['f:1', '10321'],
      ],
    ],
    [{ kind: 'person', value: '5b10' }, [['f', '5b10']]],
    [{ kind: 'people', value: ['5b10'] }, undefined],
    [{ kind: 'parent', value: 'PLAT-1' }, undefined],
    [{ kind: 'date', value: '2026-11-28' }, undefined],
    [{ kind: 'datetime', value: 1_795_860_000 }, undefined],
  ] as const satisfies (readonly [FieldValue, unknown])[]) {
    test(`${pairs === undefined ? 'leaves out' : 'carries'} a value of the kind ${value.kind}: ${value.value}`, () => {
      const expected = pairs === undefined ? { pairs: [], left: ['“Field”'] } : { pairs, left: [] };
      assert.deepEqual(carried({ fields: [field(value)] }), expected);
    });
  }

  test('leaves out whole what would make it too long, and names it', () => {
    const typed = { summary: 'x'.repeat(255), description: 'y'.repeat(2_000), besides: ['the thread'] };
    const { pairs, left } = carried({ ...typed, fields: [field({ kind: 'text', value: 'E-17' })] });
    assert.deepEqual(
      pairs.map(([name]) => name),
      ['summary', 'f'],
    );
    assert.deepEqual(left, ['the description', 'the thread']);
  });

  test('is never longer than Slack takes in a sentence', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 3_000 });
    fc.assert(
      fc.property(value, fc.array(value, { maxLength: 5 }), (summary, texts) => {
        const fields = texts.map((text) => field({ kind: 'text', value: text }));
        const { url } = ownForm('https://acme.atlassian.net', { ...empty, summary, fields });
        assert.ok(url.length <= 2_000);
      }),
    );
  });
});
