import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type AdfNode, firstText, lengthOf } from '../../../src/jira/adf.ts';

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

describe('the beginning of a document’s text', () => {
  const text = (words: string) => ({ type: 'text', text: words });
  const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });
  for (const [what, document, shown] of [
    ['is empty without a document', null, ''],
    [
      'has a line for each block',
      doc({ type: 'paragraph', content: [text('a'), text('b')] }, { type: 'heading', content: [text('c')] }),
      'ab\nc',
    ],
    ['has breaks', doc({ type: 'paragraph', content: [text('a'), { type: 'hardBreak' }, text('b')] }), 'a\nb'],
    [
      'has the words of mentions',
      doc({ type: 'paragraph', content: [{ type: 'mention', attrs: { text: '@Mara' } }] }),
      '@Mara',
    ],
    ['ends at the limit', doc({ type: 'paragraph', content: [text('x'.repeat(99))] }), 'x'.repeat(20)],
    ['has no direction marks', doc(text('a\u202eb\u0000c')), 'a b c'],
    ['takes what is no document', { content: [1, 'a', { content: 'b' }, [[]]] }, 'a'],
  ] as const) {
    test(what, () => assert.equal(firstText(document, 20), shown));
  }

  test('does not depend on the size of the document', () => {
    let deep: unknown = { type: 'paragraph', content: [] };
    for (let depth = 0; depth < 100_000; depth++) deep = { type: 'panel', content: [deep, deep] };
    assert.equal(firstText(deep, 20), '');
  });
});
