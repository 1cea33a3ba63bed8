import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveInputs } from '../../../src/runner/reference.ts';

const scope = {
  inputs: { channel_id: 'C1', summary: 'It loops' },
  steps: { '0': { issue_key: 'PLAT-1', count: 2, created: true, error: '' } },
};

describe("a step's inputs", () => {
  test('are the values that they refer to, of the kind that those have', () => {
    const inputs = {
      channel_id: '{{inputs.channel_id}}',
      count: '{{steps.0.count}}',
      go: '{{ steps.0.created }}',
      on: true,
    };
    assert.deepEqual(resolveInputs(inputs, scope), { channel_id: 'C1', count: 2, go: true, on: true });
  });

  test('are text where a reference stands among words, and one that is empty leaves nothing', () => {
    const inputs = { note: '{{steps.0.error}}{{steps.0.count}} of {{inputs.summary}}{{inputs.nobody}}' };
    assert.deepEqual(resolveInputs(inputs, scope), { note: '2 of It loops' });
  });

  test('are left out when they refer to nothing', () => {
    const inputs = {
      a: '{{inputs.thread_ts}}',
      b: '{{steps.7.x}}',
      c: '{{inputs.constructor}}',
      d: '{{steps.0.toString}}',
    };
    assert.deepEqual(resolveInputs(inputs, scope), {});
  });

  test('are not read twice: what a person typed is no reference', () => {
    const typed = { ...scope, inputs: { summary: '{{steps.0.issue_key}}' } };
    const inputs = { summary: '{{inputs.summary}}', note: '“{{inputs.summary}}”' };
    assert.deepEqual(resolveInputs(inputs, typed), {
      summary: '{{steps.0.issue_key}}',
      note: '“{{steps.0.issue_key}}”',
    });
  });
});
