import type { createSandboxClock } from '../../sandbox/clock/index.ts';
import { type Jira, startJira } from '../../sandbox/jira/index.ts';
import { maroEnvironment } from '../../sandbox/maro.ts';
import { createDatabase, dropDatabase } from '../../sandbox/postgres.ts';
import { createClock, type Slack, type SlackOptions, startSlack } from '../../sandbox/slack/index.ts';
import { type Manifest, readManifest } from '../../src/manifest.ts';

/** Slack, Jira and a database of a measurement's own, and the environment in which Maro takes them for real. */
export type World = { slack: Slack; jira: Jira; databaseUrl: string; env: NodeJS.ProcessEnv };

type WorldOptions = { clock?: ReturnType<typeof createSandboxClock>; channels?: SlackOptions['channels'] };

/** Makes a world on the PostgreSQL server of `server`, and ends it when `task` has ended. With a clock, all of it has the time of that. */
export async function inWorld<T>(
  server: string,
  transport: 'socket' | 'http',
  task: (world: World) => Promise<T>,
  { clock, channels }: WorldOptions = {},
): Promise<T> {
  const manifest = (await readManifest()) as Manifest as SlackOptions['manifest'];
  const [slack, jira, databaseUrl] = await Promise.all([
    startSlack({ manifest, transport, ...(channels && { channels }), ...(clock && { clock: createClock(clock.now) }) }),
    startJira(clock && { now: clock.now }),
    createDatabase(server),
  ]);
  const env = maroEnvironment({ slack, jira, databaseUrl, transport });
  try {
    await clock?.tie(databaseUrl);
    clock?.follow(() => slack.clock.advance(0));
    return await task({ slack, jira, databaseUrl, env });
  } finally {
    await Promise.all([slack.stop(), jira.stop()]);
    await dropDatabase(databaseUrl);
  }
}
