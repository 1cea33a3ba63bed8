import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { drawBoards } from '../boards/job.ts';
import { pgUrl } from '../database/pg-url.ts';
import { createPrimary } from '../database/primary.ts';
import type { DatabaseUrl } from '../database-url.ts';
import { follow } from '../issues/follow.ts';
import { delta, sweep } from '../issues/sync.ts';
import { drawHomesAgain } from '../listeners/home.ts';
import { errorName } from '../log.ts';
import { beginNotifications } from '../runner/notifications.ts';
import type { Deps } from '../services.ts';
import { drawTask } from '../tracker/board-marks.ts';
import { CLEAN, clean } from './clean.ts';

export type Jobs = {
  /** Starts no more jobs and waits at most `deadlineMs` milliseconds for running jobs. Another process finishes the rest. */
  stop(deadlineMs: number): Promise<void>;
};

const CONCURRENCY = 2;
/** The size of Graphile Worker's connection pool. One of its connections listens for new jobs. */
const CONNECTIONS = 3;
const POLL_MS = 2_000;
/**
 * How often workers report that they are alive: three times within
 * the 30 seconds after which a silent worker is considered dead.
 */
const ALIVE_EVERY_MS = 10_000;
const RESTART_AFTER_MS = 2_000;
const START_WITHIN_MS = 10_000;
const LEAVE_AFTER_MS = 5_000;
/** The number of ended pools to remember. Pools that ended earlier hold no job any more. */
const MOST_ENDED = 100;
const PRIMARY_LIMITS = { deadlineMs: 5_000, statementTimeoutMs: 5_000 };

/**
 * When which job runs: the cleaning every day at 03:17 UTC, and once after a start if that was missed; the delta every minute,
 * and at a start if the last minute was missed; the followed queries that are due every minute, and the sweep every ten, neither
 * beside the delta; and every minute the
 * digests and the replies in threads that are due, the Home tabs that were opened lately, and the boards that still miss
 * something, which are otherwise drawn soon after each change. The next run makes up for one that failed. Installations that
 * share a database have jobs of their own.
 */
function crontab(tenant: string): string {
  return [
    `17 3 * * * ${CLEAN} ?fill=1d&max=3`,
    `* * * * * delta:${tenant} ?fill=1m&queue=sync:${tenant}&jobKey=delta:${tenant}&max=1`,
    `* * * * * follow:${tenant} ?queue=sync:${tenant}&jobKey=follow:${tenant}&max=1`,
    `* * * * * ${drawTask(tenant)} ?queue=${drawTask(tenant)}&jobKey=${drawTask(tenant)}&jobKeyMode=preserve_run_at&max=1`,
    `*/10 * * * * sweep:${tenant} ?queue=sync:${tenant}&jobKey=sweep:${tenant}&max=1`,
    `* * * * * homes:${tenant} ?jobKey=homes:${tenant}&max=1`,
    `* * * * * notify:${tenant} ?jobKey=notify:${tenant}&max=1`,
  ].join('\n');
}

/** Runs scheduled jobs. While the database is unreachable, jobs wait for it. */
export function startJobs(databaseUrl: DatabaseUrl, { tenant, services, ledger }: Deps): Jobs {
  const primary = createPrimary(databaseUrl);
  const stopping = new AbortController();
  const pools = new Set<string>();
  let ended: readonly string[] = [];
  const events: WorkerEvents = new EventEmitter();
  // Graphile Worker 0.18 locks jobs in the name of the pool, not of one of its workers.
  events.on('pool:create', ({ workerPool }) => pools.add(workerPool.id));
  // Graphile Worker would keep asking the same server, even one that
  // has become a standby, and hold jobs that it cannot complete.
  for (const sign of ['worker:getJob:error', 'worker:fatalError', 'pool:fatalError'] as const) {
    events.on(sign, ({ error }) => {
      services.log.warn({ error: errorName(error) }, 'jobs lost their database');
      // Not during the event: a worker that is stopped while it is failing writes its error to standard error.
      setImmediate(() => startAnew());
    });
  }

  const taskList: TaskList = {
    [CLEAN]: () => clean(services),
    [`delta:${tenant}`]: () => delta({ tenant, services }),
    [`follow:${tenant}`]: () => follow({ tenant, services }),
    [`sweep:${tenant}`]: () => sweep({ tenant, services }),
    [`notify:${tenant}`]: () => beginNotifications({ tenant, services, ledger }),
    [`homes:${tenant}`]: () => drawHomesAgain({ tenant, services }),
    [drawTask(tenant)]: () => drawBoards({ tenant, services }),
  };
  let runner: Runner | undefined;
  let startAnew = () => {};

  /** Runs jobs until the process stops or their connections fail. */
  async function runJobs(): Promise<void> {
    // The earlier pools have ended. A pool may have died without any event.
    ended = [...ended, ...pools].slice(-MOST_ENDED);
    pools.clear();
    const trouble = Promise.withResolvers<void>();
    startAnew = trouble.resolve;
    const connection = await primary.open(PRIMARY_LIMITS);
    const connectionString = pgUrl(databaseUrl, connection.host, connection.server.encrypted);
    await connection.close();
    if (stopping.signal.aborted) return;
    const starting = run({
      connectionString,
      taskList,
      crontab: crontab(tenant),
      concurrency: CONCURRENCY,
      maxPoolSize: CONNECTIONS,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      events,
      // Messages from Graphile Worker may quote a payload, which may contain text that people typed.
      logger: new Logger(() => () => {}),
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
    // If the connections fail during the start, the runner may never finish starting.
    const started = await Promise.race([starting, trouble.promise, passed(START_WITHIN_MS)]);
    if (started === undefined) {
      starting.then((late) => late.stop()).catch(() => {});
      return;
    }
    runner = started;
    if (stopping.signal.aborted) await runner.stop().catch(() => {});
    // Report at once: if the process dies before it reports its pool, the pool's jobs stay locked for hours.
    await sayAlive();
    await Promise.race([runner.promise, trouble.promise]);
    // A runner whose connections are dead may wait for them without limit, so this stops waiting for it.
    await Promise.race([runner.stop(), passed(LEAVE_AFTER_MS)]).catch(() => {});
  }

  /** Resolves after `ms` milliseconds, or when the process stops. */
  function passed(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await runJobs();
      } catch (error) {
        services.log.warn({ error: errorName(error) }, 'jobs cannot run now');
      }
      await passed(RESTART_AFTER_MS);
    }
  }

  /**
   * Reports live and ended pools. Ended pools are reported each time, because
   * a runner that did not stop may still take a job.
   */
  async function sayAlive(): Promise<void> {
    await services.tracker.alive([...pools], ended).catch(() => {});
  }

  async function goOnSayingAlive(): Promise<void> {
    for (;;) {
      await sleep(ALIVE_EVERY_MS, undefined, { signal: stopping.signal, ref: false });
      await sayAlive();
    }
  }

  const working = work();
  goOnSayingAlive().catch(() => {});
  return {
    async stop(deadlineMs) {
      stopping.abort();
      const stopped = Promise.resolve(runner?.stop().catch(() => {})).then(() => working);
      await Promise.race([stopped, sleep(deadlineMs, undefined, { ref: false })]);
    },
  };
}
