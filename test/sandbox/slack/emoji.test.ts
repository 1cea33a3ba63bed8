import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEmoji } from '../../../sandbox/slack/emoji.ts';

for (const [typed, drawn] of [
  ['Shipped :rocket:', 'Shipped 🚀'],
  [':+1::tada:', '👍🎉'],
  [':thinking_face: :white_check_mark:', '🤔 ✅'],
  [':heart: and :warning:', '❤️ and ⚠️'],
  [':wave::skin-tone-3:', '👋🏼'],
  [':point_up::skin-tone-6:', '☝🏿'],
  [':flag-de: :male-firefighter:', '🇩🇪 👨‍🚒'],
  [':one: :hash:', '1️⃣ #️⃣'],
  ['At 10:30:45, a::b, :no_such_emoji:, :Rocket:', 'At 10:30:45, a::b, :no_such_emoji:, :Rocket:'],
] as const) {
  test(`${typed} is drawn as ${drawn}`, () => assert.equal(withEmoji(typed), drawn));
}

test('a text of nothing but colons takes time in proportion to its length', () => {
  const text = ':zz'.repeat(200_000);
  assert.equal(withEmoji(text), text);
});
