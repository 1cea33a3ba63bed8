import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createLeave } from '../../sandbox/leave.ts';
import { type Server, startPostgres } from '../../sandbox/postgres.ts';
import { createTemplate, nameOf } from '../template.ts';
import { CASES } from './cases.ts';
import { anyCommand, type Command, commandOf } from './commands.ts';
import { WRONGS, type Wrong } from './deed.ts';
import { begin, type History, judge, rest } from './history.ts';
import { type System, startSystem } from './system.ts';

/**
 * Lets people use two processes of Maro's through every door while everything around them breaks, and judges afterwards what
 * was done and what was said. "npm run simulate -- --minutes 10" plays the cases that once found something, then new seeds.
 * "--seed 7" plays what that seed stands for, with "--shrink" until the fewest commands that still fail are found; "--case 7"
 * plays one of cases.ts. Ends with 1 unless everything that must not happen did not.
 */
const USAGE = `npm run simulate                     plays the kept cases, then 10 new seeds
npm run simulate -- --runs 100       plays the kept cases, then 100 new seeds
npm run simulate -- --minutes 60     plays the kept cases, then new seeds for an hour
npm run simulate -- --seed 7         plays one seed; with --shrink, finds the fewest commands that still fail
npm run simulate -- --case 7         plays one of test/simulation/cases.ts`;
const values = readArguments();
const seed = values.seed === undefined ? undefined : Number(values.seed);
const minutes = Number(values.minutes ?? 0);
const runs = Number(values.runs ?? 10);
if (![seed ?? 0, minutes, runs].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error(`--seed, --runs, and --minutes take whole numbers.\n\n${USAGE}`);
  process.exit(2);
}

const MOST_COMMANDS = 50;
const MOST_BEGINNINGS = 3;
/** Three of them mostly wait, on two cores. */
const AT_ONCE = 3;

const counted = { runs: 0, deeds: 0, faults: 0, 'held by a process that died': 0 };
const wrong = Object.fromEntries(WRONGS.map((what) => [what, 0])) as Record<Wrong['what'], number>;
const failed: string[] = [];

let server: Server | undefined;
const leave = createLeave(async () => server?.stop());

try {
  server = await startPostgres({ folder: `/tmp/maro-simulation-${process.pid}`, throwaway: true });
  process.env.DATABASE_URL = server.url;
  process.env.TEMPLATE_DATABASE = nameOf(await createTemplate(server.url));
  const until = performance.now() + minutes * 60_000;
  const plays = playsToRun();
  const isOver = () => minutes > 0 && performance.now() > until;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = plays.next(); !next.done && !isOver(); next = plays.next()) await next.value();
    }),
  );
  console.table({ ...counted, ...wrong });
  const again = 'To play one again: npm run simulate -- --seed N, or --case N.';
  console.log(failed.length === 0 ? 'Nothing failed.' : `Failed: ${failed.join(', ')}. ${again}`);
  await leave(failed.length > 0 ? 1 : 0);
} catch (error) {
  console.error(error);
  await leave(1);
}

function readArguments() {
  const options = {
    seed: { type: 'string' },
    case: { type: 'string' },
    minutes: { type: 'string' },
    runs: { type: 'string' },
    shrink: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function* playsToRun(): Generator<() => Promise<void>> {
  if (seed !== undefined) return yield () => playSeed(seed);
  const cases = Object.entries(CASES).filter(([name]) => values.case === undefined || values.case === name);
  for (const [name, lines] of cases) yield () => playCase(name, lines);
  if (values.case !== undefined) return;
  const first = Math.floor(Math.random() * 1_000_000);
  for (let n = 0; minutes > 0 || n < runs; n++) yield () => playSeed(first + n);
}

/** The commands that a seed stands for, until commands are added to the table or taken from it. */
async function playSeed(seed: number): Promise<void> {
  const commands = fc.commands(anyCommand, { maxCommands: MOST_COMMANDS, size: 'max' });
  const property = fc.asyncProperty(fc.noBias(commands), async (list) => {
    const wrongs = await play(list);
    if (wrongs.length > 0) throw new Error(inLines(wrongs));
  });
  const details = await fc.check(property, { seed, numRuns: 1, endOnFailure: !values.shrink });
  if (!details.failed) return;
  failed.push(`seed ${seed}`);
  const [list = []] = details.counterexample ?? [];
  console.log(`seed ${seed}:\n${details.errorInstance}\n\n${[...list].join('\n')}\n`);
}

async function playCase(name: string, lines: string): Promise<void> {
  const wrongs = await play(
    lines
      .trim()
      .split('\n')
      .map((line) => commandOf(line.trim())),
  );
  if (wrongs.length === 0) return;
  failed.push(`case ${name}`);
  console.log(`case ${name}:\n${inLines(wrongs)}\n`);
}

function inLines(wrongs: readonly Wrong[]): string {
  return wrongs.map(({ what, deed }) => `${what}: ${deed}`).join('\n');
}

/** On a busy machine, the first command can be too late for Slack before anything is broken. Then the play starts over. */
async function begun(): Promise<{ system: System; history: History }> {
  for (let beginning = 1; ; beginning++) {
    const system = await startSystem();
    try {
      return { system, history: await begin(system) };
    } catch (error) {
      await system.stop();
      if (beginning === MOST_BEGINNINGS) throw error;
    }
  }
}

async function play(commands: Iterable<Command>): Promise<Wrong[]> {
  counted.runs++;
  const { system, history } = await begun();
  try {
    await fc.asyncModelRun(() => ({ model: history, real: system }), commands);
    const unfinished = await rest(system, history);
    const wrongs = [...unfinished, ...(await judge(system, history))];
    counted.deeds += history.deeds.length;
    counted.faults += history.faults.length;
    for (const { done } of history.deeds) if ((await done) === 'held') counted['held by a process that died']++;
    for (const { what } of wrongs) wrong[what]++;
    return wrongs;
  } finally {
    await system.stop();
  }
}
