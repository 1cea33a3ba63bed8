import { glob, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { startPostgres } from './sandbox/postgres.ts';

/**
 * Runs the tests, those that are named on the command line or all, on one PostgreSQL server: the one that DATABASE_URL names
 * (its role must be allowed to create databases), else one of this run's own that is gone afterwards.
 */
/** As many files as there are cores: more of them make Maro late for the three seconds that Slack gives it. */
const PARALLEL = Math.max(2, availableParallelism());
const WORKER = new URL('./worker.ts', import.meta.url).pathname;

const named = process.argv.slice(2);
const files = named.length > 0 ? named : (await Array.fromAsync(glob('test/**/*.test.ts'))).sort();
const folder = await mkdtemp(join(tmpdir(), 'maro-test-'));
const server = process.env.DATABASE_URL
  ? undefined
  : await startPostgres({ folder: join(folder, 'postgres'), throwaway: true });

const told = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => told.abort());
let red = false;
const tests = run({
  files: Array<string>(Math.min(PARALLEL, files.length)).fill(WORKER),
  concurrency: PARALLEL,
  execArgv: ['--import', 'tsx'],
  argv: [folder, ...files],
  signal: told.signal,
  env: { ...process.env, DATABASE_URL: process.env.DATABASE_URL ?? server?.url },
}).on('test:fail', () => {
  red = true;
});
await pipeline(tests, new spec(), process.stdout, { end: false });
await server?.stop();
await rm(folder, { recursive: true, force: true });
process.exit(red ? 1 : 0);
