/** A process's permission to act for a run that it has claimed. */
export type Lease = {
  /** False from five seconds before the claim expires. From then on, start nothing that must not be done twice. */
  holds(): boolean;
  /** Stops renewing the claim. The lease no longer holds. */
  end(): void;
};

/** Another process may have claimed the run by now, so this process starts nothing more for it. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/**
 * The lease ends this long before the claim. A statement takes at most two
 * seconds, so an effect that starts under the lease ends before the claim expires.
 */
const SPARE_MS = 5_000;
const RENEW_EVERY_MS = 5_000;

/**
 * Renews a claim every five seconds while its run is carried out. `renew` extends the claim to `lastsMs` milliseconds from the
 * time of the renewal and returns whether this process still had the claim. `claimedAt` is in milliseconds of
 * `performance.now()`. A renewed lease is counted from the time before `renew` was called, so it ends before the claim does.
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
      // The claim expires by itself unless a later renewal succeeds.
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

/** The lease for work that has no claim and may be done twice. */
export const UNCLAIMED: Lease = { holds: () => true, end: () => {} };
