import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for each of the times at which Maro looks in Jira for a write whose answer is lost, and yields whether it is the last.
 * `afterMs` are the times after `sentAt`, which is on this process's monotonic clock, in milliseconds. Leaves out times that
 * have passed, except for the last.
 */
export async function* looks(sentAt: number, afterMs: readonly number[]): AsyncGenerator<boolean> {
  for (const [index, after] of afterMs.entries()) {
    const isLast = index === afterMs.length - 1;
    const waitMs = sentAt + after - performance.now();
    if (waitMs <= 0 && !isLast) continue;
    await sleep(Math.max(0, waitMs));
    yield isLast;
  }
}

/** Converts a time on the monotonic clock to a date for Jira. */
export function dateOf(monotonic: number): Date {
  return new Date(Date.now() - (performance.now() - monotonic));
}
