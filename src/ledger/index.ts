import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/pool.ts';
import type { Json, Statement } from '../database/statement.ts';
import { errorName, framesOf, type Log } from '../log.ts';
import { together } from '../together.ts';
import { keepLease, type Lease, LeaseLost } from './lease.ts';
import {
  acceptRun,
  CLAIM_SECONDS,
  type ClaimedRun,
  claimDueRuns,
  finishRun,
  forgetRun,
  markTold,
  type NewRun,
  parkRun,
  postponeTelling,
  type Run,
  refuseRun,
  releaseClaims,
  renewClaim,
  type StoredAcceptance,
} from './runs.ts';
import { scheduleRuns } from './scheduled.ts';

export type { ClaimedRun, NewRun, Run } from './runs.ts';

/**
 * The answer to accepting a run. `ours`: this process carries it out. `running`:
 * another delivery or process is carrying it out. `finished`: the run has this outcome.
 */
export type Acceptance = { state: 'ours'; run: ClaimedRun } | Exclude<StoredAcceptance, { state: 'ours' }>;

/**
 * The result of carrying out a run. `failed`: the run failed. Its id may be used for another
 * try if Jira refused each of its creates, or if it has none. `told`: nobody has to be told the outcome any more.
 * `alongside` is stored in the same statement as the outcome.
 */
export type Finish = {
  outcome: Json;
  failed: boolean;
  told: boolean;
  alongside?: Statement | undefined;
};

/** The result of a run that has nothing to do before this time, unless what it waits for comes earlier; see `src/tracker/waits.ts`. */
export type Waiting = { waitsUntil: Date };

/** How runs of one kind are carried out, and how their outcomes are told. */
export type Kind = {
  /** Whether the outcome is kept after it was told, because Slack may deliver the same id again. */
  keeps: boolean;
  /** Carries out a run. An earlier attempt may have done part of it, and nothing may be done twice. */
  run(run: Run, lease: Lease): Promise<Finish | Waiting>;
  /** The outcome of a run that was started three times without its outcome being stored. */
  giveUp(run: Run): Json;
  /** Tells the outcome to the person or to Slack. @returns false if telling has to be tried again later. */
  tell(run: ClaimedRun, outcome: Json, lease: Lease): Promise<boolean>;
};

/** The result of a run in this process. `isUnstored`: the outcome could not be stored, so the run will be carried out again. */
export type Performed = { outcome: Json; isUnstored: boolean };

/**
 * Work that Maro has promised to people or to Slack. Steps, forms, and late commands are stored before they are acknowledged.
 * A run that was interrupted is carried out again, perhaps by another process, and repeats no effect.
 */
export type Ledger = {
  /** Stores a run and claims it for this process. Can be repeated with the same `claim`. @throws {DatabaseTrouble} */
  accept(asked: NewRun, claim?: string): Promise<Acceptance>;
  /** Stores the failure of a run that was never accepted, after Slack was told of the failure. @throws {DatabaseTrouble} */
  refuse(asked: NewRun, outcome: Json): Promise<void>;
  /**
   * Stores runs of this kind that a process carries out next: one for each row of `source`, which has the columns `id` and
   * `inputs`. `source` is part of the same statement. @returns how many runs were stored. @throws {DatabaseTrouble}
   */
  schedule(asked: Pick<NewRun, 'kind' | 'door'>, source: Statement): Promise<number>;
  /**
   * Carries out a run that this process has claimed, and stores its outcome.
   * With `begun`, takes that result instead of carrying out the run.
   * @returns undefined if another attempt will carry out the run.
   */
  perform(run: ClaimedRun, begun?: Promise<Finish>): Promise<Performed | undefined>;
  /** Like `perform`, and then tells the outcome if it is stored. */
  bringToEnd(run: ClaimedRun, begun?: Promise<Finish>): Promise<void>;
  /**
   * Records that the outcome was told, or deletes the run if its kind does not keep it. Never throws.
   * If this fails, the same outcome is told again.
   */
  markTold(run: ClaimedRun): Promise<void>;
  /** Starts looking for runs of which no process holds the claim. */
  start(): void;
  /** Stops looking, and waits at most `deadlineMs` milliseconds for the runs that this process resumed. */
  stop(deadlineMs: number): Promise<void>;
  /** Releases the runs that this process has claimed and not finished, so that other processes can claim them at once. */
  release(): Promise<void>;
};

/** What people are told about a run that was given up. `check` is what to do before another try, without a final period. */
export function givenUp(check: string): string {
  return `Maro tried this three times and never finished it, so it may or may not have been done. ${check}, and tell your Maro admin.`;
}

/**
 * A run is started at most three times. If no outcome was stored then, the
 * run itself is the likely cause, so no process starts it again.
 */
const MOST_ATTEMPTS = 3;
const MOST_AT_ONCE = 4;
const LOOK_EVERY_MS = 2_000;
/**
 * How long the mark that an outcome was told waits for others. A process that dies meanwhile leaves the run to be told again,
 * as one that dies just before it marks the run.
 */
const MARK_WITHIN_MS = 20;
/** Together with the first try, eight tries in a day. */
const TELL_AGAIN_SECONDS = [5, 30, 120, 600, 3_600, 4 * 3_600, 18 * 3_600];

/**
 * The ledger of one tenant. `kindsFor` returns how each kind of run is carried out and
 * told. It gets the ledger because a run of one kind may hand over a run of another kind.
 */
