import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLeave } from '../../sandbox/leave.ts';
import { type Server, startPostgres } from '../../sandbox/postgres.ts';
import { board } from './board.ts';
import { drain } from './drain.ts';
import { help } from './help.ts';
import { hostile } from './hostile.ts';
import { keys } from './keys.ts';
import { ledger } from './ledger.ts';
import { list } from './list.ts';
import { machine } from './machine.ts';
import { isFar, type Line, type Measurement } from './measurement.ts';
import { memory } from './memory.ts';
import { recovery } from './recovery.ts';
import { startUp } from './start-up.ts';
import { steps } from './steps.ts';
import { table } from './table.ts';
import { ticket } from './ticket.ts';
import { track } from './track.ts';
import { tracked } from './tracked.ts';
import { webhook } from './webhook.ts';

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
  ledger,
  ticket,
  webhook,
  board,
  drain,
  hostile,
};

const USAGE = `npm run bench                        runs every measurement, five rounds each, in about ten minutes
npm run bench -- --short             runs three lighter rounds, as CI does
npm run bench -- --large list        measures the list on 10 million rows of 1,000 workspaces
npm run bench -- --large drain       edits a thousand boards whose 10,000 issues have changed
npm run bench -- ${Object.keys(measurements).join(' ')}
                                     runs only the named measurements`;

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
    `Medians of ${short ? 'three' : 'five'} rounds, with the lowest and the highest. Maro and its baseline take turns.`,
  );
  const far = lines.filter(isFar);
  for (const { what } of far) console.error(`Not even half as good as its target: ${what}`);
  return far.length === 0 ? 0 : 1;
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
