import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { createLeave } from '../../sandbox/leave.ts';
import { createDatabase, type Server, startPostgres } from '../../sandbox/postgres.ts';
import type { Database } from '../../src/database/pool.ts';
import { DatabaseTrouble } from '../../src/database/trouble.ts';
import { acceptRun } from '../../src/ledger/runs.ts';
import { createTracker, type Tracker } from '../../src/tracker/index.ts';
import { openDatabaseAt } from '../tracker.ts';
import { openWire, type Wire } from '../wire.ts';
import { madeUpIssues, tracking } from './issues.ts';
import { median } from './statistics.ts';

/**
 * Breaks the database again and again while twenty people track and list, and counts every promise that is not kept: `npm run
 * soak -- --seconds 45`. It prints a figure for each, and ends with 1 unless they are all zero.
 */
const PEOPLE = 20;
const CONNECTIONS = 10;
/** Two seconds are promised; the rest is the machine's. */
const LATEST_MS = 2_500;
/** More than anybody gets to. The channels share them, so that their people meet in the same rows. */
const ISSUES = madeUpIssues(20_000);

const seconds = readSeconds();

/** What must be zero. */
const broken = {
  lost: 0,
  doubled: 0,
  wrong: 0,
  late: 0,
  defects: 0,
  uncaught: 0,
  'too many connections': 0,
  'connections left open': 0,
};
const counted = { acknowledged: 0, 'told that it may not have been done': 0, faults: 0 };
const back: Record<'after a cut' | 'after a stop' | 'after silence' | 'after a crash', number[]> = {
  'after a cut': [],
  'after a stop': [],
  'after silence': [],
  'after a crash': [],
};
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error) => {
    broken.uncaught++;
    console.error(event, error);
  });
}

let server: Server | undefined;
const folder = await mkdtemp(join(tmpdir(), 'maro-soak-'));
const leave = createLeave(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

try {
  server = await startPostgres({ folder });
  await soak(await createDatabase(server.url, { name: 'maro' }));
  console.table({ ...counted, ...broken });
  console.table(
    Object.fromEntries(
      Object.entries(back).map(([fault, ms]) => [fault, ms.length === 0 ? '' : `${median(ms).toFixed(0)} ms`]),
    ),
  );
  const names = Object.entries(broken).flatMap(([name, count]) => (count === 0 ? [] : [name]));
  console.log(names.length === 0 ? 'No promise was broken.' : `Broken: ${names.join(', ')}.`);
  await leave(names.length === 0 ? 0 : 1);
} catch (error) {
  console.error(error);
  await leave(1);
}

function readSeconds(): number {
  try {
    const { values } = parseArgs({ options: { seconds: { type: 'string', default: '45' } } });
    const seconds = Number(values.seconds);
    if (seconds > 0) return seconds;
  } catch {
    // The usage says what is allowed.
  }
  console.error(
    'Usage: npm run soak -- --seconds 45\nBreaks the database again and again while twenty people use it, and counts the broken promises.',
  );
  process.exit(2);
}

async function soak(url: string): Promise<void> {
  const wire = await openWire(url);
  const database = await openDatabaseAt(`${wire.url}?max=${CONNECTIONS}`);
  const tracker = createTracker(database);
  const acknowledged = Array.from({ length: PEOPLE }, () => new Set<string>());
  let isOver = false;
  const people = acknowledged.map((mine, person) => work(database, `C${person}`, mine, () => isOver));

  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    await sleep(200 + Math.random() * 800);
    await breakDatabase(url, wire, tracker);
    counted.faults++;
    await countConnections(url);
  }
  isOver = true;
  await Promise.all(people);

  for (const [person, mine] of acknowledged.entries()) {
    const { issues } = await tracker.list({ ...of(`C${person}`), category: undefined, limit: 100_000, offset: 0 });
    const stored = new Set(issues.map(({ id }) => id));
    broken.lost += [...mine].filter((id) => !stored.has(id)).length;
    broken.doubled += issues.length - stored.size;
  }
  await database.close();
  await sleep(500);
  broken['connections left open'] = await openConnections(url);
}

