import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adfComplaint, adfText } from '../../../sandbox/jira/adf.ts';

const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });
const text = (words: string, ...marks: unknown[]) => ({
  type: 'text',
  text: words,
  ...(marks.length > 0 && { marks }),
});
const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const item = (...content: unknown[]) => ({ type: 'listItem', content });
const list = (type: string, ...content: unknown[]) => ({ type, content });
const link = { type: 'link', attrs: { href: 'https://example.com' } };

describe('a document in Atlassian Document Format', () => {
  for (const [says, document] of [
    ['empty', doc()],
    ['an empty paragraph', doc({ type: 'paragraph' })],
    ['marked words', doc(paragraph(text('a', { type: 'strong' }, { type: 'em' }), text('b', { type: 'code' }, link)))],
    ['lists in lists', doc(list('bulletList', item(paragraph(text('a')), list('orderedList', item(paragraph())))))],
    ['a quote', doc({ type: 'blockquote', content: [paragraph(text('a')), list('bulletList', item(paragraph()))] })],
    ['code', doc({ type: 'codeBlock', attrs: { language: 'js' }, content: [text('let a\nlet b')] })],
    ['a heading and a rule', doc({ type: 'heading', attrs: { level: 2 }, content: [text('a')] }, { type: 'rule' })],
    [
      'a line break and an emoji',
      doc(paragraph(text('a'), { type: 'hardBreak' }, { type: 'emoji', attrs: { shortName: ':+1:' } })),
    ],
  ] as const) {
    test(`${says} is taken`, () => assert.equal(adfComplaint(document), undefined));
  }

  for (const [says, document] of [
    ['no document', 'words'],
    ['a paragraph', paragraph(text('a'))],
    ['another version', { ...doc(), version: 2 }],
    ['text outside of a paragraph', doc(text('a'))],
    ['empty text', doc(paragraph(text('')))],
    ['an unknown node', doc({ type: 'marquee', content: [] })],
    ['an unknown mark', doc(paragraph(text('a', { type: 'blink' })))],
    ['a link to nowhere', doc(paragraph(text('a', { type: 'link', attrs: {} })))],
    ['bold code', doc(paragraph(text('a', { type: 'code' }, { type: 'strong' })))],
    ['the same mark twice', doc(paragraph(text('a', { type: 'em' }, { type: 'em' })))],
    ['marks in a code block', doc({ type: 'codeBlock', content: [text('a', { type: 'em' })] })],
    ['a list without items', doc(list('bulletList'))],
    ['a list of paragraphs', doc(list('bulletList', paragraph()))],
    ['an item that begins with a list', doc(list('bulletList', item(list('bulletList', item(paragraph())))))],
    ['a quote in a list', doc(list('bulletList', item(paragraph(), { type: 'blockquote', content: [paragraph()] })))],
    ['a heading in a quote', doc({ type: 'blockquote', content: [{ type: 'heading', attrs: { level: 1 } }] })],
    ['more than is known', doc({ ...paragraph(), colour: 'red' })],
  ] as const) {
    test(`${says} is refused`, () => assert.equal(typeof adfComplaint(document), 'string'));
  }

  test('holds 32,767 characters of text', () => {
    const half = 'x'.repeat(16_383);
    assert.equal(adfComplaint(doc(paragraph(text(half)), paragraph(text(half)))), undefined);
    assert.match(adfComplaint(doc(paragraph(text(`${half}xx`)), paragraph(text(half)))) ?? '', /32,767/);
    assert.equal(adfText(doc(paragraph(text('one')), paragraph(text('two')))), 'one two');
  });
});