export function createLedger(
  database: Database,
  tenant: string,
  kindsFor: (ledger: Ledger) => Readonly<Record<string, Kind>>,
  log: Log,
): Ledger {
  const markAsTold = together<{ id: string; claim: string }>(MARK_WITHIN_MS, (runs) =>
    markTold(database, { tenant, runs }),
  );
  const stopping = new AbortController();
  /** The leases of the runs that this process is working on, by claim. */
  const leases = new Map<string, Lease>();
  const working = new Set<Promise<void>>();

  function kindNamed(name: string): Kind {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw new Error(`no kind of run is called ${name}`);
    return kind;
  }

  /** Keeps the claim on a run while `act` runs. */
  async function whileClaimed<T>(run: ClaimedRun, act: (lease: Lease) => Promise<T>): Promise<T> {
    const which = { tenant, id: run.id, claim: run.claim };
    const lease = keepLease(performance.now(), CLAIM_SECONDS * 1000, () => renewClaim(database, which));
    leases.set(run.claim, lease);
    try {
      return await act(lease);
    } finally {
      lease.end();
      leases.delete(run.claim);
    }
  }

  async function performUnder(lease: Lease, run: ClaimedRun, begun?: Promise<Finish>): Promise<Performed | undefined> {
    if (run.outcome !== undefined) return { outcome: run.outcome, isUnstored: false };
    const kind = kindNamed(run.kind);
    try {
      const finish = await (begun ?? (run.attempts > MOST_ATTEMPTS ? giveUp(kind, run) : kind.run(run, lease)));
      const which = { tenant, id: run.id, claim: run.claim };
      if ('waitsUntil' in finish) {
        // If this fails, the run is carried out again when the claim expires.
        await parkRun(database, which, finish.waitsUntil).catch(() => {});
        return undefined;
      }
      const { outcome, failed, told, alongside } = finish;
      try {
        const counts = await finishRun(database, which, { outcome, failed, told, alongside });
        return counts && { outcome: counts, isUnstored: false };
      } catch (error) {
        log.error({ operation: run.id, kind: run.kind, error: errorName(error) }, 'an outcome was not stored');
        return { outcome, isUnstored: true };
      }
    } catch (error) {
      if (error instanceof LeaseLost) return undefined;
      throw error;
    }
  }

  function giveUp(kind: Kind, run: Run): Finish {
    log.error({ operation: run.id, kind: run.kind, attempts: run.attempts - 1 }, 'a run was given up');
    return { outcome: kind.giveUp(run), failed: false, told: false };
  }

  async function tellUnder(lease: Lease, run: ClaimedRun, outcome: Json): Promise<void> {
    if (await kindNamed(run.kind).tell(run, outcome, lease)) return ledger.markTold(run);
    const afterSeconds = TELL_AGAIN_SECONDS[run.tellings];
    if (afterSeconds === undefined)
      log.error({ operation: run.id, kind: run.kind }, 'an outcome could not be delivered');
    await postponeTelling(database, { tenant, id: run.id, claim: run.claim }, afterSeconds);
  }

  async function resume(run: ClaimedRun): Promise<void> {
    const { id: operation, kind, attempts } = run;
    log.info({ operation, kind, attempts }, 'resuming an interrupted run');
    try {
      await ledger.bringToEnd(run);
    } catch (error) {
      log.error({ operation, kind, error: errorName(error), stack: framesOf(error) }, 'a run did not finish');
    }
  }

  async function look(): Promise<void> {
    for (;;) {
      await sleep(LOOK_EVERY_MS * (0.5 + Math.random()), undefined, { signal: stopping.signal, ref: false });
      const limit = MOST_AT_ONCE - working.size;
      if (limit <= 0) continue;
      const runs = await claimDueRuns(database, {
        tenant,
        kinds: Object.keys(kinds),
        limit,
        claim: randomUUID(),
      }).catch(() => []);
      for (const run of runs) {
        const work = resume(run).finally(() => working.delete(work));
        working.add(work);
      }
    }
  }

  const ledger: Ledger = {
    async accept(asked, claim = randomUUID()) {
      const acceptance = await acceptRun(database, { ...asked, tenant, claim });
      if (acceptance.state !== 'ours') return acceptance;
      const { attempts, ageMs } = acceptance;
      return { state: 'ours', run: { ...asked, claim, attempts, ageMs, outcome: undefined, tellings: 0 } };
    },
    refuse: (asked, outcome) => refuseRun(database, { ...asked, tenant }, outcome),
    schedule: ({ kind, door }, source) => scheduleRuns(database, { tenant, kind, door }, source),
    perform: (run, begun) => whileClaimed(run, (lease) => performUnder(lease, run, begun)),
    bringToEnd: (run, begun) =>
      whileClaimed(run, async (lease) => {
        const performed = await performUnder(lease, run, begun);
        // If the outcome is not stored, the run is carried out again, and only the outcome of that attempt is told.
        if (performed !== undefined && !performed.isUnstored) await tellUnder(lease, run, performed.outcome);
      }),
    async markTold({ id, claim, kind }) {
      const mark = kindNamed(kind).keeps ? markAsTold({ id, claim }) : forgetRun(database, { tenant, id, claim });
      await mark.catch(() => {});
    },
    start() {
      look().catch(() => {});
    },
    async stop(deadlineMs) {
      stopping.abort();
      await Promise.race([Promise.all(working), sleep(deadlineMs, undefined, { ref: false })]);
    },
    async release() {
      const claims = [...leases.keys()];
      for (const lease of leases.values()) lease.end();
      if (claims.length > 0) await releaseClaims(database, { tenant, claims }).catch(() => {});
    },
  };
  const kinds = kindsFor(ledger);
  return ledger;
}
