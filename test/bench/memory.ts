import { setTimeout as sleep } from 'node:timers/promises';
import { CONNECTIONS, trackTwenty } from './dispatch.ts';
import { send, signedCommands } from './load.ts';
import type { Bench, Line } from './measurement.ts';
import { start } from './program.ts';
import { inWorld } from './world.ts';

const COMMANDS = 5_000;
/** By then Maro has loaded what it loads when nobody waits: Jira's client and the jobs. */
const REST_MS = 5_000;

/** What the process holds (resident set) at rest and right after many `/maro tracked`, beside a Bolt app that does nothing. */
export async function memory({ server, rounds }: Bench): Promise<Line[]> {
  const rest = { maro: [] as number[], bolt: [] as number[] };
  const used = { maro: [] as number[], bolt: [] as number[] };
  await inWorld(server, 'http', async ({ slack, env, databaseUrl }) => {
    await trackTwenty(databaseUrl);
    const programs = [];
    for (let round = 0; round < rounds; round++) {
      for (const name of ['maro', 'bolt'] as const) programs.push({ name, ...(await start(name, env)) });
    }
    await sleep(REST_MS);
    for (const { name, memoryMb } of programs) rest[name].push(await memoryMb());
    for (const { name, port, memoryMb, end } of programs) {
      const deliveries = signedCommands(slack.signingSecret, 'tracked');
      await send(port, deliveries, { count: COMMANDS, connections: CONNECTIONS, contains: '' });
      used[name].push(await memoryMb());
      await end();
    }
  });
  const lineOf = (what: string, figures: typeof rest, most: number): Line => {
    const baseline = { what: 'Bolt, does nothing', figures: figures.bolt };
    return { what, unit: 'MB', ours: figures.maro, baseline, most };
  };
  return [
    lineOf('memory at rest', rest, 150),
    lineOf(`memory after ${COMMANDS.toLocaleString('en')} commands`, used, 190),
  ];
}