/** One person, who tracks, lists, and hands over steps, always twice at once. */
async function work(database: Database, channel: string, mine: Set<string>, isOver: () => boolean): Promise<void> {
  const tracker = createTracker(database);
  for (const [n, issue] of ISSUES.entries()) {
    if (isOver()) return;
    const tracked = await outcomeOf(() => tracker.track(tracking(channel, [issue], `${channel} ${n}`)));
    if (tracked !== undefined) mine.add(issue.id);
    const listed = await outcomeOf(() =>
      tracker.list({ ...of(channel), category: issue.category, limit: 5, offset: 0 }),
    );
    const asked = new Set(ISSUES.slice(0, n + 1).map(({ id }) => id));
    if (listed?.issues.some(({ id }) => !asked.has(id))) broken.wrong++;
    if (tracked !== undefined && listed !== undefined && listed.issues[0]?.id !== issue.id) broken.wrong++;
    const claims = await Promise.all(
      ['one', 'other'].map((claim) =>
        outcomeOf(() =>
          acceptRun(database, {
            ...{ tenant: 'T0ACME', id: `${channel} ${n}`, kind: 'step', door: 'step' },
            ...{ inputs: { n }, claim },
          }),
        ),
      ),
    );
    if (claims.filter((claim) => claim?.state === 'ours').length > 1) broken.doubled++;
    if (tracked === undefined) await sleep(20);
  }
}

function of(channel: string) {
  return { tenant: 'T0ACME', channel };
}

async function outcomeOf<T>(operation: () => Promise<T>): Promise<T | undefined> {
  const from = performance.now();
  try {
    const result = await operation();
    counted.acknowledged++;
    return result;
  } catch (error) {
    if (error instanceof DatabaseTrouble) counted['told that it may not have been done']++;
    else {
      broken.defects++;
      console.error(error);
    }
    return undefined;
  } finally {
    if (performance.now() - from > LATEST_MS) broken.late++;
  }
}

/** Breaks it in one of four ways, mends it, and notes how long the next good answer took from then on. */
async function breakDatabase(url: string, wire: Wire, tracker: Tracker): Promise<void> {
  const goesWell = async (fault: keyof typeof back) => {
    const from = performance.now();
    while (!(await tracker.health({ tenant: 'T1', deadlineMs: 2_000 })).database) await sleep(5);
    back[fault].push(performance.now() - from);
  };
  switch (Math.floor(Math.random() * 5)) {
    case 0:
      wire.cut();
      return goesWell('after a cut');
    case 1:
      await terminate(url, 1 + Math.floor(Math.random() * CONNECTIONS));
      return goesWell('after a cut');
    case 2:
      await wire.stop();
      await sleep(Math.random() * 1_000);
      await wire.start();
      return goesWell('after a stop');
    case 3:
      wire.silence(true);
      await sleep(Math.random() * 3_000);
      wire.silence(false);
      return goesWell('after silence');
    default:
      await crash(url);
      return goesWell('after a crash');
  }
}

async function past<T>(url: string, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await ask(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function terminate(url: string, count: number): Promise<unknown> {
  return past(
    url,
    (sql) => sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'maro' order by random() limit ${count}`,
  );
}

function openConnections(url: string): Promise<number> {
  return past(url, async (sql) => {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'maro'`;
    return row?.count ?? 0;
  });
}

/** A connection that was cut is gone at the server a moment later than here. */
async function countConnections(url: string): Promise<void> {
  for (let look = 0; look < 20; look++) {
    if ((await openConnections(url)) <= CONNECTIONS) return;
    await sleep(100);
  }
  broken['too many connections']++;
}

/** PostgreSQL ends all connections and recovers from its log when one of its processes is killed. */
async function crash(url: string): Promise<void> {
  const pid = await past(url, async (sql) => {
    const [row] = await sql<{ pid: number }[]>`
      select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() limit 1`;
    return row?.pid;
  });
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  while (
    !(await past(url, (sql) => sql`select 1`).then(
      () => true,
      () => false,
    ))
  )
    await sleep(20);
}
