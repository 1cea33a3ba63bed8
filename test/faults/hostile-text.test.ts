import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFields } from '../../src/issues/given-fields.ts';
import { type AdfDocument, type AdfNode, lengthOf } from '../../src/jira/adf.ts';
import { mend, NestedTooDeep } from '../../src/mend.ts';
import { adfOf } from '../../src/messages/adf.ts';
import type { MessageParts } from '../../src/messages/content.ts';
import { linesOf } from '../../src/messages/lines.ts';
import { mentionsIn } from '../../src/messages/mentions.ts';
import { mentionedIn, parseRichText, wordsIn } from '../../src/messages/rich-text.ts';
import { richTextInput } from '../../src/messages/rich-text-input.ts';
import { NOBODY, parsers, richText, section, texts } from './hostile.ts';

/** Sizes with a factor of eight between them: what is linear takes eight times as long, and what is quadratic 64 times. */
const SIZES = [4_000, 32_000, 256_000];
const MOST_GROWTH = 24;
/** What the largest may take, and what a busy machine may make of it. */
const GOOD_MS = 40;
const MOST_MS = 400;
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

describe('hostile text', () => {
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
      for (const count of [3_000, 12_000]) {
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
