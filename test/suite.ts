import { glob, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { dropDatabase, startPostgres } from '../sandbox/postgres.ts';
import { createTemplate, nameOf } from './template.ts';

/**
 * Two files more than there are cores, since a test waits as long as it works: for a process, a timer, a browser. Still more of
 * them make Maro late for the three seconds that Slack gives it.
 */
const PARALLEL = availableParallelism() + 2;
const WORKER = new URL('./worker.ts', import.meta.url).pathname;

/** Those that take longest, in that order: whichever began last would run alone at the end. */
const LONGEST: readonly string[] = [
  'test/faults/creation.test.ts',
  'test/sandbox/terminal/sandbox.test.ts',
  'test/sandbox/postgres.test.ts',
  'test/sandbox/browser/panels.test.ts',
  'test/faults/crash.test.ts',
  'test/src/forms/create.test.ts',
  'test/faults/database.test.ts',
  'test/sandbox/browser/workspace.test.ts',
  'test/faults/shutdown.test.ts',
  'test/sandbox/terminal/tour.test.ts',
  'test/src/issues/visible.test.ts',
  'test/sandbox/browser/tickets.test.ts',
  'test/dev.test.ts',
  'test/src/main.test.ts',
  'test/faults/failover.test.ts',
  'test/src/database/connection.test.ts',
  'test/faults/hostile-text.test.ts',
  'test/faults/connections.test.ts',
  'test/faults/tickets.test.ts',
  'test/faults/pooler.test.ts',
  'test/faults/steps.test.ts',
  'test/faults/jira.test.ts',
  'test/faults/concurrency.test.ts',
  'test/sandbox/database.test.ts',
  'test/faults/jobs.test.ts',
  'test/src/ledger/ledger.test.ts',
  'test/faults/requests.test.ts',
  'test/src/forms/create/redraw.test.ts',
  'test/src/database/migrate.test.ts',
  'test/src/tracker/plans.test.ts',
  'test/src/jira/client.test.ts',
  'test/sandbox/postgres/binaries.test.ts',
  'test/faults/deliveries.test.ts',
  'test/src/listeners/actions.test.ts',
  'test/functions/create_ticket.test.ts',
];

/**
 * Runs the tests in these files, or all when it gets none, and reports on standard output. They run on one PostgreSQL server:
 * the one that DATABASE_URL names (its role must be allowed to create databases), else one of this run's own that is gone
 * afterwards. `stop` ends them early. Settles with the names of the tests that failed, each with its file and suites in front.
 */
export async function runSuite(named: readonly string[], stop: AbortSignal): Promise<string[]> {
  const files = named.length > 0 ? named : await allFiles();
  const given = process.env.DATABASE_URL || undefined;
  const server = given === undefined ? await startPostgres({ folder: await makeFolder(), throwaway: true }) : undefined;
  const url = given ?? server?.url ?? '';
  const folder = await makeFolder();
  const template = await createTemplate(url);
  try {
    const tests = run({
      files: Array<string>(Math.min(PARALLEL, files.length)).fill(WORKER),
      concurrency: PARALLEL,
      execArgv: ['--import', 'tsx'],
      argv: [folder, ...files],
      env: {
        ...process.env,
        DATABASE_URL: url,
        TEMPLATE_DATABASE: nameOf(template),
        // Many tests start Maro or the sandbox as a program, and half of that is compiling.
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
      },
      signal: stop,
    });
    const path: string[] = [];
    const failed: string[] = [];
    tests.on('test:start', ({ name, nesting }) => void path.splice(nesting, Infinity, name));
    tests.on('test:fail', ({ name, nesting, details }) => {
      // What is around a test that failed has failed for that; a worker may also have died of something else.
      const around = (details.error as { failureType?: string }).failureType === 'subtestsFailed';
      if (!around && (name !== WORKER || failed.length === 0))
        failed.push([...path.slice(0, nesting), name].join(' > '));
    });
    await pipeline(tests, new spec(), process.stdout, { end: false });
    return failed;
  } finally {
    await dropDatabase(template);
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function allFiles(): Promise<string[]> {
  const files = (await Array.fromAsync(glob('test/**/*.test.ts'))).sort();
  return [...LONGEST, ...files.filter((file) => !LONGEST.includes(file))];
}

function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'maro-test-'));
}
