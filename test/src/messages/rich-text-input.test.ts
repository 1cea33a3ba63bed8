import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { adfOf } from '../../../src/messages/adf.ts';
import { linesOf } from '../../../src/messages/lines.ts';
import { mentionedIn } from '../../../src/messages/rich-text.ts';
import { richTextInput } from '../../../src/messages/rich-text-input.ts';

const NAMES = new Map([['U0BEN', 'Ben']]);
const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style && { style }) });
const section = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });
const list = (indent: number, ...items: unknown[]) => ({
  type: 'rich_text_list',
  style: 'bullet',
  indent,
  elements: items,
});
const block = (...elements: unknown[]) => ({ type: 'rich_text', block_id: 'b', elements });
const lines = (value: unknown, bullet?: string) => {
  const parsed = richTextInput(value);
  return parsed === undefined ? undefined : linesOf(adfOf(parsed, NAMES), bullet);
};

describe('a formatted text in a step', () => {
  for (const [what, value, expected] of [
    ['a sentence', block(section(text('The login '), text('loops', { bold: true }))), ['The login loops']],
    ['lines', block(section(text('One\nTwo\n\nThree'))), ['One', 'Two', 'Three']],
    ['a list', block(list(0, section(text('One')), section(text('Two')))), ['One', 'Two']],
    ['nested lists', block(list(0, section(text('One'))), list(1, section(text('Two')))), ['One', 'Two']],
    ['an item of two lines', block(list(0, section(text('One\nand more')))), ['One and more']],
    ['an item of two paragraphs', block(list(0, section(text('One\n\nand more')))), ['One and more']],
    ['code', block({ type: 'rich_text_preformatted', elements: [text('a\nb')] }), ['a', 'b']],
    ['a quote', block({ type: 'rich_text_quote', elements: [text('said\nit')] }), ['said', 'it']],
    ['a mention', block(section(text('Ask '), { type: 'user', user_id: 'U0BEN' })), ['Ask @Ben']],
    ['a channel', block(section({ type: 'channel', channel_id: 'C1' })), ['#a channel']],
    ['a broadcast', block(section({ type: 'broadcast', range: 'here' })), ['@here']],
    ['an emoji', block(section({ type: 'emoji', name: 'tada', unicode: '1f389' })), ['🎉']],
    ["a company's own emoji", block(section({ type: 'emoji', name: 'acme' })), [':acme:']],
    ['a date', block(section({ type: 'date', timestamp: 1, format: '{date}', fallback: '14 Nov' })), ['14 Nov']],
    ['a link with words', block(section({ type: 'link', url: 'https://x.example', text: 'here' })), ['here']],
    ['a bare link', block(section({ type: 'link', url: 'https://x.example' })), ['https://x.example']],
    ['several blocks', [block(section(text('One'))), block(section(text('Two')))], ['One', 'Two']],
    ['text with markup', 'Fish &amp; <@U0BEN>', ['Fish & @Ben']],
    ['an element that nobody knows', block(section(text('a'), { type: 'new', text: 'b' })), ['ab']],
    ['an element without its text', block(section(text('a'), { type: 'text' }, null, 7)), ['a']],
    ['a part that nobody knows', block(section(text('a')), { type: 'rich_text_new', elements: [] }, null), ['a']],
    ['a part without elements', block(section(text('a')), { type: 'rich_text_section' }), ['a']],
    ['an item that is no section', block(list(0, section(text('a')), text('b'))), ['a', 'b']],
    ['a time that is none', block(section(text('a'), { type: 'date', timestamp: 1e300 })), ['a']],
    ['an empty block', block(), undefined],
    ['a block without elements', { type: 'rich_text' }, undefined],
    ['nothing', undefined, undefined],
    ['an empty text', ' ', undefined],
  ] as const) {
    test(`reads ${what}`, () => assert.deepEqual(lines(value), expected));
  }

  test('has a bullet at each item of a list where it is asked for', () => {
    assert.deepEqual(lines(block(section(text('To do:')), list(0, section(text('One')))), '• '), ['To do:', '• One']);
  });

  test('is read whatever it holds', () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom('rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted'),
        elements: fc.array(
          fc.oneof(
            fc.jsonValue(),
            fc.record({ type: fc.constantFrom('text', 'link', 'user', 'emoji', 'date'), text: fc.jsonValue() }),
          ),
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(part), (elements) => {
        const parsed = richTextInput(block(...elements));
        if (parsed === undefined) return;
        mentionedIn(parsed);
        linesOf(adfOf(parsed, NAMES));
      }),
    );
  });
});
