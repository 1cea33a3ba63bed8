import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import fc from 'fast-check';
import { checkBlocks, checkView } from '../../../sandbox/slack/blocks.ts';
import { type TypedText, typedMessages, typedView } from '../../../src/messages/typed.ts';
import { anyCharacter } from '../../any-character.ts';

/** All text elements in order, each with its style. */
function textsIn(blocks: readonly unknown[]): { text: string; style?: unknown }[] {
  return blocks.flatMap((block) => {
    const { type, elements, text, style } = block as {
      type: string;
      elements?: unknown[];
      text?: unknown;
      style?: unknown;
    };
    if (type === 'text') return [{ text: String(text), ...(style === undefined ? {} : { style }) }];
    return elements === undefined ? [] : textsIn(elements);
  });
}

function blocksIn(typed: readonly TypedText[]): RichTextBlock[] {
  const messages = typedMessages('Jira refused it.', typed);
  const blocks = messages.flatMap((message) => message.blocks ?? []);
  for (const message of messages) checkBlocks(message.blocks);
  return blocks.filter((block) => block.type === 'rich_text');
}

const joined = (blocks: readonly unknown[]) =>
  textsIn(blocks)
    .map(({ text }) => text)
    .join('');

describe('what a person typed comes back', () => {
  test('after the outcome, and a blank text not at all', () => {
    assert.deepEqual(typedMessages('Jira <refused> it.', ['', ' \n']), [
      {
        text: 'Jira &lt;refused&gt; it.',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Jira &lt;refused&gt; it.', verbatim: true } }],
      },
    ]);
  });

  for (const length of [1, 2_999, 3_001, 11_900, 15_300, 250_000]) {
    test(`whole, when it has ${length} characters, in messages that Slack takes`, () => {
      const text = 'word by word '.repeat(length / 13 + 1).slice(0, length);
      assert.equal(joined(blocksIn([text])), text);
    });
  }

  test('whole and in order, whatever it is', () => {
    const text = fc.record({
      type: fc.constant('text' as const),
      text: fc.oneof(
        fc.string({ unit: anyCharacter, minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 9_000 }).map((length) => '😀'.repeat(length)),
      ),
      style: fc.constantFrom({ italic: true }, { bold: true }, { code: true }),
    }) satisfies fc.Arbitrary<RichTextElement>;
    const section = fc
      .array(text, { minLength: 1, maxLength: 4 })
      .map((elements) => ({ type: 'rich_text_section' as const, elements }));
    const list = fc
      .array(section, { minLength: 1, maxLength: 4 })
      .map((elements) => ({ type: 'rich_text_list' as const, style: 'bullet' as const, elements }));
    const quote = section.map(({ elements }) => ({ type: 'rich_text_quote' as const, elements }));
    const part: fc.Arbitrary<RichTextBlockElement> = fc.oneof(section, list, quote);
    const block = fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((elements): RichTextBlock => ({ type: 'rich_text', elements }));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 3 }), (typed) => {
        assert.equal(joined(blocksIn(typed)), joined(typed));
      }),
      { numRuns: 50 },
    );
  });

  test('as formatted as it was, and unchanged if it is short', () => {
    const short: RichTextBlock = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'bold', style: { bold: true } }] }],
    };
    assert.deepEqual(blocksIn([short]), [short]);
    const item = {
      type: 'rich_text_section' as const,
      elements: [{ type: 'text' as const, text: 'x '.repeat(1_000) }],
    };
    const long: RichTextBlock = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_list', style: 'ordered', elements: Array.from({ length: 12 }, () => item) }],
    };
    const parts = blocksIn([long]).flatMap(({ elements }) => elements);
    assert.ok(parts.length > 1);
    const items = parts.flatMap((part) => (part.type === 'rich_text_list' ? part.elements : []));
    assert.equal(items.length, 12);
  });

  test('in a view as well, as much as people can type', () => {
    const text = 'y'.repeat(100_000);
    const view = typedView('Create Jira issue', 'Slack did not show the form.', [text]);
    checkView(view);
    assert.equal(joined(view.blocks), text);
  });
});
