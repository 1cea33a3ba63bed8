import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { type Jira, startJira } from '../../sandbox/jira/index.ts';
import { maroEnvironment } from '../../sandbox/maro.ts';
import { type Slack, type SlackOptions, startSlack } from '../../sandbox/slack/index.ts';
import { type Manifest, readManifest } from '../../src/manifest.ts';
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
  stop(): Promise<void>;
};

const START_AGAIN_MS = 300;

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
  const team = { id: 'T0ELSE', domain: 'elsewhere', name: 'Elsewhere' };
  const [slack, elsewhere, jira] = await Promise.all([
    startSlack({ manifest }),
    startSlack({ manifest, team }),
    startJira(),
  ]);
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  const fatal: string[] = [];
  let isOver = false;

  async function open(workspace: Slack): Promise<Replica & { whole(): Promise<void>; stop(): Promise<unknown> }> {
    const wire = await openWire(databaseUrl);
    const env = { ...maroEnvironment({ slack: workspace, jira, databaseUrl: wire.url }), NODE_OPTIONS: POISONED };
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
  return {
    slack,
    elsewhere,
    jira,
    sql,
    replicas: opened.slice(0, 2),
    fatal,
    heal: () => Promise.all(opened.map(({ whole }) => whole())).then(() => {}),
    async stop() {
      isOver = true;
      await Promise.all(opened.map(({ stop }) => stop()));
      await Promise.all([slack.stop(), elsewhere.stop(), jira.stop(), sql.end({ timeout: 1 })]);
    },
  };
}
