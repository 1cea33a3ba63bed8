import { type Bench, inTurn, type Line } from './measurement.ts';
import { type ProgramName, start } from './program.ts';
import { inWorld } from './world.ts';

/**
 * From the start of the process until it is ready in Socket Mode, its database brought up to date before, beside a Bolt app that
 * does nothing, connected to the same Slack.
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
    return [
      { what: 'start until ready', unit: 'ms', ours: maro, baseline: { what: 'Bolt, does nothing', figures: bolt } },
    ];
  });
}
