import { spawn } from 'node:child_process';
import { glob, mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './sandbox/postgres.ts';

/**
 * Runs the tests, those that are named on the command line or all, on one PostgreSQL server: the one that DATABASE_URL names
 * (its role must be allowed to create databases), else one of this run's own that is gone afterwards.
 */
/** As many files as there are cores: more of them make Maro late for the three seconds that Slack gives it. */
const PARALLEL = Math.max(2, availableParallelism());

const named = process.argv.slice(2);
const files = named.length > 0 ? named : (await Array.fromAsync(glob('test/**/*.test.ts'))).sort();
const server = process.env.DATABASE_URL
  ? undefined
  : await startPostgres({ folder: await mkdtemp(join(tmpdir(), 'maro-test-')), throwaway: true });
const url = process.env.DATABASE_URL ?? server?.url;

const tests = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', `--test-concurrency=${PARALLEL}`, '--test-timeout=120000', ...files],
  { stdio: 'inherit', env: { ...process.env, DATABASE_URL: url } },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal));
const code = await new Promise<number>((resolve) => tests.on('close', (exit) => resolve(exit ?? 1)));
await server?.stop();
process.exit(code);
