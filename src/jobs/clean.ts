import type { Services } from '../services.ts';

/** The task that removes what nobody needs any more. */
export const CLEAN = 'clean';

export async function clean({ tracker, log }: Pick<Services, 'tracker' | 'log'>): Promise<void> {
  log.info(await tracker.clean(), 'cleaned');
}
