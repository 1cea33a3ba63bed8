import type { Services } from '../services.ts';

/** The name of the Graphile Worker task that deletes rows that are no longer needed. */
export const CLEAN = 'clean';

export async function clean({ tracker, log }: Pick<Services, 'tracker' | 'log'>): Promise<void> {
  log.info({ ...(await tracker.clean()), tenants: await tracker.forgetUninstalled() }, 'cleaned');
}
