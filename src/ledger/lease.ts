/** Whether a process may still act for a run that it has claimed. */
export type Lease = {
  /** False from five seconds before the claim ends. Then nothing may be begun that must not be done twice. */
  holds(): boolean;
  /** Claims no longer: from here on it does not hold. */
  end(): void;
};

/** Another process may have the run by now, so this one begins nothing more for it. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/** A statement takes two seconds at most, so an effect that begins before this is over before the claim is. */
const SPARE_MS = 5_000;
const RENEW_EVERY_MS = 5_000;

/**
 * Keeps a claim alive while its work goes on. `renew` makes it last `lastsMs` longer and says whether it was still ours. Times
 * are this process's monotonic clock, read before the database is asked, so the lease ends before the claim does.
 */
export function keepLease(claimedAt: number, lastsMs: number, renew: () => Promise<boolean>): Lease {
  let isOver = false;
  let until = claimedAt + lastsMs - SPARE_MS;
  const timer = setInterval(() => {
    const askedAt = performance.now();
    renew().then(
      (ours) => {
        if (ours) until = Math.max(until, askedAt + lastsMs - SPARE_MS);
        else until = 0;
      },
      // The claim ends by itself, unless the next renewal goes well.
      () => {},
    );
  }, RENEW_EVERY_MS);
  timer.unref();
  return {
    holds: () => !isOver && performance.now() < until,
    end() {
      clearInterval(timer);
      isOver = true;
    },
  };
}

/** For work that nobody has claimed and that may be done twice. */
export const UNCLAIMED: Lease = { holds: () => true, end: () => {} };
