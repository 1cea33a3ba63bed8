import assert from 'node:assert/strict';
import { test } from 'node:test';
import { together } from '../../src/together.ts';

test('tasks that come while one waits are carried out with it, and later ones by another call', async () => {
  const calls: (readonly number[])[] = [];
  const add = together<number>(1, async (tasks) => void calls.push(tasks));
  await Promise.all([1, 2, 3].map(add));
  await add(4);
  assert.deepEqual(calls, [[1, 2, 3], [4]]);
});

test('each task fails with the call that it was part of, and no later one does', async () => {
  let isDown = true;
  const add = together<number>(1, async () => {
    if (isDown) throw new Error('down');
  });
  const failed = await Promise.allSettled([add(1), add(2)]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  isDown = false;
  await add(3);
});
