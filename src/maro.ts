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

/** Slack takes deliveries for failed that are not acknowledged within three seconds. */
const ACKNOWLEDGE_MS = 6_000;
/** What is under way when Maro is told to stop gets so long; with the rest of the way out it is below ten seconds. */
const DRAIN_MS = 8_000;
/** A health check is asked every few seconds and answered within one. */
const HEALTH_DEADLINE_MS = 800;

/** Maro, put together of its parts. */
export type Maro = {
  /**
   * Takes deliveries from here on, once it has logged that it is ready.
   * @throws a sentence when Slack refuses the app's token or the port is taken.
   */
  start(): Promise<void>;
  /** Finishes what is under way, takes nothing new, and closes everything, within ten seconds; also while it starts. */
  stop(): Promise<void>;
};

/**
 * Brings the database up to date and asks Slack who Maro is. `jobs`: whether this process takes part in what runs by the clock.
 * @throws a sentence when it cannot.
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
  const jira = createJira({ ...config.jira, ...patience }, log);
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
          // Told to stop while it was connecting.
          if (deliveries.draining) return;
          throw refusedAtStart(error, 'SLACK_APP_TOKEN', config.slack);
        }
      }
      const port = http && (http.address() as AddressInfo).port;
      log.info({ tenant, mode: config.slack.transport.mode, port }, 'ready');
      // Loads the Jira client and reads the site while nobody waits; trouble is told to the first person who asks.
      void jira.site().catch(() => {});
      // Nor does anybody wait for what a crash has left behind.
      ledger.start();
      if (!hasJobs) return;
      const { startJobs } = await import('./jobs/index.ts');
      if (!deliveries.draining) jobs = startJobs(config.database.directUrl, services);
    },

    async stop() {
      const until = performance.now() + DRAIN_MS;
      const stopping = Promise.all([ledger.stop(DRAIN_MS), jobs?.stop(DRAIN_MS)]);
      // A health check is told at once that Maro goes, and everybody else is served until the door closes.
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

/** Whether deliveries can reach this process: over HTTP they always can, over a socket while it is open. */
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
