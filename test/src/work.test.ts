import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWork } from '../../src/work.ts';

const LONG_MS = 60_000;

test('nothing under way: stopping takes no time', async () => {
  const work = createWork();
  assert.equal(work.stopping, false);
  assert.equal(await work.stop(0), true);
  assert.equal(work.stopping, true);
});

test('stopping waits for what is under way, and for what that still begins', async () => {
  const work = createWork();
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const order: string[] = [];
  const begun = work.during(async () => {
    order.push(await first.promise);
    void work.during(async () => order.push(await second.promise));
    return 'what the task gave';
  });
  const stopped = work.stop(LONG_MS).then((all) => order.push(`stopped ${all}`));
  assert.equal(work.stopping, true, 'at once');
  first.resolve('first');
  assert.equal(await begun, 'what the task gave');
  second.resolve('second');
  await stopped;
  assert.deepEqual(order, ['first', 'second', 'stopped true']);
});

test('a task that fails is over like any other, and its error is its caller’s', async () => {
  const work = createWork();
  const failing = Promise.withResolvers<never>();
  const task = work.during(() => failing.promise);
  const stopped = work.stop(LONG_MS);
  failing.reject(new Error('the task failed'));
  await assert.rejects(task, /the task failed/);
  assert.equal(await stopped, true);
});

test('stopping says when something was still under way at its deadline', async () => {
  const work = createWork();
  const endless = Promise.withResolvers<void>();
  void work.during(() => endless.promise);
  assert.equal(await work.stop(10), false);
  endless.resolve();
});
