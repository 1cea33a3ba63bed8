import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import postgres from 'postgres';
import { createSandboxClock } from '../../sandbox/clock/index.ts';
import { createJira } from '../../src/jira/client.ts';
import type { IssueKey } from '../../src/key.ts';
import { createLog } from '../../src/log.ts';
import { words } from '../maro.ts';
import { openTrackerAt } from '../tracker.ts';
import { tracking } from './issues.ts';
import type { Bench, Line } from './measurement.ts';
import { type Program, start } from './program.ts';
import { inWorld, type World } from './world.ts';

const TENANT = 'T0ACME';
const ISSUES_A_CHANNEL = 10;
const ISSUES_A_CALL = 100;
/** Slack's limit for chat.update, a workspace. https://docs.slack.dev/reference/methods/chat.update/ */
const EDITS_A_MINUTE = 50;
/** Two minutes of edits, with room for boards that are edited twice because their issues came in two pages of the delta. */
const SOME = 80;
const WAIT_MS = 120_000;
/** The delta runs every minute, Jira's index is some seconds late, and Maro waits two seconds for more changes. */
const MOST_BY_DELTA_S = 60 + 5 + 2 + 3;

type Run = {
  world: World;
  clock: ReturnType<typeof createSandboxClock>;
  maro: Program;
  sql: postgres.Sql;
  /** The keys of the issues, ten for each channel. */
  keys: readonly IssueKey[];
};

/**
 * How long a change takes until the board shows it without a webhook, and how long Maro takes to edit the boards of many channels
 * when all their issues have changed, within Slack's limit. Where Maro would wait, the clock of Slack, Jira, Maro, and the database is
 * moved ahead, so the figures are seconds of that clock.
 */
export async function drain({ server, rounds, short, large }: Bench): Promise<Line[]> {
  const clock = createSandboxClock();
  const channels = Array.from({ length: large ? 1_000 : SOME }, (_, n) => {
    return { id: `C${n + 1}`, name: `team-${n + 1}`, type: 'public' as const, app_is_member: true };
  });
  const ids = channels.map(({ id }) => id);
  const task = async (world: World) => {
    const keys = await showBoards(world, ids);
    const sql = postgres(world.databaseUrl, { max: 1 });
    const maro = await start('maro', world.env, clock);
    const run: Run = { world, clock, maro, sql, keys };
    try {
      await until(async () => (await deltaAt(run)) > 0, 'the first delta');
      const byDelta: number[] = [];
      for (let round = 0; round < (short ? 1 : rounds); round++) byDelta.push(await changeUntilBoard(run, round));
      return [lineOf(byDelta), ...(await editAll(run, ids))];
    } finally {
      await maro.end();
      await sql.end();
    }
  };
  return inWorld(server, 'socket', task, { clock, channels });
}

function lineOf(byDelta: readonly number[]): Line {
  const baseline = { what: 'a minute', figures: byDelta.map(() => 60) };
  return { what: 'a change until the board, by delta', unit: 's', ours: byDelta, baseline, most: MOST_BY_DELTA_S };
}

/** Changes an issue just after a delta, and lets the next one find it. @returns seconds. */
async function changeUntilBoard(run: Run, round: number): Promise<number> {
  const { slack, jira } = run.world;
  await nextDelta(run);
  const from = run.clock.now();
  const summary = `By delta ${round}`;
  jira.issues.edit(run.keys[0] ?? '', { summary }, 'mara');
  jira.index.catchUp();
  await nextDelta(run);
  const isShown = () => slack.messages('C1', 'ada').some((message) => words(message).includes(summary));
  await until(async () => isShown() || (await skipWait(run).then(isShown)), 'the board');
  return (run.clock.now() - from) / 1000;
}

