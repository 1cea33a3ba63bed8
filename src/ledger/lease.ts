/** A process's permission to act for a run that it has claimed. */
export type Lease = {
  /** False from about five seconds before the claim expires. From then on, start nothing that must not be done twice. */
  holds(): boolean;
  /** Stops renewing the claim. The lease no longer holds. */
  end(): void;
};

/** This process must start nothing more for the run: another process may have claimed it, or has to repeat it. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/**
 * The lease ends this long before the claim. What starts under the lease ends before
 * the claim expires: a statement takes at most 2 s, a call to Jira 2.5 s, a call to Slack 5 s.
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
