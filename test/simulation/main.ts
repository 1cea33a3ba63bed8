import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { migrate } from '../../src/database/migrate.ts';
import { readDatabaseUrl } from '../../src/database-url.ts';
import { createLeave } from '../sandbox/leave.ts';
import { createDatabase, type Server, startPostgres } from '../sandbox/postgres.ts';
import { deeds } from './deeds.ts';
import { faults } from './faults.ts';
import { begin, judge, rest, WRONGS, type Wrong } from './history.ts';
import { KNOWN } from './seeds.ts';
import { startSystem } from './system.ts';

/**
 * Lets people use two processes of Maro's through every door while everything around them breaks, and judges afterwards what was
 * done and what was said: "npm run simulate -- --minutes 10", or "--seed 7" for what that seed does, with "--shrink" for the fewest commands that still fail. Ends with 1 unless
 * everything that must not happen did not.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    runs: { type: 'string' },
    shrink: { type: 'boolean', default: false },
  },
});
const only = values.seed === undefined ? undefined : Number(values.seed);
const minutes = Number(values.minutes ?? 0);
const runs = Number(values.runs ?? 10);
if (![only ?? 0, minutes, runs].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error('npm run simulate -- --seed 7, or --runs 10, or --minutes 60: whole numbers.');
  process.exit(2);
}

const MOST_COMMANDS = 50;
/** Three of them mostly wait, on two cores. */
const AT_ONCE = 3;

const counted = { seeds: 0, deeds: 0, faults: 0, 'held by a process that died': 0 };
const wrong = Object.fromEntries(WRONGS.map((what) => [what, 0])) as Record<Wrong['what'], number>;
const failed: number[] = [];

let server: Server | undefined;
const leave = createLeave(async () => server?.stop());

try {
  server = await startPostgres({ folder: `/tmp/maro-simulation-${process.pid}`, throwaway: true });
  process.env.DATABASE_URL = server.url;
  const template = await createDatabase(server.url, { name: 'template_of_simulation' });
  await migrate(readDatabaseUrl(template));
  process.env.TEMPLATE_DATABASE = 'template_of_simulation';
  const until = performance.now() + minutes * 60_000;
  const seeds = seedsToRun();
  const isOver = () => minutes > 0 && performance.now() > until;
  await Promise.all(
    Array.from({ length: only === undefined ? AT_ONCE : 1 }, async () => {
      for (let next = seeds.next(); !next.done && !isOver(); next = seeds.next()) await simulate(next.value);
    }),
  );
  console.table({ ...counted, ...wrong });
  if (failed.length > 0)
    console.log(`These seeds failed: ${failed.join(', ')}. Each is repeated by: npm run simulate -- --seed N`);
  await leave(failed.length > 0 ? 1 : 0);
} catch (error) {
  console.error(error);
  await leave(1);
}

function* seedsToRun(): Generator<number> {
  if (only !== undefined) return yield only;
  yield* KNOWN;
  const first = Math.floor(Math.random() * 1_000_000);
  for (let n = 0; minutes > 0 || n < runs; n++) yield first + n;
}

/** One run of the commands that a seed stands for. */
async function simulate(seed: number): Promise<void> {
  counted.seeds++;
  const commands = fc.commands([...deeds, ...deeds, ...faults], { maxCommands: MOST_COMMANDS, size: 'max' });
  const property = fc.asyncProperty(fc.noBias(commands), async (list) => {
    const wrongs = await play(list);
    if (wrongs.length > 0) throw new Error(wrongs.map(({ what, deed }) => `${what}: ${deed}`).join('\n'));
  });
  const details = await fc.check(property, { seed, numRuns: 1, endOnFailure: !values.shrink });
  if (!details.failed) return;
  failed.push(seed);
  console.log(`seed ${seed}:\n${details.errorInstance}\n${details.counterexample}\n`);
}

async function play(
  commands: Iterable<fc.AsyncCommand<Awaited<ReturnType<typeof begin>>, Awaited<ReturnType<typeof startSystem>>>>,
): Promise<Wrong[]> {
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
