import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JiraTrouble } from '../../../src/jira/trouble.ts';

describe('trouble with Jira, in words', () => {
  test('each kind says what happened and what to do, in whole sentences', () => {
    const kinds = ['login_refused', 'forbidden', 'rate_limited', 'no_answer', 'unreadable', 'moved'] as const;
    const troubles = kinds.map((kind) => new JiraTrouble(kind));
    const sentences = troubles.map(({ message }) => message);
    for (const { what, advice, message } of troubles) {
      assert.match(what, /^(Jira|Maro) [^.]*\.$/);
      assert.match(advice, /^[A-Z][^.]*\.$/);
      assert.equal(message, `${what} ${advice}`);
    }
    assert.equal(new Set(sentences).size, kinds.length);
  });

  for (const [seconds, time] of [
    [0, '1 second'],
    [0.2, '1 second'],
    [1, '1 second'],
    [1.1, '2 seconds'],
    [89, '89 seconds'],
    [89.5, '2 minutes'],
    [120, '2 minutes'],
    [3_600, '60 minutes'],
  ] as const) {
    test(`a wait of ${seconds} s is one of ${time}`, () => {
      const { kind, message } = new JiraTrouble('rate_limited', { seconds });
      assert.equal(kind, 'rate_limited');
      assert.equal(message, `Jira asked Maro to slow down. Try again in ${time}.`);
    });
  }

  test('without a time it is a minute', () => {
    assert.match(new JiraTrouble('rate_limited').message, /Try again in a minute\.$/);
  });
});
