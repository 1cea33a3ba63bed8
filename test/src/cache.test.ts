import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCache } from '../../src/cache.ts';

function start() {
  const clock = { now: 0 };
  const cache = createCache(1_000, () => clock.now);
  let asked = 0;
  const get = (name: string, answer: string | null | Error = name) =>
    cache.get(name, async () => {
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer === null ? undefined : `${answer} ${asked}`;
    });
  return { clock, cache, get, asked: () => asked };
}

describe('answers that are kept', () => {
  test('are kept until their time is over', async () => {
    const { clock, get } = start();
    assert.equal(await get('a'), 'a 1');
    clock.now = 999;
    assert.equal(await get('a'), 'a 1');
    clock.now = 1_000;
    assert.equal(await get('a'), 'a 2');
  });

  test('are one for all who ask at once', async () => {
    const { get, asked } = start();
    const all = await Promise.all(Array.from({ length: 50 }, () => get('a')));
    assert.deepEqual([new Set(all), asked()], [new Set(['a 1']), 1]);
  });

  test('are not kept when there is nothing, or when asking failed', async () => {
    const { get, asked } = start();
    assert.equal(await get('a', null), undefined);
    await assert.rejects(get('a', new Error('no')), /no/);
    assert.equal(await get('a'), 'a 3');
    assert.equal(asked(), 3);
  });

  test('are forgotten by the beginning of their names', async () => {
    const { cache, get } = start();
    for (const name of ['OPS ', 'OPS 1', 'OPSX 1']) await get(name);
    cache.forget('OPS ');
    assert.deepEqual([await get('OPS '), await get('OPS 1'), await get('OPSX 1')], ['OPS  4', 'OPS 1 5', 'OPSX 1 3']);
  });

  test('are a thousand at most, and the oldest go first', async () => {
    const { get, asked } = start();
    for (let i = 0; i < 1_001; i++) await get(`${i}`);
    await get('1');
    assert.equal(asked(), 1_001);
    await get('0');
    assert.equal(asked(), 1_002);
  });
});
