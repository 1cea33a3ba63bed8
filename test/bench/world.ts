import { type Jira, startJira } from '../../sandbox/jira/index.ts';
import { maroEnvironment } from '../../sandbox/maro.ts';
import { createDatabase, dropDatabase } from '../../sandbox/postgres.ts';
import { type Slack, type SlackOptions, startSlack } from '../../sandbox/slack/index.ts';
import { type Manifest, readManifest } from '../../src/manifest.ts';

/** Slack, Jira and a database of a measurement's own, and the environment in which Maro takes them for real. */
export type World = { slack: Slack; jira: Jira; databaseUrl: string; env: NodeJS.ProcessEnv };

/** Makes a world on the PostgreSQL server of `server`, and ends it when `task` has ended. */
export async function inWorld<T>(
  server: string,
  transport: 'socket' | 'http',
  task: (world: World) => Promise<T>,
): Promise<T> {
  const manifest = (await readManifest()) as Manifest as SlackOptions['manifest'];
  const [slack, jira, databaseUrl] = await Promise.all([
    startSlack({ manifest, transport }),
    startJira(),
    createDatabase(server),
  ]);
  const env = maroEnvironment({ slack, jira, databaseUrl, transport });
  try {
    return await task({ slack, jira, databaseUrl, env });
  } finally {
    await Promise.all([slack.stop(), jira.stop()]);
    await dropDatabase(databaseUrl);
  }
}
