import { errorName } from '../log.ts';
import type { Context } from '../services.ts';

/** Keys of issues that the channel does not track. `isCertain` is false if the database did not answer. */
export type UntrackedKeys = { keys: readonly string[]; isCertain: boolean };

/** Those of the keys whose issues the channel does not track. If the database fails, all keys, with `isCertain: false`. */
export async function untrackedOf(
  keys: readonly string[],
  channel: string,
  { tenant, operation, services: { tracker, log } }: Context,
): Promise<UntrackedKeys> {
  try {
    const tracked = await tracker.tracked({ tenant, channel, keys });
    return { keys: keys.filter((key) => !tracked.has(key)), isCertain: true };
  } catch (error) {
    log.error({ operation, error: errorName(error) }, 'a card cannot say what is tracked');
    return { keys, isCertain: false };
  }
}
