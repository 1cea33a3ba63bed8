import { setTimeout as sleep } from 'node:timers/promises';
import { errorName, type Log } from './log.ts';

/** Something that Slack sends and that has to be acknowledged. */
type Delivery = { ack(response?: never): Promise<unknown> };

/** The deliveries that this process has received, so that it can finish them before it exits. */
export type Deliveries = {
  /** True once the process is shutting down. Work that waits for the database then stops waiting. */
  readonly draining: boolean;
  /**
   * Passes a delivery to its handler. After `close`, a delivery is ignored and not acknowledged, so that Slack
   * sends it to another process. An acknowledgement that does not reach Slack is logged, and the handler goes on.
   */
  take<D extends Delivery>(delivery: D, handle: (delivery: D) => Promise<void>): Promise<void>;
  /** Keeps taking deliveries until none waits for an acknowledgement, for at most `deadlineMs` milliseconds. */
  drain(deadlineMs: number): Promise<void>;
  /**
   * Takes no more deliveries and waits for those in progress.
   * @returns whether all of them ended within `deadlineMs` milliseconds.
   */
  close(deadlineMs: number): Promise<boolean>;
};

export function createDeliveries(log: Log): Deliveries {
  const unacknowledged = new Set<Promise<void>>();
  const underWay = new Set<Promise<void>>();
  let draining = false;
  let closed = false;

  /** @returns whether the set became empty before the deadline. */
  async function emptied(tasks: Set<Promise<void>>, deadlineMs: number): Promise<boolean> {
    const deadline = sleep(deadlineMs, 'late' as const, { ref: false });
    while (tasks.size > 0) {
      if ((await Promise.race([Promise.allSettled(tasks), deadline])) === 'late') return false;
    }
    return true;
  }

  return {
    get draining() {
      return draining;
    },
    async take(delivery, handle) {
      if (closed) return;
      const acknowledged = Promise.withResolvers<void>();
      unacknowledged.add(acknowledged.promise);
      const over = () => {
        unacknowledged.delete(acknowledged.promise);
        acknowledged.resolve();
      };
      const ack: Delivery['ack'] = (response) =>
        delivery
          .ack(response)
          .catch((error: unknown) => log.warn({ error: errorName(error) }, 'an acknowledgement did not reach Slack'))
          .finally(over);
      const handled = handle({ ...delivery, ack });
      underWay.add(handled);
      try {
        await handled;
      } finally {
        underWay.delete(handled);
        over();
      }
    },
    async drain(deadlineMs) {
      draining = true;
      await emptied(unacknowledged, deadlineMs);
    },
    close(deadlineMs) {
      closed = true;
      return emptied(underWay, deadlineMs);
    },
  };
}
