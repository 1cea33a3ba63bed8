import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../database/statement.ts';
import { DatabaseTrouble } from '../database/trouble.ts';
import type { Acceptance, Ledger, NewRun } from './index.ts';

/** How long Maro goes on asking a database that does not answer whether a run is stored. */
const IN_DOUBT_MS = 10 * 60_000;
const ASK_AGAIN_MS = 500;
const LOST =
  "Maro's database has not answered for ten minutes, so Maro cannot tell whether this was done. Check before you try it again.";

type How = {
  /** Whether no other process can have the run, so that one which is surely not stored is not done either. */
  isOnly: boolean;
  /** Whether this process is to go. */
  isOver(): boolean;
};

/**
 * Accepts a run. When it may be stored although no answer came, or another process may have it, the same statement is repeated
 * until a row says so: what is told to have failed must not be done afterwards.
 * @returns the error that says that it was not accepted, or that nobody knows; `over` when it is in doubt and this process goes.
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
      if (performance.now() > until) return new DatabaseTrouble(LOST, { cause: error.cause, isDoubtful: true });
    }
    if (isOver()) return 'over';
    await sleep(ASK_AGAIN_MS);
  }
}

/** Stores that a run was told to have failed, as soon as the database takes it: what is delivered later is told the same. */
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
