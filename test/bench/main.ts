import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLeave } from '../../sandbox/leave.ts';
import { type Server, startPostgres } from '../../sandbox/postgres.ts';
import { help } from './help.ts';
import { keys } from './keys.ts';
import { list } from './list.ts';
import { machine } from './machine.ts';
import { type Line, type Measurement, ratioOf } from './measurement.ts';
import { memory } from './memory.ts';
import { recovery } from './recovery.ts';
import { startUp } from './start-up.ts';
import { steps } from './steps.ts';
import { table } from './table.ts';
import { ticket } from './ticket.ts';
import { track } from './track.ts';
import { tracked } from './tracked.ts';

const measurements: Readonly<Record<string, Measurement>> = {
  help,
  tracked,
  track,
  keys,
  list,
  start: startUp,
  memory,
  recovery,
  steps,
  ticket,
};

const USAGE = `npm run bench                        every measurement, five rounds each, some ten minutes
npm run bench -- --short             fewer and lighter rounds, for CI
npm run bench -- --large list        the list on 10 million rows
npm run bench -- ${Object.keys(measurements).join(' ')}
                                     only those that are named`;

const { values, positionals } = readArguments();
const names = positionals.length > 0 ? positionals : Object.keys(measurements);

let server: Server | undefined;
let folder: string | undefined;
const leave = createLeave(async () => {
  await server?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

try {
  await leave(await main());
} catch (error) {
  console.error(error);
  await leave(1);
}

/** @returns 1 when Maro is so much slower than it should be that no noise of the machine explains it. */
async function main(): Promise<number> {
  const { short, large } = values;
  const url = process.env.DATABASE_URL || (await startServer());
  console.log(`${await machine(url)}\n`);
  const lines: Line[] = [];
  for (const name of names) {
    const measure = measurements[name] as Measurement;
    const from = performance.now();
    lines.push(...(await measure({ server: url, rounds: short ? 3 : 5, short, large })));
    console.error(`${name}: took ${((performance.now() - from) / 1000).toFixed(0)} s`);
  }
  console.log(`${table(lines)}\n`);
  console.log(
    `Medians of ${short ? 'three' : 'five'} rounds, with the least and the most, Maro and its baseline in turn.`,
  );
  const slow = lines.filter((line) => ratioOf(line) < (line.limit ?? 0));
  for (const { what, limit } of slow) console.error(`Less than half of its target, below ${limit}: ${what}`);
  return slow.length === 0 ? 0 : 1;
}

/** A server of this run's own that writes as one in production does: it waits for the disk. */
async function startServer(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'maro-bench-'));
  server = await startPostgres({ folder });
  return server.url;
}

function readArguments() {
  const options = { short: { type: 'boolean', default: false }, large: { type: 'boolean', default: false } } as const;
  try {
    const parsed = parseArgs({ options, allowPositionals: true });
    const unknown = parsed.positionals.filter((name) => !Object.hasOwn(measurements, name));
    if (unknown.length > 0) throw new Error(`There is no measurement ${unknown.join(', ')}.`);
    return parsed;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
