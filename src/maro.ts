import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { createApp, createReceiver, kindsOfRuns, type Receiver } from './app.ts';
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
import { createTracker } from './tracker/index.ts';

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
  const [installation] = await Promise.all([slack.installation(), migrate(config.database.directUrl)]);
  const { tenant } = installation;
  const database = openDatabase(config.database.url);
  const tracker = createTracker(database);
  const jira = createJira({ ...config.jira, ...patience }, log, (site) => tracker.rememberSite({ tenant, ...site }));
  const receiver = createReceiver(config.slack, log);
  const services = { tracker, creates: openCreates(database, tenant), jira, slack, log };
  const ledger = createLedger(database, tenant, (ledger) => kindsOfRuns({ tenant, slack, services, ledger }), log);
  createApp(config.slack, receiver, installation, { slack, services, ledger, deliveries });

  const connected = connection(receiver);
  const health = async () => {
    const database = await tracker.answers(HEALTH_DEADLINE_MS);
    return { ok: database && connected() && !deliveries.draining, database, slack: connected() };
  };
  const events = receiver instanceof HTTPReceiver ? receiver.requestListener : undefined;
  const http = config.port === undefined ? undefined : createHttpServer(health, events);
  let jobs: Jobs | undefined;

  return {
    async start() {
      if (http !== undefined) {
        http.listen(config.port);
        await once(http, 'listening').catch((error) => {
          throw new Error(`Maro did not start: it cannot listen on port ${config.port}.`, { cause: error });
        });
      }
      if (receiver instanceof SocketModeReceiver) {
        try {
          await receiver.start();
        } catch (error) {
          // Maro was told to stop while it was connecting.
          if (deliveries.draining) return;
          throw refusedAtStart(error, 'SLACK_APP_TOKEN', config.slack);
        }
      }
      const port = http && (http.address() as AddressInfo).port;
      log.info({ tenant, mode: config.slack.transport.mode, port }, 'ready');
      // Loads the Jira client and reads the site before anyone needs them.
      // If that fails, the first person who needs Jira gets the error.
      void jira.site().catch(() => {});
      // Resumes, in the background, the runs that a crash left unfinished.
      ledger.start();
      if (!hasJobs) return;
      const { startJobs } = await import('./jobs/index.ts');
      if (!deliveries.draining) jobs = startJobs(config.database.directUrl, services);
    },

    async stop() {
      const until = performance.now() + DRAIN_MS;
      const stopping = Promise.all([ledger.stop(DRAIN_MS), jobs?.stop(DRAIN_MS)]);
      // Health checks fail at once, while deliveries are served until none waits for an acknowledgement.
      await deliveries.drain(ACKNOWLEDGE_MS);
      const closing = receiver instanceof SocketModeReceiver ? receiver.stop() : http?.close();
      const finished = await deliveries.close(until - performance.now());
      if (!finished) log.warn('some work was still under way');
      await Promise.all([closing, stopping]);
      http?.close();
      http?.closeAllConnections();
      await ledger.release();
      await database.close();
    },
  };
}

/** Whether deliveries can reach this process: over HTTP always, in Socket Mode while the socket is open. */
function connection(receiver: Receiver): () => boolean {
  if (receiver instanceof HTTPReceiver) return () => true;
  let open = false;
  const { client } = receiver;
  client.on('connected', () => {
    open = true;
  });
  client.on('close', () => {
    open = false;
  });
  return () => open;
}
