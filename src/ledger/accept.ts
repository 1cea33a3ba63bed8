import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseTrouble } from '../database/trouble.ts';
import type { Acceptance } from './index.ts';

/** How long Maro goes on asking a database that does not answer whether a run is stored. */
const IN_DOUBT_MS = 10 * 60_000;
const ASK_AGAIN_MS = 500;
const LOST =
  "Maro's database has not answered for ten minutes, so Maro cannot tell whether this was done. Check before you try it again.";

/**
 * Accepts a run. When it may be stored although no answer came, or another process may have it, the same statement is repeated
 * until a row says so: what is told to have failed must not be done afterwards. `isFirst`: no other process has it. `isOver`:
 * whether this process is to go.
 * @returns the error that says that it was not accepted, or that nobody knows; `over` when it is in doubt and this process goes.
 */
export async function acceptSurely(
  ask: (claim: string) => Promise<Acceptance>,
  { isFirst, isOver }: { isFirst: boolean; isOver(): boolean },
): Promise<Acceptance | Error | 'over'> {
  const claim = randomUUID();
  const until = performance.now() + IN_DOUBT_MS;
  for (let isCertain = isFirst; ; ) {
    try {
      return await ask(claim);
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
