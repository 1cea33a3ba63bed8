import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { createApp, createReceiver, kindsOfRuns } from './app.ts';
import type { Config } from './config.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/pool.ts';
import { createDeliveries } from './deliveries.ts';
import { createHttpServer } from './http.ts';
import { createJira, type JiraPatience } from './jira/client.ts';
import type { Jobs } from './jobs/index.ts';
import { openCreates } from './ledger/creates.ts';
import { createLedger } from './ledger/index.ts';
import type { Log } from './log.ts';
import { createSlackClient, refusedAtStart } from './slack/client.ts';
import { createSocket } from './slack/socket.ts';
import { createTracker } from './tracker/index.ts';
import { createWebhook } from './webhook.ts';

/** How long shutdown waits for acknowledgements. Slack considers a delivery failed after three seconds without one. */
const ACKNOWLEDGE_MS = 6_000;
/** How long shutdown waits for work in progress. The whole shutdown takes less than ten seconds. */
const DRAIN_MS = 8_000;
/** How long a health check waits for the database. Health checks come every few seconds and need an answer within one. */
const HEALTH_DEADLINE_MS = 800;

/** A Maro process that can be started and stopped. */
export type Maro = {
  /**
   * Starts to take deliveries, and then logs that Maro is ready.
   * @throws an error with a sentence for people when Slack refuses the app-level token or the port is taken.
   */
  start(): Promise<void>;
  /** Resolves when Slack has refused the app-level token for so long that Maro cannot go on. */
  refused: Promise<void>;
  /**
   * Stops Maro within ten seconds, even while it starts. Deliveries are taken until none waits
   * for an acknowledgement. Then the work in progress is finished and everything is closed.
   */
  stop(): Promise<void>;
};

/**
 * Migrates the database, asks Slack for the installation, and creates the
 * parts of Maro. `jobs` says whether this process runs scheduled jobs.
 * @throws an error with a sentence for people when the database or Slack fails.
 */
export async function openMaro(
  config: Config,
  log: Log,
  { patience = {}, jobs: hasJobs = true }: { patience?: JiraPatience; jobs?: boolean } = {},
): Promise<Maro> {
  const deliveries = createDeliveries(log);
  const slack = createSlackClient(config.slack, log);
  const [installation, schema, version] = await Promise.all([
    slack.installation(),
    migrate(config.database.directUrl),
    readVersion(),
  ]);
  const { tenant } = installation;
  const database = openDatabase(config.database.url);
  const tracker = createTracker(database);
  await tracker.markInstalled({ tenant });
  const jira = createJira({ ...config.jira, ...patience }, log, (site) => tracker.rememberSite({ tenant, ...site }));
  const receiver = createReceiver(config.slack, log);
  const services = { tracker, creates: openCreates(database, tenant), jira, slack, log };
  const ledger = createLedger(database, tenant, (ledger) => kindsOfRuns({ tenant, slack, services, ledger }), log);
  createApp(config.slack, receiver, installation, { slack, services, ledger, deliveries });

  const socket = receiver instanceof SocketModeReceiver ? createSocket(receiver.client, log) : undefined;
  // Over HTTP, deliveries can always reach this process.
  const connected = () => socket?.isOpen() ?? true;
  const health = async () => {
    const { database, jira } = await tracker.health({ tenant, deadlineMs: HEALTH_DEADLINE_MS });
    return { ok: database && connected() && !deliveries.draining, database, slack: connected(), jira };
  };
  const events = receiver instanceof HTTPReceiver ? receiver.requestListener : undefined;
  const { webhookSecrets } = config.jira;
  const webhook = webhookSecrets.length === 0 ? undefined : createWebhook(webhookSecrets, { tenant, services });
  const http = config.port === undefined ? undefined : createHttpServer(health, { events, webhook });
  let jobs: Jobs | undefined;

  return {
    refused: socket?.refused ?? new Promise(() => {}),

    async start() {
      if (http !== undefined) {
        http.listen(config.port);
        await once(http, 'listening').catch((error) => {
          throw new Error(`Maro did not start: it cannot listen on port ${config.port}.`, { cause: error });
        });
      }
      try {
        await socket?.start();
      } catch (error) {
        throw refusedAtStart(error, 'SLACK_APP_TOKEN', config.slack);
      }
      // Maro was told to stop while it was connecting.
      if (deliveries.draining) return;
      const port = http && (http.address() as AddressInfo).port;
      log.info({ version, schema, tenant, mode: config.slack.transport.mode, port }, 'ready');
      // Loads the Jira client and reads the site before anyone needs them.
      // If that fails, the first person who needs Jira gets the error.
      void jira.site().catch(() => {});
      // Resumes, in the background, the runs that a crash left unfinished.
      ledger.start();
      if (!hasJobs) return;
      const { startJobs } = await import('./jobs/index.ts');
      if (!deliveries.draining) jobs = startJobs(config.database.directUrl, { tenant, slack, services, ledger });
    },

    async stop() {
      const until = performance.now() + DRAIN_MS;
      const stopping = Promise.all([ledger.stop(DRAIN_MS), jobs?.stop(DRAIN_MS)]);
      // Health checks fail at once, while deliveries are served until none waits for an acknowledgement.
      await deliveries.drain(ACKNOWLEDGE_MS);
      if (socket === undefined) http?.close();
      else socket.stop();
      const finished = await deliveries.close(until - performance.now());
      if (!finished) log.warn('some work was still in progress');
      await stopping;
      http?.close();
      http?.closeAllConnections();
      await ledger.release();
      await database.close();
    },
  };
}

/** The version of this Maro, as package.json has it. */
async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