/** Changes all issues, and waits until no board shows less than Maro knows. */
async function editAll(run: Run, channels: readonly string[]): Promise<Line[]> {
  const { maro, sql, keys } = run;
  const { slack, jira } = run.world;
  slack.trouble.tiers(true);
  let seen = slack.log.length;
  for (const [n, key] of keys.entries()) jira.issues.edit(key, { summary: `Changed ${n}` }, 'mara');
  jira.index.catchUp();
  await nextDelta(run);
  const edited = new Set<unknown>();
  const times: number[] = [];
  const memoryMb: number[] = [];
  const isDrained = async () => {
    await skipWait(run);
    for (; seen < slack.log.length && slack.log[seen]?.answer !== undefined; seen++) {
      const { name, args, answer, at = 0 } = slack.log[seen] ?? {};
      if (name !== 'chat.update' || !isOk(answer)) continue;
      edited.add(args?.channel);
      times.push(at);
    }
    const quarters = Math.floor((edited.size * 4) / channels.length);
    while (memoryMb.length < quarters) memoryMb.push(await maro.memoryMb());
    if (edited.size < channels.length) return false;
    return (await sql`select from boards where wanted_at is not null limit 1`).length === 0;
  };
  await until(isDrained, 'all boards', channels.length * 1_000);
  console.error(
    `drain: ${times.length} edits; memory at the quarters ${memoryMb.map((mb) => mb.toFixed(0)).join(', ')} MB`,
  );
  const count = channels.length;
  return [
    {
      what: `${keys.length.toLocaleString('en')} changes until ${count.toLocaleString('en')} boards are edited`,
      unit: 's',
      ours: [(Math.max(...times) - Math.min(...times)) / 1000],
      baseline: { what: "Slack's limit", figures: [(Math.ceil(count / EDITS_A_MINUTE) - 1) * 60] },
      target: 0.909,
    },
    {
      what: 'memory after the last of these boards',
      unit: 'MB',
      ours: memoryMb.slice(-1),
      baseline: { what: 'after a quarter', figures: memoryMb.slice(0, 1) },
      most: 190,
    },
  ];
}

/** Moves the clock to when the job that draws boards is due, if Maro waits for that. */
async function skipWait({ sql, clock }: Run): Promise<void> {
  const [job] = await sql<{ ms: number }[]>`
    select extract(epoch from run_at - now())::float8 * 1000 as ms from graphile_worker.jobs
    where key = ${`draw:${TENANT}`} and locked_at is null and run_at > now()`;
  if (job === undefined) await sleep(20);
  else await clock.move(Math.max(1, Math.ceil(job.ms)));
}

/** Moves the clock to the next minute, and waits for its delta. */
async function nextDelta(run: Run): Promise<void> {
  const before = await deltaAt(run);
  await run.clock.move(60_000 - (run.clock.now() % 60_000) + 1);
  await until(async () => (await deltaAt(run)) > before, 'a delta');
}

/** When the last delta ran, in seconds since 1970; 0 before the first. */
async function deltaAt({ sql }: Run): Promise<number> {
  const [row] = await sql`select extract(epoch from max(delta_at)) as at from jira_syncs`;
  return Number(row?.at);
}

/** Tracks issues in each channel, and posts a board there. @returns the keys of the issues. */
async function showBoards({ slack, jira, databaseUrl }: World, channels: readonly string[]): Promise<IssueKey[]> {
  const tracker = await openTrackerAt(databaseUrl);
  const { url: host, email, apiToken } = jira;
  const log = createLog('error', process.stderr);
  const reader = createJira({ host, email, apiToken, projects: [] }, log, (site) =>
    tracker.rememberSite({ tenant: TENANT, ...site }),
  );
  const web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const keys: IssueKey[] = [];
  for (let at = 0; at < channels.length; at += ISSUES_A_CALL / ISSUES_A_CHANNEL) {
    const some = Array.from(
      { length: ISSUES_A_CALL },
      () => jira.issues.create('PLAT', { summary: 'Of the bench' }).key as IssueKey,
    );
    const readings = [...(await reader.read(some)).values()];
    const issues = readings.flatMap((reading) => (reading.state === 'shown' ? [reading.issue] : []));
    for (const channel of channels.slice(at, at + ISSUES_A_CALL / ISSUES_A_CHANNEL)) {
      const of = issues.splice(0, ISSUES_A_CHANNEL);
      await tracker.track(tracking(channel, of, randomUUID()));
      const { ts: messageTs = '' } = await web.chat.postMessage({ channel, text: 'A board' });
      const taken = await tracker.takeBoard({ tenant: TENANT, channel, holder: randomUUID(), state: 'shown' });
      if (taken === 'busy') throw new Error('Another process works on the board.');
      const drawn = { messageTs, content: '', isEdited: false, staleAt: undefined };
      await tracker.boardDrawn({ tenant: TENANT, board: taken.board, drawn });
    }
    keys.push(...some);
  }
  await tracker.close();
  return keys;
}

function isOk(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;
}

async function until(isSo: () => Promise<boolean>, what: string, withinMs = WAIT_MS): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await isSo()); await sleep(5)) {
    if (Date.now() > deadline) throw new Error(`Too late: ${what}.`);
  }
}
