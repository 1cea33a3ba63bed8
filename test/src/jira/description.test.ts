import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { AdfNode } from '../../../src/jira/adf.ts';
import { descriptionOf, isLink } from '../../../src/jira/description.ts';
import { anyCharacter } from '../../any-character.ts';

const text = (words: string): AdfNode => ({ type: 'text', text: words });
const link = (words: string, href: string): AdfNode => ({
  type: 'text',
  text: words,
  marks: [{ type: 'link', attrs: { href } }],
});
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const content = (words: string, messageLink?: string) => descriptionOf(words, messageLink)?.content;
const SOURCE = 'https://acme.slack.com/archives/C1/p1700000000000100';

describe('a description', () => {
  test('is paragraphs, with their line breaks', () => {
    assert.deepEqual(content('One\ntwo\r\n\r\n \nThree\n'), [
      paragraph(text('One'), { type: 'hardBreak' }, text('two')),
      paragraph(text('Three')),
    ]);
  });

  test('is text, not markup: what Jira would once have read as such is shown as it was typed', () => {
    const typed = 'h3. Problem *bold* {code}x{code} [a|https://b.example] <!channel> <@U0ADA> # 1';
    const [first] = content(typed) ?? [];
    const words = (first?.content ?? []).map((node) => node.text).join('');
    assert.equal(words, typed);
    assert.equal(first?.type, 'paragraph');
  });

  test('links what is a link, bare or as Slack wraps it, and not what ends the sentence', () => {
    assert.deepEqual(
      content('See https://a.example/x?y=1&amp;z=2. Or <https://b.example|the &lt;log&gt;>, <http://c.example>'),
      [
        paragraph(
          text('See '),
          link('https://a.example/x?y=1&z=2', 'https://a.example/x?y=1&z=2'),
          text('. Or '),
          link('the <log>', 'https://b.example'),
          text(', '),
          link('http://c.example', 'http://c.example'),
        ),
      ],
    );
  });

  test('ends with a link to the message that it came from', () => {
    assert.deepEqual(content('It loops', SOURCE), [
      paragraph(text('It loops')),
      paragraph(link('From a message in Slack', SOURCE)),
    ]);
    assert.deepEqual(content('', SOURCE), [paragraph(link('From a message in Slack', SOURCE))]);
  });

  test('names what is no link, and links nothing else than https', () => {
    for (const odd of ['javascript:alert(1)', 'somewhere', 'http://a.example', 'https://a b']) {
      assert.equal(isLink(odd), false);
      const words = JSON.stringify(content('', odd));
      assert.match(words, /From a message in Slack: /);
      assert.doesNotMatch(words, /"href":"(javascript|https:\/\/a b)/);
    }
  });

  test('is none when there is nothing to say', () => {
    assert.equal(descriptionOf(' \n\n ', undefined), undefined);
  });

  test('has no empty text, which Jira refuses, and loses no word, whatever it is given', () => {
    const nodes = (node: AdfNode): AdfNode[] => [node, ...(node.content ?? []).flatMap(nodes)];
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (typed) => {
        const all = (content(typed) ?? []).flatMap(nodes);
        assert.ok(all.every((node) => node.type !== 'text' || (node.text ?? '') !== ''));
        if (/[<&]|https?:/.test(typed)) return;
        const letters = (words: string) => words.toWellFormed().replace(/\s/g, '');
        assert.equal(letters(all.map((node) => node.text ?? '').join('')), letters(typed));
      }),
    );
  });
});
