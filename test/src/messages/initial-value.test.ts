import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { hasMention, initialRichText } from '../../../sandbox/slack/rich-text.ts';
import { initialValue, shortened } from '../../../src/messages/initial-value.ts';
import { inlineOf, parseRichText, type RichTextBlock, wordsIn } from '../../../src/messages/rich-text.ts';

const NAMES = new Map([['U0BEN', 'Ben']]);
const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const block = (...elements: object[]) => ({ type: 'rich_text', block_id: 'b', elements });
const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style && { style }) });
const filled = (value: unknown) => initialValue(parseRichText(value) as RichTextBlock, NAMES);

describe('the initial value of a rich text input', () => {
  for (const [what, given, elements] of [
    ['text as it is', [section(text('a', { bold: true }), text('b'))], [section(text('a', { bold: true }), text('b'))]],
    [
      'names for mentions',
      [section(text('ask '), { type: 'user', user_id: 'U0BEN', style: { client_highlight: true, bold: true } })],
      [section(text('ask '), text('@Ben', { bold: true }))],
    ],
    [
      'words for channels, groups, and broadcasts',
      [
        section(
          { type: 'channel', channel_id: 'C1' },
          { type: 'usergroup', usergroup_id: 'S1' },
          { type: 'broadcast', range: 'here' },
        ),
      ],
      [section(text('#a channel@a user group@here'))],
    ],
    [
      "letters for emoji, and a company's own emoji as they are",
      [
        section(
          { type: 'emoji', name: 'wave', unicode: '1f44b-1f3fd', skin_tone: 4 },
          { type: 'emoji', name: 'acme', display_url: 'u' },
        ),
      ],
      [section(text('👋🏽'), { type: 'emoji', name: 'acme' })],
    ],
    [
      'words for dates and colors',
      [section({ type: 'date', timestamp: 1, format: '{date}', fallback: 'Jan 1' }, { type: 'color', value: '#fff' })],
      [section(text('Jan 1#fff'))],
    ],
    ['no style that a client made', [section(text('a', { highlight: true, bold: false }))], [section(text('a'))]],
    ['words for what nobody knows', [section({ type: 'canvas', text: 'Plan' })], [section(text('Plan'))]],
    [
      'links, unless their address is none',
      [
        section(
          { type: 'link', url: 'https://x.example', text: 'x', unsafe: true },
          { type: 'link', url: 'javascript:x', text: 'y' },
        ),
      ],
      [section({ type: 'link', url: 'https://x.example', text: 'x' }, text('y'))],
    ],
    [
      'lists, quotes, and code, without what is empty',
      [
        { type: 'rich_text_list', style: 'ordered', indent: 1, border: 0, elements: [section(text('one')), section()] },
        { type: 'rich_text_quote', border: 0, elements: [text('said')] },
        { type: 'rich_text_preformatted', border: 0, elements: [text('a '), { type: 'user', user_id: 'U0BEN' }] },
        section(),
      ],
      [
        { type: 'rich_text_list', style: 'ordered', indent: 1, elements: [section(text('one'))] },
        { type: 'rich_text_quote', elements: [text('said')] },
        { type: 'rich_text_preformatted', elements: [text('a @Ben')] },
      ],
    ],
  ] as const) {
    test(`has ${what}`, () => {
      const value = filled(block(...given));
      assert.deepEqual(value, { type: 'rich_text', elements });
      initialRichText(value, '');
      assert.equal(hasMention(value), false);
      assert.deepEqual(initialValue(value, NAMES), value);
    });
  }

  test('has as many elements as Slack takes, and loses formatting rather than words', () => {
    const word = (n: number) => text(`w${n} `, n % 2 === 0 ? { bold: true } : undefined);
    const link = { type: 'link', url: 'https://x.example', text: 'here' };
    const lines = Array.from({ length: 70 }, (_, line) =>
      section(...Array.from({ length: 100 }, (_, n) => word(line * 100 + n))),
    );
    const value = filled(block(...lines, section(link)));
    assert.equal(inlineOf(value.elements).length, 5_901);
    initialRichText(value, '');
    assert.equal(wordsIn(value), `${wordsIn(block(...lines) as unknown as RichTextBlock)}\nhere (https://x.example)`);
    const most = filled(block(section(...Array.from({ length: 6_000 }, (_, n) => word(n)))));
    assert.equal(inlineOf(most.elements).length, 6_000);
  });

  test('of a message that is longer than Jira takes is its beginning, and says so', () => {
    const long = parseRichText(
      block(section(text('a'.repeat(20_000))), section(text('b'.repeat(20_000))), section(text('c'))),
    ) as RichTextBlock;
    const words = wordsIn(shortened(long));
    assert.ok(words.length < 30_100);
    assert.match(words, /^a{20000}\nb+…\n… The message goes on in Slack\.$/);
    const short = parseRichText(block(section(text('a')))) as RichTextBlock;
    assert.equal(shortened(short), short);
  });

  test('is one that Slack takes, whatever a message holds', () => {
    const type = fc.constantFrom('text', 'link', 'user', 'channel', 'emoji', 'date', 'color', 'broadcast', 'new');
    const style = fc.record({ bold: fc.boolean(), client_highlight: fc.boolean() });
    const words = fc.string();
    const element = fc.record({
      type,
      text: words,
      url: fc.webUrl(),
      user_id: words,
      channel_id: words,
      name: words,
      unicode: words,
      timestamp: fc.integer(),
      value: words,
      range: words,
      style,
    });
    const elements = fc.array(element, { maxLength: 5 });
    const part = fc.oneof(
      fc.record({ type: fc.constantFrom('rich_text_section', 'rich_text_quote', 'rich_text_preformatted'), elements }),
      fc.record({
        type: fc.constant('rich_text_list'),
        style: fc.constant('bullet'),
        elements: fc.array(fc.record({ elements })),
      }),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const parsed = parseRichText(block(...parts));
        if (parsed === undefined) return;
        const value = initialValue(parsed, NAMES);
        initialRichText(value, '');
        assert.equal(hasMention(value), false);
      }),
    );
  });
});
