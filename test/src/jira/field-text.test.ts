import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Field } from '../../../src/jira/field.ts';
import { fieldValueOf, hintOf } from '../../../src/jira/field-text.ts';

const options = [
  { id: '1', name: 'High' },
  { id: '2', name: 'Low' },
  { id: '3', name: 'High, or higher' },
];
const field = (kind: string): Field => ({ id: 'f', name: 'It', kind, options }) as Field;

describe('the text of a field in a step', () => {
  for (const [kind, text, value] of [
    ['text', ' a word ', 'a word'],
    ['number', '1e3', 1000],
    ['number', '-0.5', -0.5],
    ['date', '2024-02-29', '2024-02-29'],
    ['datetime', '2026-11-30 14:00', 1_796_047_200],
    ['datetime', '2026-11-30T15:00:00+01:00', 1_796_047_200],
    ['labels', 'one, two one', ['one', 'two']],
    ['epic_name', 'Sign-in', 'Sign-in'],
    ['parent', '<https://acme.example/browse/PLAT-1|PLAT-1>', 'PLAT-1'],
    ['cascading_select', 'low', '2'],
    ['single_select', 'low', '2'],
    ['single_select', '1', '1'],
    ['multi_select', 'High', ['1']],
    ['multi_select', 'low ,High,', ['2', '1']],
    ['multi_select', 'High, or higher', ['3']],
  ] as const) {
    test(`${JSON.stringify(text)} is the value of a ${kind}`, () => {
      assert.deepEqual(fieldValueOf(field(kind), { plain: text, linked: text }), { kind, value });
    });
  }

  test('keeps its links in a paragraph', () => {
    const value = fieldValueOf(field('paragraph'), { plain: 'x', linked: 'See <https://x.example|this>' });
    assert.match(
      JSON.stringify(value),
      /"text":"this","marks":\[\{"type":"link","attrs":\{"href":"https:\/\/x\.example/,
    );
  });

  for (const [kind, text, sentence] of [
    ['number', 'many', 'It takes a number, not “many”.'],
    ['number', 'Infinity', 'It takes a number, not “Infinity”.'],
    ['datetime', '2026-02-30 14:00', 'It takes a date and time like 2026-11-30 14:00, not “2026-02-30 14:00”.'],
    ['datetime', 'at noon', 'It takes a date and time like 2026-11-30 14:00, not “at noon”.'],
    ['labels', ',', 'Add at least one label.'],
    ['parent', 'the epic', 'The parent has to be one issue key or link.'],
    ['date', '14 Nov', 'It takes a date like 2026-11-30, not “14 Nov”.'],
    ['date', '2026-02-30', 'It takes a date like 2026-11-30, not “2026-02-30”.'],
    ['single_select', 'medium', 'It has no option “medium”. Choose one of these: High, Low, High, or higher.'],
    ['multi_select', 'Low, medium', 'It has no option “medium”. Choose one of these: High, Low, High, or higher.'],
    [
      'single_select',
      'x'.repeat(200),
      `It has no option “${'x'.repeat(79)}…”. Choose one of these: High, Low, High, or higher.`,
    ],
    ['other', 'x', 'It can’t be filled in by a step.'],
  ] as const) {
    test(`${JSON.stringify(text.slice(0, 20))} is no value of a ${kind}`, () => {
      assert.deepEqual(fieldValueOf(field(kind), { plain: text, linked: text }), { complaint: sentence });
    });
  }

  test('is no value when it is empty, whatever the kind', () => {
    for (const kind of ['text', 'paragraph', 'number', 'date', 'single_select', 'multi_select', 'other']) {
      assert.equal(fieldValueOf(field(kind), { plain: ' ', linked: ' ' }), undefined);
    }
  });

  test('has a hint for every kind that can be filled in', () => {
    assert.equal(hintOf(field('single_select')), 'One of: High, Low, High, or higher');
    assert.equal(
      hintOf({ ...field('multi_select'), options: Array.from({ length: 11 }, () => options[0]) } as Field),
      `Any of: ${'High, '.repeat(10)}others`,
    );
    assert.equal(hintOf(field('other')), undefined);
  });
});
