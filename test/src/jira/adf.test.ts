import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type AdfNode, lengthOf } from '../../../src/jira/adf.ts';

describe('the length of a document', () => {
  test('is that of its text, wherever it is, in UTF-16 units', () => {
    const item: AdfNode = {
      type: 'listItem',
      content: [{ type: 'paragraph', content: [{ type: 'text', text: '🎉' }] }],
    };
    const content: AdfNode[] = [
      { type: 'paragraph', content: [{ type: 'text', text: 'abc', marks: [{ type: 'strong' }] }] },
      { type: 'bulletList', content: [item, item] },
      { type: 'rule' },
    ];
    assert.equal(lengthOf({ type: 'doc', version: 1, content }), 7);
    assert.equal(lengthOf({ type: 'doc', version: 1, content: [] }), 0);
  });

  test('is the sum of its parts', () => {
    const { node } = fc.letrec<{ node: AdfNode; text: AdfNode; block: AdfNode }>((tie) => ({
      text: fc.record({ type: fc.constant('text'), text: fc.string() }),
      block: fc.record({ type: fc.constant('paragraph'), content: fc.array(tie('node'), { maxLength: 3 }) }),
      node: fc.oneof({ maxDepth: 4 }, tie('text'), tie('block')),
    }));
    fc.assert(
      fc.property(fc.array(node), (content) => {
        const texts = JSON.stringify(content).match(/"text":"(?:[^"\\]|\\.)*"/g) ?? [];
        const sum = texts.reduce((total, each) => total + (JSON.parse(`{${each}}`) as { text: string }).text.length, 0);
        assert.equal(lengthOf({ type: 'doc', version: 1, content }), sum);
      }),
    );
  });
});
