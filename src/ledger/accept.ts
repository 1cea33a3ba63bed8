import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../database/statement.ts';
import { DatabaseTrouble } from '../database/trouble.ts';
import type { Acceptance, Ledger, NewRun } from './index.ts';

/** How long Maro keeps asking whether a run is stored when the database does not answer. */
const IN_DOUBT_MS = 10 * 60_000;
const ASK_AGAIN_MS = 500;
const LOST = 'Maro’s database hasn’t answered for ten minutes, so Maro can’t tell whether this was done.';
const CHECK = 'Check before you do it again.';

type How = {
  /**
   * Whether this process is the only one that can have the run. Then a run
   * that is certainly not stored is not done by anyone.
   */
  isOnly: boolean;
  /** Whether this process was told to stop. */
  isOver(): boolean;
};

/**
 * Accepts a run. If the run may be stored although no answer came, or another process
 * may have it, this repeats the same statement until the database answers: a run that
 * people are told has failed must not be done afterwards. It gives up after ten minutes.
 * @returns the acceptance; an error if the run was not accepted, or if that is still not
 * known after ten minutes; `over` if that is not known and this process has to stop.
 */
export async function acceptSurely(
  ledger: Ledger,
  run: NewRun,
  { isOnly, isOver }: How,
): Promise<Acceptance | Error | 'over'> {
  const claim = randomUUID();
  const until = performance.now() + IN_DOUBT_MS;
  for (let isCertain = isOnly; ; ) {
    try {
      return await ledger.accept(run, claim);
    } catch (error) {
      if (!(error instanceof DatabaseTrouble)) return error instanceof Error ? error : new Error(String(error));
      isCertain &&= !error.isDoubtful;
      if (isCertain) return error;
      if (performance.now() > until) return new DatabaseTrouble(LOST, CHECK, { cause: error.cause, isDoubtful: true });
    }
    if (isOver()) return 'over';
    await sleep(ASK_AGAIN_MS);
  }
}

/**
 * Stores that Slack was told that a run failed, trying again until the database takes
 * it, for ten minutes at most or until `isOver`. A later delivery of the run then gets
 * the same outcome. Never throws.
 */
export async function refuseSurely(ledger: Ledger, run: NewRun, outcome: Json, isOver: () => boolean): Promise<void> {
  for (const until = performance.now() + IN_DOUBT_MS; performance.now() < until && !isOver(); ) {
    const isStored = await ledger.refuse(run, outcome).then(
      () => true,
      () => false,
    );
    if (isStored) return;
    await sleep(ASK_AGAIN_MS);
  }
}
