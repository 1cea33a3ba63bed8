import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { type Jira, startJira } from '../../sandbox/jira/index.ts';
import { seed as sandboxSeed } from '../../sandbox/jira/seed.ts';
import { maroEnvironment } from '../../sandbox/maro.ts';
import { type Slack, type SlackOptions, startSlack } from '../../sandbox/slack/index.ts';
import { openDatabase } from '../../src/database/pool.ts';
import { readDatabaseUrl } from '../../src/database-url.ts';
import { follow } from '../../src/issues/follow.ts';
import { delta } from '../../src/issues/sync.ts';
import { createJira } from '../../src/jira/client.ts';
import { clean } from '../../src/jobs/clean.ts';
import { createLog } from '../../src/log.ts';
import { type Manifest, readManifest } from '../../src/manifest.ts';
import { createTracker } from '../../src/tracker/index.ts';
import { launch, type MaroProcess, migratedDatabase, ready } from '../maro.ts';
import { openWire, type Wire } from '../wire.ts';

/** A process of Maro's, with a line of its own to the database. */
export type Replica = {
  wire: Wire;
  /** Ends the process as told, and starts another in its place after so many milliseconds. */
  end(signal: 'SIGKILL' | 'SIGTERM', pauseMs: number): Promise<void>;
};

/** The program as it runs in production: two replicas for one workspace and one for another, on one database and one Jira. */
export type System = {
  slack: Slack;
  /** The other workspace, whose ids of channels and people are the same. */
  elsewhere: Slack;
  jira: Jira;
  sql: postgres.Sql;
  replicas: readonly Replica[];
  /** Ends of processes that nobody ordered, and whatever Maro itself calls a defect. */
  fatal: string[];
  /** Brings back everything that is away, and waits until all processes are there. */
  heal(): Promise<void>;
  /** Lets the delta run now, and the followed queries be read, as they are every minute, when no webhook is on its way any more. */
  sync(): Promise<void>;
  /** Deletes what is no longer needed, as it is done every day. */
  clean(): Promise<void>;
  stop(): Promise<void>;
};

const START_AGAIN_MS = 300;
const SECRET = 'a-secret-of-the-webhook';

/** What Jira is asked about an issue of this project ends the process that asks, each time anew. */
export const POISON = 'POISON';
const POISONED = `--import data:text/javascript,${encodeURIComponent(`
  const { fetch } = globalThis;
  globalThis.fetch = (url, init) => {
    if (String(url).includes('/rest/api/') && String(init?.body).includes('${POISON}-')) process.kill(process.pid, 'SIGKILL');
    return fetch(url, init);
  };`)}`;

export async function startSystem(): Promise<System> {
  const manifest = (await readManifest()) as Manifest as SlackOptions['manifest'];
  const databaseUrl = await migratedDatabase();
  // Jira knows one of the people of Slack.
  const ada = { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' };
  const projects = sandboxSeed.projects.map((project) => ({ ...project }));
  const seed = { ...sandboxSeed, projects, people: { ...sandboxSeed.people, ada } };
  const team = { id: 'T0ELSE', domain: 'elsewhere', name: 'Elsewhere' };
  const [slack, elsewhere, jira] = await Promise.all([
    startSlack({ manifest }),
    startSlack({ manifest, team }),
    startJira({ seed }),
  ]);
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  const fatal: string[] = [];
  let isOver = false;

  async function open(
    workspace: Slack,
  ): Promise<Replica & { port: number; whole(): Promise<void>; stop(): Promise<unknown> }> {
    const wire = await openWire(databaseUrl);
    const port = await freePort();
    const env = {
      ...maroEnvironment({ slack: workspace, jira, databaseUrl: wire.url }),
      ...{ NODE_OPTIONS: POISONED, PORT: String(port), JIRA_WEBHOOK_SECRET: SECRET },
    };
    let ordered = false;
    let maro: MaroProcess;
    /** As a supervisor does: a process that cannot start, since its database is away, is started anew. */
    async function begin(): Promise<void> {
      for (;;) {
        const mine = launch(env);
        maro = mine;
        const isReady = await ready(mine).then(
          () => true,
          () => false,
        );
        if (isReady || isOver) return watch(mine);
        await sleep(START_AGAIN_MS);
      }
    }
    function watch(mine: MaroProcess): void {
      ordered = false;
      void mine.ended.then((status) => {
        if (!ordered && !isOver) {
          if (status !== 'SIGKILL') fatal.push(`a process ended with ${status} by itself`);
          working = begin();
        }
        for (const { level, msg } of mine.log) if (level === 'fatal') fatal.push(msg);
      });
    }
    let working = begin();
    await working;
    return {
      wire,
      port,
      end(signal, pauseMs) {
        const next = working.then(async () => {
          ordered = true;
          maro.kill(signal);
          await maro.ended;
          await sleep(pauseMs);
          if (!isOver) await begin();
        });
        working = next;
        return next;
      },
      whole: () => working,
      async stop() {
        maro.kill('SIGKILL');
        await maro.ended;
        await wire.stop();
      },
    };
  }
  const opened = await Promise.all([open(slack), open(slack), open(elsewhere)]);
  // Jira sends an event again that a process did not take.
  jira.webhooks.register({ url: `http://127.0.0.1:${opened[0]?.port}/jira/webhook`, secret: SECRET });
  jira.webhooks.pauseMs = 400;

  async function sync(): Promise<void> {
    await jira.webhooks.settled();
    jira.index.catchUp();
    const database = openDatabase(readDatabaseUrl(databaseUrl));
    const log = createLog('error', { write: (line) => void fatal.push(line) });
    const [tenant, tracker] = ['T0ACME', createTracker(database)];
    const { url: host, email, apiToken } = jira;
    const client = createJira({ host, email, apiToken, projects: [] }, log, (site) =>
      tracker.rememberSite({ tenant, ...site }),
    );
    const services = { jira: client, tracker, log };
    await delta({ tenant, services });
    // As if the minutes had passed after which Jira is asked again.
    await sql`update follows set asked_at = null`;
    await follow({ tenant, services });
    await database.close();
  }

  async function cleanUp(): Promise<void> {
    const database = openDatabase(readDatabaseUrl(databaseUrl));
    const log = createLog('error', { write: (line) => void fatal.push(line) });
    await clean({ tracker: createTracker(database), log });
    await database.close();
  }

  return {
    slack,
    elsewhere,
    jira,
    sql,
    replicas: opened.slice(0, 2),
    fatal,
    sync,
    clean: cleanUp,
    heal: () => Promise.all(opened.map(({ whole }) => whole())).then(() => {}),
    async stop() {
      isOver = true;
      await Promise.all(opened.map(({ stop }) => stop()));
      await Promise.all([slack.stop(), elsewhere.stop(), jira.stop(), sql.end({ timeout: 1 })]);
    },
  };
}

/** A port that nobody has. Another process could take it before Maro does, which is unlikely. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
