import { openTrackerAt } from '../tracker.ts';
import { madeUpIssues, tracking } from './issues.ts';
import { CHANNEL, send, signedCommands } from './load.ts';
import { type Bench, inTurn } from './measurement.ts';
import { type Program, start } from './program.ts';
import { inWorld } from './world.ts';

/** Connections that are kept: more of them give no more commands a second, fewer leave the programs idle. */
export const CONNECTIONS = 16;

/** What Bolt apps answer that are measured beside Maro, and what their answers contain. */
const LISTENERS = { nothing: '', select: 'issue_key' };
type Listener = keyof typeof LISTENERS;

/**
 * Sends a command over signed HTTP to Maro and to Bolt apps in turn, so many times a round. The channel tracks 20 issues. The programs
 * are processes of their own; the requests are signed before the clock starts. @returns commands a second, for each round.
 */
export async function dispatch<L extends Listener>(
  { server, rounds, short }: Bench,
  { text, contains, count, beside }: { text: string; contains: string; count: number; beside: readonly L[] },
): Promise<Record<L | 'maro', number[]>> {
  return inWorld(server, 'http', async ({ slack, env, databaseUrl }) => {
    await trackTwenty(databaseUrl);
    const perSecond = (program: Program, contains: string) => async () => {
      const deliveries = signedCommands(slack.signingSecret, text);
      const commands = short ? count / 4 : count;
      return commands / (await send(program.port, deliveries, { count: commands, connections: CONNECTIONS, contains }));
    };
    const programs = [await start('maro', env)];
    const tasks: [string, () => Promise<number>][] = [['maro', perSecond(programs[0] as Program, contains)]];
    for (const listener of beside) {
      const bolt = await start('bolt', { ...env, LISTENER: listener });
      programs.push(bolt);
      tasks.push([listener, perSecond(bolt, LISTENERS[listener])]);
    }
    const all = Object.fromEntries(tasks) as Record<L | 'maro', () => Promise<number>>;
    try {
      // Nobody times what the compiler is still warming up for.
      await inTurn(1, all);
      return await inTurn(rounds, all);
    } finally {
      await Promise.all(programs.map(({ end }) => end()));
    }
  });
}

/** Makes the channel of all signed commands one that tracks 20 issues. */
export async function trackTwenty(databaseUrl: string): Promise<void> {
  const tracker = await openTrackerAt(databaseUrl);
  await tracker.track(tracking(CHANNEL, madeUpIssues(20), 'before'));
  await tracker.close();
}
