import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createLeave } from '../../sandbox/leave.ts';
import { type Server, startPostgres } from '../../sandbox/postgres.ts';
import { createTemplate, nameOf } from '../template.ts';
import { CASES } from './cases.ts';
import { anyCommand, type Command, commandOf } from './commands.ts';
import { WRONGS, type Wrong } from './deed.ts';
import { begin, judge, rest } from './history.ts';
import { startSystem } from './system.ts';

/**
 * Lets people use two processes of Maro's through every door while everything around them breaks, and judges afterwards what
 * was done and what was said. "npm run simulate -- --minutes 10" plays the cases that once found something, then new seeds.
 * "--seed 7" plays what that seed stands for, with "--shrink" until the fewest commands that still fail are found; "--case 7"
 * plays one of cases.ts. Ends with 1 unless everything that must not happen did not.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    case: { type: 'string' },
    minutes: { type: 'string' },
    runs: { type: 'string' },
    shrink: { type: 'boolean', default: false },
  },
});
const seed = values.seed === undefined ? undefined : Number(values.seed);
const minutes = Number(values.minutes ?? 0);
const runs = Number(values.runs ?? 10);
if (![seed ?? 0, minutes, runs].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error('npm run simulate -- --seed 7, or --case 7, or --runs 10, or --minutes 60: whole numbers.');
  process.exit(2);
}

const MOST_COMMANDS = 50;
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
  if (failed.length > 0)
    console.log(`These failed: ${failed.join(', ')}. Each is repeated by: npm run simulate -- --seed N, or --case N`);
  await leave(failed.length > 0 ? 1 : 0);
} catch (error) {
  console.error(error);
  await leave(1);
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

async function play(commands: Iterable<Command>): Promise<Wrong[]> {
  counted.runs++;
  const system = await startSystem();
  try {
    const history = await begin(system);
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
