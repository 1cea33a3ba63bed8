import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMrkdwn } from '../../../sandbox/slack/mrkdwn.ts';
import { escapeText, harmless, piecesOf, truncate, unformatted } from '../../../src/slack/text.ts';
import { anyCharacter } from '../../any-character.ts';

test('escaped text holds no mention, link or channel', () => {
  assert.equal(escapeText('<!channel> & <@U1>'), '&lt;!channel&gt; &amp; &lt;@U1&gt;');
});

test('a step puts out no bracket that Slack would read', () => {
  fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => assert.doesNotMatch(harmless(text), /[<>]/)));
});

test('text is cut between letters, never within one', () => {
  assert.equal(truncate('short', 10), 'short');
  assert.equal(truncate('0123456789abc', 10), '012345678…');
  assert.equal(truncate('family 👨‍👩‍👧‍👦 here', 12), 'family …');
  assert.equal(truncate(`e${'\u0301'.repeat(1_000)}`, 10), '…');
});

test('cut text is as long as asked at most, and well formed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 50 }), (text, length) => {
      const cut = truncate(text, length);
      assert.ok(cut.length <= Math.max(length, 1));
      assert.ok(cut.isWellFormed());
    }),
  );
});

test('the pieces of a text, joined, are the text, and none is too long or ends within a character', () => {
  const text = fc.oneof(fc.string({ unit: anyCharacter }), fc.string({ unit: fc.constantFrom('😀', 'a', ' ', '\n') }));
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 20 }), (text, length) => {
      const pieces = piecesOf(text, length);
      assert.equal(pieces.join(''), text);
      assert.ok(pieces.every((piece) => piece.length > 0 && piece.length <= length));
      if (text.isWellFormed()) assert.ok(pieces.every((piece) => piece.isWellFormed()));
    }),
  );
});

test('a piece ends after a word where it can', () => {
  assert.deepEqual(piecesOf('one two three four', 10), ['one two ', 'three four']);
});

for (const [text, shown] of [
  ['`code` *bold* _italic_ ~gone~', 'ˋcodeˋ ∗bold∗ ˍitalicˍ ∼gone∼'],
  ['snake_case_name and 5*3 and 2 * 3', 'snake_case_name and 5*3 and 2 * 3'],
  ['~/.config and *.ts', '∼/.config and ∗.ts'],
  ['__init__ and **strong**', 'ˍˍinitˍˍ and ∗∗strong∗∗'],
] as const) {
  test(`“${text}” is shown as “${shown}” in mrkdwn`, () => assert.equal(unformatted(text), shown));
}

test('unformatted text is only text in mrkdwn, whatever stands in it', () => {
  const text = fc.oneof(fc.string({ unit: fc.constantFrom(...'*_~`a0 \n<>&|') }), fc.string({ unit: anyCharacter }));
  fc.assert(
    fc.property(text, (text) => {
      for (const { kind } of parseMrkdwn(escapeText(unformatted(text)))) assert.equal(kind, 'text');
    }),
    { examples: [['__0__']] },
  );
});
