import { type Bench, inTurn, type Line } from './measurement.ts';
import { type ProgramName, start } from './program.ts';
import { inWorld, type World } from './world.ts';

/** Steps under way at once. */
const AT_ONCE = 16;

/**
 * Steps of Workflow Builder from the event until Slack has their completion: accepted, carried out (one key, read from Jira and
 * tracked), stored, completed. Beside it a Bolt app that completes at once and keeps nothing.
 */
export async function steps({ server, rounds, short }: Bench): Promise<Line[]> {
  const count = short ? 200 : 1_000;
  return inWorld(server, 'socket', (world) =>
    inWorld(server, 'socket', async (other) => {
      const maro = await runner('maro', world, count);
      const bolt = await runner('bolt', other, count);
      await inTurn(1, { maro: maro.perSecond, bolt: bolt.perSecond });
      const figures = await inTurn(rounds, { maro: maro.perSecond, bolt: bolt.perSecond });
      await Promise.all([maro.end(), bolt.end()]);
      const baseline = { what: 'Bolt, completes at once', figures: figures.bolt };
      return [{ what: 'steps completed', unit: 'steps/s', ours: figures.maro, baseline, target: 0.5, limit: 0.12 }];
    }),
  );
}

async function runner(program: ProgramName, { slack, env }: World, count: number) {
  const { end } = await start(program, { ...env, LISTENER: 'step' });
  await slack.connected();
  async function perSecond(): Promise<number> {
    let begun = 0;
    const from = performance.now();
    async function keepRunning(): Promise<void> {
      while (begun++ < count) {
        const { finished } = slack.step('track', { channel_id: 'C1', issue_keys: 'PLAT-1', user_id: 'U0ADA' });
        const { state, error } = await finished;
        if (state !== 'completed') throw new Error(`A step failed: ${error}`);
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, keepRunning));
    return (count * 1000) / (performance.now() - from);
  }
  return { perSecond, end };
}
