import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/pool.ts';
import type { Json, Statement } from '../database/statement.ts';
import { framesOf, kindOf, type Log } from '../log.ts';
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
  postponeTelling,
  type Run,
  refuseRun,
  releaseClaims,
  renewClaim,
  type Acceptance as StoredAcceptance,
} from './runs.ts';

export type { ClaimedRun, NewRun, Run } from './runs.ts';

/** Whose a run is: this process's to carry out, another's that is working on it, or finished with this outcome. */
export type Acceptance = { state: 'ours'; run: ClaimedRun } | Exclude<StoredAcceptance, { state: 'ours' }>;

/**
 * What a run came to. `failed`: it did nothing, so that its id may be used for another try. `told`: nothing is left to tell.
 * `detail` stays in this process. `alongside` is stored together with the outcome.
 */
export type Finish = {
  outcome: Json;
  failed: boolean;
  told: boolean;
  detail?: unknown;
  alongside?: Statement | undefined;
};

/** How runs of one kind are carried out and told. */
export type Kind = {
  /** Whether the outcome is kept after it was told, since the same id may be delivered again. */
  keeps: boolean;
  /** Carries a run out. An earlier attempt may have done a part of it, and nothing may be done twice. */
  run(run: Run, lease: Lease): Promise<Finish>;
  /** The outcome of a run that was started three times and whose process ended each time. */
  giveUp(run: Run): Json;
  /** Tells the person or Slack. @returns false when that has to be tried again later. */
  tell(run: ClaimedRun, outcome: Json, lease: Lease): Promise<boolean>;
};

/** What a run came to in this process. `kept`: its outcome could not be stored, so another process carries it out again. */
export type Performed = { outcome: Json; detail: unknown; kept: boolean };

/**
 * Work that somebody was promised: accepted before it is acknowledged, carried out once, told truly, and brought to its end by
 * another process when this one dies.
 */
export type Ledger = {
  /** Stores a run and claims it for this process. Safe to repeat with the same `claim`. @throws {DatabaseTrouble} */
  accept(asked: NewRun, claim?: string): Promise<Acceptance>;
  /** Stores that a run which could not be accepted was told to have failed, with this outcome. @throws {DatabaseTrouble} */
  refuse(asked: NewRun, outcome: Json): Promise<void>;
  /**
   * Carries out a run that this process has claimed, or takes what was `begun`, and stores its outcome. @returns undefined when
   * another process has taken it over.
   */
  perform(run: ClaimedRun, begun?: Promise<Finish>): Promise<Performed | undefined>;
  /** The same, and tells it once it is stored. */
  bringToEnd(run: ClaimedRun, begun?: Promise<Finish>): Promise<void>;
  /** Says that a performed run was told. Never throws: what is told twice is told alike. */
  markTold(run: ClaimedRun): Promise<void>;
  /** Starts looking for runs that no process is working on. */
  start(): void;
  /** Stops looking, and waits at most this long for the runs that it found. */
  stop(deadlineMs: number): Promise<void>;
  /** Hands the runs that this process has claimed and not finished to other processes, at once. */
  release(): Promise<void>;
};

/** What people are told of a run that was given up. `check`: what to do before another try. */
export function givenUp(check: string): string {
  return `Maro started this three times and never finished it, so it may or may not have been done. ${check}, and tell the person who runs Maro.`;
}

/** A run whose process ended three times is the likely reason for that, so no process starts it again. */
const MOST_ATTEMPTS = 3;
const MOST_AT_ONCE = 4;
const LOOK_EVERY_MS = 2_000;
/** Eight tries in a day. */
const TELL_AGAIN_SECONDS = [5, 30, 120, 600, 3_600, 4 * 3_600, 18 * 3_600];

/** The ledger of one tenant. `kindsFor` says how each kind of run is carried out and told; one may hand over runs of another. */
export function createLedger(
  database: Database,
  tenant: string,
  kindsFor: (ledger: Ledger) => Readonly<Record<string, Kind>>,
  log: Log,
): Ledger {
  const stopping = new AbortController();
  /** Of the runs that this process has claimed, by their claims. */
  const leases = new Map<string, Lease>();
  const working = new Set<Promise<void>>();

  function kindNamed(name: string): Kind {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw new Error(`no kind of run is called ${name}`);
    return kind;
  }

  /** Keeps a run claimed while something is done for it. */
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
    if (run.outcome !== undefined) return { outcome: run.outcome, detail: undefined, kept: false };
    const kind = kindNamed(run.kind);
    try {
      const finish = await (begun ?? (run.attempts > MOST_ATTEMPTS ? giveUp(kind, run) : kind.run(run, lease)));
      const { outcome, failed, told, detail, alongside } = finish;
      try {
        const which = { tenant, id: run.id, claim: run.claim };
        const counts = await finishRun(database, which, { outcome, failed, told, alongside });
        return counts && { outcome: counts, detail, kept: false };
      } catch (error) {
        log.error({ operation: run.id, kind: run.kind, error: kindOf(error) }, 'an outcome was not stored');
        return { outcome, detail, kept: true };
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
    if (afterSeconds === undefined) log.error({ operation: run.id, kind: run.kind }, 'an outcome stays untold');
    await postponeTelling(database, { tenant, id: run.id, claim: run.claim }, afterSeconds);
  }

  async function resume(run: ClaimedRun): Promise<void> {
    const { id: operation, kind, attempts } = run;
    log.info({ operation, kind, attempts }, 'a run that was interrupted');
    try {
      await ledger.bringToEnd(run);
    } catch (error) {
      log.error({ operation, kind, error: kindOf(error), stack: framesOf(error) }, 'a run was not brought to its end');
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
    perform: (run, begun) => whileClaimed(run, (lease) => performUnder(lease, run, begun)),
    bringToEnd: (run, begun) =>
      whileClaimed(run, async (lease) => {
        const performed = await performUnder(lease, run, begun);
        // What is not stored is carried out again, and only the outcome of that is told.
        if (performed !== undefined && !performed.kept) await tellUnder(lease, run, performed.outcome);
      }),
    async markTold({ id, claim, kind }) {
      const mark = kindNamed(kind).keeps ? markTold : forgetRun;
      await mark(database, { tenant, id, claim }).catch(() => {});
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
