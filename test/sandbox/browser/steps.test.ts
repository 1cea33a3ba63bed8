import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fits, move, referencesBefore, settle } from '../../../sandbox/browser/page/workflow/steps.ts';
import type { FunctionDeclaration } from '../../../sandbox/slack/index.ts';

const greet: FunctionDeclaration = {
  title: 'Greet',
  input_parameters: { properties: { name: { type: 'string', title: 'Name' } }, required: [] },
  output_parameters: {
    properties: { words: { type: 'string', title: 'Words' }, count: { type: 'integer' } },
    required: [],
  },
};
const step = (id: string, inputs: Record<string, unknown> = {}) => ({ id, function_id: '#/functions/greet', inputs });

test('a step may take what the steps before it put out, and where and by whom the workflow is run', () => {
  const references = referencesBefore([step('7'), step('3')], 1, { greet });
  assert.deepEqual(
    references.map(({ title }) => title),
    ['Channel where the workflow runs', 'Person who runs the workflow', '1. Greet: Words', '1. Greet: count'],
  );
  for (const [type, fitting] of [
    ['string', ['{{steps.7.words}}']],
    ['integer', ['{{steps.7.count}}']],
    ['boolean', []],
    ['slack#/types/user_id', ['{{inputs.user_id}}']],
  ] as const) {
    const offered = references.filter((reference) => fits(type, reference)).map(({ reference }) => reference);
    assert.deepEqual(offered, fitting, type);
  }
});

test('a step that moves before the one that it takes from loses that input alone, and it is named', () => {
  const [first, second] = [step('1'), step('2', { name: '{{steps.1.words}}', by: '{{inputs.user_id}}' })];
  const { steps, emptied } = settle(move([first, second], 1, -1));
  assert.deepEqual(steps, [step('2', { by: '{{inputs.user_id}}' }), first]);
  assert.deepEqual(emptied, [{ step: second, input: 'name' }]);
  assert.deepEqual(settle([first, second]), { steps: [first, second], emptied: [] });
  assert.deepEqual(settle([second]).emptied, [{ step: second, input: 'name' }], 'so does one whose source is removed');
});
