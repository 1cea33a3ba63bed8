import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFields } from '../../functions/create_ticket.ts';
import { type AdfDocument, type AdfNode, lengthOf } from '../../src/jira/adf.ts';
import { descriptionOf } from '../../src/jira/description.ts';
import type { Field } from '../../src/jira/field.ts';
import { fieldValueOf } from '../../src/jira/field-text.ts';
import { complaintsAbout } from '../../src/jira/new-issue.ts';
import { line, parseSite } from '../../src/jira/parse.ts';
import { refused } from '../../src/jira/refusal.ts';
import { wordsOf } from '../../src/jira/similar.ts';
import { parseKey, parseKeys, parseProjectKey } from '../../src/key.ts';
import { parseCommand } from '../../src/listeners/answer-command.ts';
import { mend, NestedTooDeep } from '../../src/mend.ts';
import { adfOf } from '../../src/messages/adf.ts';
import { type MessageParts, richTextIn, summaryIn } from '../../src/messages/content.ts';
import { initialValue, shortened } from '../../src/messages/initial-value.ts';
import { linesOf } from '../../src/messages/lines.ts';
import { mentionsIn } from '../../src/messages/mentions.ts';
import { mentionedIn, parseRichText, type RichTextBlock, wordsIn } from '../../src/messages/rich-text.ts';
import { richTextInput } from '../../src/messages/rich-text-input.ts';
import { resolveInputs } from '../../src/runner/reference.ts';
import { labelsIn, plainText, unnamedIn, withLinks } from '../../src/slack/markup.ts';
import { messageLinkOf } from '../../src/slack/permalink.ts';
import { escapeText, escapeWithin, harmless, truncate } from '../../src/slack/text.ts';

const MEGABYTE = 1_000_000;
const NOBODY = new Map<string, string>();

const richText = (...elements: unknown[]) => ({ type: 'rich_text', elements }) as RichTextBlock;
const section = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });
const saying = (text: string) => richText(section({ type: 'text', text }));

/** Everything that reads what people wrote. */
const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  'a command': parseCommand,
  keys: parseKeys,
  'a key': parseKey,
  "a project's key": parseProjectKey,
  'mentions in a message': (text) => mentionsIn({ text }),
  'a description': (text) => descriptionOf(text, undefined),
  'a new issue': (text) => complaintsAbout({ project: text, type: text, summary: text, parent: text }),
  'more fields': parseFields,
  'a field of a step': (text) => {
    const options = [{ id: '1', name: 'High' }];
    const given = { plain: text, linked: text };
    for (const kind of ['number', 'date', 'single_select', 'multi_select'] as const) {
      fieldValueOf({ id: 'f', name: 'Field', kind, options } as Field, given);
    }
  },
  'words to search for': wordsOf,
  "a message's text": (text) => richTextIn({ text }),
  "a message's blocks": (text) => richTextIn({ blocks: [saying(text)] }),
  'a section': (text) => richTextIn({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] }),
  Markdown: (text) => richTextIn({ blocks: [{ type: 'markdown', text }] }),
  'mentions in Markdown': (text) => mentionsIn({ blocks: [{ type: 'markdown', text }] }),
  "an attachment's text": (text) => richTextIn({ attachments: [{ pretext: text, text, fields: [{ value: text }] }] }),
  "a message's summary": (text) => summaryIn({ text, files: [{ title: text }] }, NOBODY),
  'rich text': (text) => parseRichText(saying(text)),
  'a formatted text in a step': (text) => {
    const given = richTextInput(saying(text));
    return given && linesOf(adfOf(given, NOBODY), '• ');
  },
  'rich text for a form': (text) => {
    const block = richTextIn({ text, blocks: [saying(text)] });
    return block && initialValue(shortened(block), NOBODY);
  },
  'rich text for Jira': (text) => adfOf(saying(text), NOBODY),
  'code for Jira': (text) =>
    adfOf(richText({ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }), NOBODY),
  'a link for Jira': (text) => adfOf(richText(section({ type: 'link', url: text })), NOBODY),
  'an emoji for Jira': (text) => adfOf(richText(section({ type: 'emoji', name: 'x', unicode: text })), NOBODY),
  'text for Slack': escapeText,
  "a step's output": harmless,
  "Slack's markup": (text) => [unnamedIn(text), labelsIn(text), plainText(text, NOBODY), withLinks(text, NOBODY)],
  'a link to a message': (text) => messageLinkOf(text, { workspaceUrl: 'https://acme.slack.com/', channel: 'C1' }),
  'text that is cut': (text) => truncate(text, 3_000),
  'escaped text that is cut': (text) => escapeWithin(text, 3_000),
  "a step's inputs": (text) => resolveInputs({ text }, { inputs: {}, steps: {} }),
  "Jira's text": (text) => line.parse(text),
  "Jira's complaints": (text) => refused({ errorMessages: [text], errors: { summary: text } }),
  "Jira's address": (text) => parseSite({ baseUrl: `https://jira.example/${text}` }),
  'a delivery': (text) => mend({ [text]: [text, { text }] }),
};

