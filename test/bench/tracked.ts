import { dispatch } from './dispatch.ts';
import type { Bench, Line } from './measurement.ts';

/**
 * `/maro tracked` in a channel of 20 issues: one statement, and a page of blocks. Beside it an app that does nothing, and one that
 * only selects the same rows and answers with them as they are, which is as fast as a list can be.
 */
export async function tracked(bench: Bench): Promise<Line[]> {
  const asked = { text: 'tracked', contains: 'open issues of 20', count: 8_000 };
  const { maro, nothing, select } = await dispatch(bench, { ...asked, beside: ['nothing', 'select'] });
  const line = { what: '`/maro tracked`, 20 issues', unit: 'commands/s', ours: maro } as const;
  return [
    { ...line, baseline: { what: 'Bolt, does nothing', figures: nothing }, target: 0.5 },
    { ...line, baseline: { what: 'Bolt, selects the rows', figures: select }, limit: 0.25 },
  ];
}
