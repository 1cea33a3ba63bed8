import { setTimeout as sleep } from 'node:timers/promises';
import { kindOf, type Log } from './log.ts';

/** Something that Slack hands over, and waits to have acknowledged. */
type Delivery = { ack(response?: never): Promise<unknown> };

/** What Slack has handed to this process, so that it can finish it before it goes. */
export type Deliveries = {
  /** True once the process is about to go: then nothing is waited for any more that may take long. */
  readonly draining: boolean;
  /**
   * Hands a delivery to its handler. A delivery that comes after the close is left alone: Slack hands it to another process. An
   * acknowledgement that no longer reaches Slack is logged, and the handler goes on.
   */
  take<D extends Delivery>(delivery: D, handle: (delivery: D) => Promise<void>): Promise<void>;
  /** Goes on as usual until nothing waits for an acknowledgement, for `deadlineMs` at most. */
  drain(deadlineMs: number): Promise<void>;
  /** Takes no more, and waits for what is under way. @returns whether all of it ended within `deadlineMs`. */
  close(deadlineMs: number): Promise<boolean>;
};

export function createDeliveries(log: Log): Deliveries {
  const unacknowledged = new Set<Promise<void>>();
  const underWay = new Set<Promise<void>>();
  let draining = false;
  let closed = false;

  /** @returns whether the set was empty before the deadline. */
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
          .catch((error: unknown) => log.warn({ error: kindOf(error) }, 'an acknowledgement did not reach Slack'))
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
