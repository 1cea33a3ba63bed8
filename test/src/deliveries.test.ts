import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDeliveries } from '../../src/deliveries.ts';
import { createLog } from '../../src/log.ts';

const LONG_MS = 60_000;
const log = createLog('silent');

/** A delivery that notes when it is acknowledged, and what handles it: acknowledges when told, and ends when told. */
function delivery(order: string[], name: string) {
  const [acknowledge, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const received = { name, ack: async () => order.push(`${name} acknowledged`) };
  const handle = async ({ ack }: { ack(): Promise<unknown> }) => {
    await acknowledge.promise;
    await ack();
    await end.promise;
    order.push(`${name} done`);
  };
  return { received, handle, acknowledge: acknowledge.resolve, end: end.resolve, fail: end.reject };
}

describe('deliveries', () => {
  test('that are none keep nobody waiting', async () => {
    const deliveries = createDeliveries(log);
    assert.equal(deliveries.draining, false);
    const drained = deliveries.drain(LONG_MS);
    assert.equal(deliveries.draining, true, 'at once');
    await drained;
    assert.equal(await deliveries.close(0), true);
  });

  test('are taken while others wait for their acknowledgement, and no more when none does', async () => {
    const deliveries = createDeliveries(log);
    const order: string[] = [];
    const [first, second, third] = ['first', 'second', 'third'].map((name) => delivery(order, name)) as [
      ReturnType<typeof delivery>,
      ReturnType<typeof delivery>,
      ReturnType<typeof delivery>,
    ];
    void deliveries.take(first.received, first.handle);
    const drained = deliveries.drain(LONG_MS).then(() => order.push('drained'));
    void deliveries.take(second.received, second.handle);
    first.acknowledge();
    second.acknowledge();
    await drained;
    const closed = deliveries.close(LONG_MS).then((finished) => order.push(`closed ${finished}`));
    await deliveries.take(third.received, third.handle);
    second.end();
    first.end();
    await closed;
    assert.deepEqual(order, [
      ...['first acknowledged', 'second acknowledged', 'drained'],
      ...['second done', 'first done', 'closed true'],
    ]);
  });

  test('that fail are over like any other, and their errors are for those who handed them over', async () => {
    const deliveries = createDeliveries(log);
    const failing = delivery([], 'failing');
    const taken = deliveries.take(failing.received, failing.handle);
    failing.acknowledge();
    failing.fail(new Error('it failed'));
    await assert.rejects(taken, /it failed/);
    await deliveries.drain(LONG_MS);
    assert.equal(await deliveries.close(LONG_MS), true);
  });

  test('that come to no end are waited for until the deadline', async () => {
    const deliveries = createDeliveries(log);
    const endless = delivery([], 'endless');
    void deliveries.take(endless.received, endless.handle);
    await deliveries.drain(10);
    assert.equal(await deliveries.close(10), false);
  });

  test('go on when their acknowledgement no longer reaches Slack', async () => {
    const deliveries = createDeliveries(log);
    const order: string[] = [];
    const received = { ack: async () => Promise.reject(new Error('the connection is gone')) };
    await deliveries.take(received, async ({ ack }) => {
      await ack();
      order.push('done');
    });
    assert.deepEqual(order, ['done']);
  });
});
