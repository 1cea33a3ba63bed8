import { DatabaseTrouble } from '../database/trouble.ts';
import type { Settled } from '../ledger/creates.ts';
import { LeaseLost } from '../ledger/lease.ts';
import type { NewRun } from '../ledger/runs.ts';
import { errorName } from '../log.ts';
import type { Context } from '../services.ts';

/**
 * Stores the outcome of a create and returns the outcome that counts. `look` is the run that looks again if the outcome is
 * unknown. A certain outcome is returned even if it cannot be stored, since a later attempt looks in Jira. An unknown outcome
 * that cannot be stored is not returned, since nothing would look again. The run is left to its next attempt instead.
 * @throws {LeaseLost} when an unknown outcome could not be stored.
 */
export async function keep(
  request: string,
  settled: Settled,
  look: NewRun | undefined,
  { operation, services }: Pick<Context, 'operation' | 'services'>,
): Promise<Settled> {
  try {
    return await services.creates.settle(request, settled, settled.state === 'unknown' ? look : undefined);
  } catch (error) {
    if (!(error instanceof DatabaseTrouble)) throw error;
    services.log.error({ operation, error: errorName(error) }, 'the outcome of a create was not stored');
    if (settled.state === 'unknown') throw new LeaseLost();
    return settled;
  }
}
