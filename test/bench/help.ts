import { dispatch } from './dispatch.ts';
import type { Bench, Line } from './measurement.ts';

/** What Maro's own way to a listener costs: `/maro help` needs neither the database nor Jira. */
export async function help(bench: Bench): Promise<Line[]> {
  const asked = { text: 'help', contains: 'Maro tracks the Jira issues', count: 20_000 };
  const { maro, nothing } = await dispatch(bench, { ...asked, beside: ['nothing'] });
  const baseline = { what: 'Bolt, does nothing', figures: nothing };
  return [{ what: '`/maro help`', unit: 'commands/s', ours: maro, baseline, target: 0.9, limit: 0.45 }];
}
