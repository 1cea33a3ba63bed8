import { type Bench, inTurn, type Line } from './measurement.ts';
import { type ProgramName, start } from './program.ts';
import { inWorld } from './world.ts';

/**
 * From the start of the process until it is ready in Socket Mode, beside a Bolt app that does nothing, connected to the same Slack.
 * A start before those brings the database up to date and leaves what Node compiled, as a deployment's first start does.
 */
export async function startUp({ server, rounds }: Bench): Promise<Line[]> {
  return inWorld(server, 'socket', async ({ env }) => {
    const untilReady = (program: ProgramName) => async () => {
      const { startMs, end } = await start(program, env);
      await end();
      return startMs;
    };
    const tasks = { maro: untilReady('maro'), bolt: untilReady('bolt') };
    await inTurn(1, tasks);
    const { maro, bolt } = await inTurn(rounds, tasks);
    const baseline = { what: 'Bolt, does nothing', figures: bolt };
    return [{ what: 'start until ready', unit: 'ms', ours: maro, baseline, target: 0.71, limit: 0.35 }];
  });
}