const repeated = (piece: string) => (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
/** Many of one thing, after something that begins to be what is looked for and before what is not the end of it. */
const between = (before: string, piece: string, behind: string) => (length: number) =>
  `${before}${repeated(piece)(length)}${behind}`;
const counted = (piece: (n: number) => string) => (length: number) =>
  Array.from({ length: Math.ceil(length / piece(99_999).length) }, (_, n) => piece(n))
    .join('')
    .slice(0, length);

/** What parsers are slow on. Length is in UTF-16 units. */
const texts: Readonly<Record<string, (length: number) => string>> = {
  ...Object.fromEntries(
    [')', ']', '"', '.', '/', '-', ' ', '\n', '1', 'A', 'A1_-'].map((piece) => [
      `x x${JSON.stringify(piece)}x`,
      between('x x', piece, 'x'),
    ]),
  ),
  ...Object.fromEntries(
    ['(', '<', '&', '<@U0', '<https://', '<https://a|b> ', 'https://a/browse/', 'https://a.slack.com/', '{{ '].map(
      (piece) => [JSON.stringify(piece), repeated(piece)],
    ),
  ),
  ...Object.fromEntries(
    ['\0', '\ud83d', '\u{1f469}\u200d', '\u0301', '\u{1f1e9}', '1f600-', 'AB-', 'a\n'].map((piece) => [
      JSON.stringify(piece),
      repeated(piece),
    ]),
  ),
  'a half-open link': between('<https://x', '.', ' '),
  'a key and punctuation': between('AB-1', '!', 'x'),
  'many keys': counted((n) => `AB-${n + 1} `),
  'many words': counted((n) => `w${n.toString(36)} `),
  'many links': counted((n) => `https://h${n}.example/browse/AB-1 `),
};

/** What a megabyte may take, and what a busy machine may make of it. */
const GOOD_MS = 100;
const MOST_MS = 1_000;
/** Sizes with a factor of eight between them: what is linear takes eight times as long, and what is quadratic 64 times. */
const SIZES = [MEGABYTE / 64, MEGABYTE / 8, MEGABYTE];
const MOST_GROWTH = 24;
const hostile = Object.entries(texts).map(([name, text]) => [name, SIZES.map(text)] as const);

/**
 * The processor's time that `run` takes in this thread, in milliseconds: what else the machine does is not in it. The best of
 * five tries, or the first that is no more than `enough`, or is hopeless.
 */
function cost(run: () => unknown, enough: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 5 && best > enough && (tries === 0 || best <= 2 * MOST_MS); tries += 1) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}

describe('a megabyte of hostile text', () => {
  for (const [what, parse] of Object.entries(parsers)) {
    test(`read as ${what} takes time in proportion to it`, () => {
      for (const [name, sizes] of hostile) {
        let most = GOOD_MS;
        for (const text of sizes) {
          const ms = cost(() => parse(text), most);
          assert.ok(ms <= most, `${name}: ${text.length.toLocaleString('en')} characters take ${ms.toFixed(0)} ms`);
          most = Math.min(MOST_MS, Math.max(GOOD_MS, ms * MOST_GROWTH));
        }
      }
    });
  }

  const manyParts: Readonly<Record<string, (count: number) => readonly unknown[]>> = {
    'lists, each indented further': (count) => Array.from({ length: count }, (_, indent) => list(indent)),
    'lists, each indented less': (count) => Array.from({ length: count }, (_, n) => list(count - n)),
    'lists that go in and out': (count) => Array.from({ length: count }, (_, n) => list(n % 2)),
    'one list of many items': (count) => [list(0, count)],
    quotes: (count) => Array.from({ length: count }, () => ({ ...section(word), type: 'rich_text_quote' })),
    'one section of many words': (count) => [section(...Array.from({ length: count }, () => word))],
  };
  const word = { type: 'text', text: 'x' };
  const list = (indent: number, items = 1) => ({
    type: 'rich_text_list',
    style: indent % 3 === 0 ? 'ordered' : 'bullet',
    indent,
    elements: Array.from({ length: items }, () => section(word)),
  });
  for (const [what, parts] of Object.entries(manyParts)) {
    test(`as rich text of ${what} becomes a document that can be sent`, () => {
      for (const count of [6_250, 50_000]) {
        const block = richText(...parts(count));
        let document: AdfDocument | undefined;
        const ms = cost(() => {
          document = adfOf(block, NOBODY);
          return [wordsIn(block), mentionedIn(block), parseRichText(block), richTextInput(block), linesOf(document)];
        }, MOST_MS);
        assert.ok(ms <= MOST_MS, `${count} parts take ${ms.toFixed(0)} ms`);
        assert.equal(document && lengthOf(document), count);
        assert.ok(JSON.stringify(document).length > count);
      }
    });
  }
});

describe('what is nested a hundred thousand levels deep', () => {
  const DEEP = 100_000;
  const deep = <T>(inside: T, around: (inside: T) => T) => {
    let all = inside;
    for (let level = 0; level < DEEP; level += 1) all = around(all);
    return all;
  };

  test("is measured, in a document of Jira's", () => {
    const inside: AdfNode = { type: 'text', text: 'four' };
    assert.equal(lengthOf(deep<AdfNode>(inside, (node) => ({ type: 'blockquote', content: [node] }))), 4);
  });

  test('is not looked into, in a message', () => {
    const message = deep<MessageParts>({ text: 'PLAT-1' }, (inside) => ({ text: 'PLAT-2', blocks: [inside] }));
    assert.deepEqual(mentionsIn(message), ['PLAT-2']);
  });

  test('is refused, in a delivery and in the fields of a step', () => {
    const json = `${'{"a":['.repeat(DEEP)}${']}'.repeat(DEEP)}`;
    assert.throws(() => mend(JSON.parse(json)), NestedTooDeep);
    assert.equal(parseFields(json), undefined);
  });
});
