import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeText, harmless, piecesOf, truncate } from '../../../src/slack/text.ts';

test('escaped text holds no mention, link or channel', () => {
  assert.equal(escapeText('<!channel> & <@U1>'), '&lt;!channel&gt; &amp; &lt;@U1&gt;');
});

test('a step puts out no bracket that Slack would read', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.doesNotMatch(harmless(text), /[<>]/)));
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
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('😀', 'a', ' ', '\n') }));
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
