import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { openWire } from '../wire.ts';
import { trackTwenty } from './dispatch.ts';
import { send, signedCommands } from './load.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';
import { start } from './program.ts';
import { inWorld } from './world.ts';

/**
 * How long after the database is back Maro gives its first good answer. As a restart does, the line to PostgreSQL ends all
 * connections and refuses new ones, while somebody types `/maro tracked` again and again. Beside it a program that only
 * connects and asks once.
 */
export async function recovery({ server, rounds, short }: Bench): Promise<Line[]> {
  return inWorld(server, 'http', async ({ slack, env, databaseUrl }) => {
    await trackTwenty(databaseUrl);
    const wire = await openWire(databaseUrl);
    const maro = await start('maro', { ...env, DATABASE_URL: wire.url });
    const command = () => signedCommands(slack.signingSecret, 'tracked', 1);
    const isGood = () =>
      send(maro.port, command(), { count: 1, connections: 1, contains: 'open issues of 20' }).then(
        () => true,
        () => false,
      );
    const restarted = async (firstAnswer: () => Promise<unknown>) => {
      await wire.stop();
      const back = sleep(short ? 500 : 2_000).then(() => wire.start());
      let backAt = Number.POSITIVE_INFINITY;
      void back.then(() => {
        backAt = performance.now();
      });
      await firstAnswer();
      await back;
      return performance.now() - backAt;
    };
    const figures = await inTurn(rounds, {
      ours: () =>
        restarted(async () => {
          while (!(await isGood())) await sleep(2);
        }),
      connect: () =>
        restarted(async () => {
          while (!(await connects(wire.url))) await sleep(2);
        }),
    });
    await maro.end();
    await wire.stop();
    const baseline = { what: 'connect and ask once', figures: figures.connect };
    const what = 'first answer after the database is back';
    return [{ what, unit: 'ms', ours: figures.ours, baseline, target: 0.67, limit: 0.1 }];
  });
}

async function connects(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, fetch_types: false });
  try {
    await sql`select`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
