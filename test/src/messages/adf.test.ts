import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { adfComplaint } from '../../../sandbox/jira/adf.ts';
import { adfOf } from '../../../src/messages/adf.ts';
import { parseRichText, type RichTextBlock } from '../../../src/messages/rich-text.ts';

const names = new Map([['U0BEN', 'ben']]);
const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style ? { style } : {}) });
const block = (...elements: object[]) => ({ type: 'rich_text', elements }) as unknown as RichTextBlock;
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const item = (...content: object[]) => ({ type: 'listItem', content });

describe('rich text as a document of Jira', () => {
  for (const [what, given, content] of [
    ['plain words', [section(text('Hello'))], [paragraph(text('Hello'))]],
    [
      'styles, as marks',
      [
        section(
          text('b', { bold: true, italic: true }),
          text('s', { strike: true }),
          text('c', { code: true, bold: true }),
        ),
      ],
      [
        paragraph(
          { ...text('b'), marks: [{ type: 'strong' }, { type: 'em' }] },
          { ...text('s'), marks: [{ type: 'strike' }] },
          { ...text('c'), marks: [{ type: 'code' }] },
        ),
      ],
    ],
    [
      'ends of lines, as breaks, and empty ones as paragraphs',
      [section(text('one\ntwo\n\nthree\n'))],
      [paragraph(text('one'), { type: 'hardBreak' }, text('two')), paragraph(text('three'))],
    ],
    [
      'lists within lists',
      [
        { type: 'rich_text_list', style: 'bullet', elements: [section(text('a'))] },
        { type: 'rich_text_list', style: 'ordered', indent: 1, elements: [section(text('b'))] },
        { type: 'rich_text_list', style: 'bullet', elements: [section(text('c'))] },
      ],
      [
        {
          type: 'bulletList',
          content: [
            item(paragraph(text('a')), { type: 'orderedList', content: [item(paragraph(text('b')))] }),
            item(paragraph(text('c'))),
          ],
        },
      ],
    ],
    [
      'mentions, as names that ping nobody',
      [
        section(
          { type: 'user', user_id: 'U0BEN' },
          { type: 'user', user_id: 'U9' },
          { type: 'broadcast', range: 'here' },
        ),
      ],
      [paragraph(text('@ben'), text('@U9'), text('@here'))],
    ],
    [
      'links, unless their address is none',
      [section({ type: 'link', url: 'https://a.example', text: 'there' }, { type: 'link', url: 'javascript:x' })],
      [
        paragraph(
          { ...text('there'), marks: [{ type: 'link', attrs: { href: 'https://a.example' } }] },
          text('javascript:x'),
        ),
      ],
    ],
    [
      'code and quotes, as blocks',
      [
        { type: 'rich_text_preformatted', elements: [text('a\nb')] },
        { type: 'rich_text_quote', elements: [text('said')] },
      ],
      [
        { type: 'codeBlock', content: [text('a\nb')] },
        { type: 'blockquote', content: [paragraph(text('said'))] },
      ],
    ],
    [
      'emoji, as their letters or their names',
      [section({ type: 'emoji', name: 'wave', unicode: '1f44b-1f3fd' }, { type: 'emoji', name: 'acme' })],
      [paragraph(text('👋🏽'), text(':acme:'))],
    ],
    ['nothing', [section(text('\n'))], []],
  ] as const) {
    test(`has ${what}`, () => {
      const document = adfOf(block(...given), names);
      assert.deepEqual(document, { type: 'doc', version: 1, content });
      assert.equal(adfComplaint(document), undefined);
    });
  }

  test('is taken by Jira, whatever stands in it', () => {
    const style = fc.record({ bold: fc.boolean(), italic: fc.boolean(), strike: fc.boolean(), code: fc.boolean() });
    const words = fc
      .oneof(fc.string(), fc.constantFrom('\n', '\n\n', 'a\nb', '\ud800', '\u0000'))
      .filter((s) => s !== '');
    const inline = fc.oneof(
      fc.record({ type: fc.constant('text'), text: words, style }),
      fc.record({ type: fc.constant('link'), url: fc.oneof(fc.webUrl(), fc.string()), text: words, style }),
      fc.record({ type: fc.constant('user'), user_id: fc.constantFrom('U0BEN', 'U1') }),
      fc.record({ type: fc.constant('emoji'), name: words, unicode: fc.oneof(fc.constant('1f600'), fc.string()) }),
    );
    const elements = fc.array(inline, { maxLength: 4 });
    const plain = fc.array(fc.record({ type: fc.constant('text'), text: words }), { maxLength: 3 });
    const part = fc.oneof(
      fc.record({ type: fc.constant('rich_text_section'), elements }),
      fc.record({ type: fc.constant('rich_text_quote'), elements }),
      fc.record({ type: fc.constant('rich_text_preformatted'), elements: plain }),
      fc.record({
        type: fc.constant('rich_text_list'),
        style: fc.constantFrom('bullet', 'ordered'),
        indent: fc.integer({ min: 0, max: 8 }),
        elements: fc.array(fc.record({ type: fc.constant('rich_text_section'), elements }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        assert.equal(adfComplaint(adfOf(block(...parts), names)), undefined);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the value of a rich text input', () => {
  test('is nothing when it holds only space', () => {
    assert.equal(parseRichText(block(section(text(' \n')))), undefined);
    assert.equal(parseRichText(null), undefined);
    assert.ok(parseRichText(block(section({ type: 'user', user_id: 'U1' }))));
  });
});
