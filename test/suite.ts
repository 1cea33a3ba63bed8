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
/** What Node has compiled, in this run and those before it. Node compiles anew what has changed. */
const COMPILED = new URL('../node_modules/.cache/maro/compiled', import.meta.url).pathname;
const WORKER = new URL('./worker.ts', import.meta.url).pathname;

/**
 * Those that take longest come first, since one that began last would run alone at the end. Those that start a browser are
 * apart, since several browsers at once make Maro late on two cores.
 */
const LONGEST: readonly string[] = [
  'test/faults/creation.test.ts',
  'test/sandbox/browser/panels.test.ts',
  'test/src/main.test.ts',
  'test/faults/jobs.test.ts',
  'test/src/forms/create.test.ts',
  'test/src/tracker/site.test.ts',
  'test/sandbox/browser/workspace.test.ts',
  'test/src/tracker/plans.test.ts',
  'test/functions/create_ticket.test.ts',
  'test/faults/crash.test.ts',
  'test/sandbox/browser/accessibility.test.ts',
  'test/sandbox/terminal/sandbox.test.ts',
  'test/sandbox/postgres.test.ts',
  'test/src/slack/errors/steps.test.ts',
  'test/faults/digest.test.ts',
  'test/sandbox/browser/tickets.test.ts',
  'test/src/slack/errors/views.test.ts',
  'test/faults/steps.test.ts',
  'test/faults/database.test.ts',
  'test/workflows/create_and_track.test.ts',
  'test/sandbox/browser/first-minute.test.ts',
  'test/src/database/connection.test.ts',
  'test/src/slack/socket.test.ts',
  'test/src/tracker/tracked.test.ts',
  'test/faults/presses.test.ts',
  'test/src/boards/write.test.ts',
  'test/src/manifest.test.ts',
  'test/faults/threads.test.ts',
  'test/faults/boards.test.ts',
  'test/src/tracker/track.test.ts',
  'test/workflows/link_and_track.test.ts',
  'test/faults/jira.test.ts',
  'test/functions/post_ticket.test.ts',
  'test/src/listeners/options.test.ts',
  'test/src/ledger/ledger.test.ts',
  'test/faults/failover.test.ts',
  'test/functions/create_stories.test.ts',
  'test/src/slack/errors/messages.test.ts',
  'test/faults/shutdown.test.ts',
  'test/src/messages/blocks.test.ts',
  'test/src/forms/create/redraw.test.ts',
  'test/src/listeners/actions.test.ts',
  'test/src/slack/errors/boards.test.ts',
  'test/src/listeners/home.test.ts',
  'test/src/slack/errors/start.test.ts',
  'test/src/database/migrate.test.ts',
  'test/faults/hostile-text.test.ts',
  'test/src/tracker/untrack.test.ts',
  'test/faults/tickets.test.ts',
  'test/src/jira/transport.test.ts',
  'test/faults/pooler.test.ts',
  'test/src/tracker/changes.test.ts',
];

/** The test files at these paths, which are folders or files. The files that take longest come first. */
export async function testsIn(paths: readonly string[]): Promise<string[]> {
  const files = await Promise.all(
    paths.map((path) => (path.endsWith('.ts') ? [path] : Array.fromAsync(glob(`${path}/**/*.test.ts`)))),
  );
  const sorted = [...new Set(files.flat())].sort();
  return [...LONGEST.filter((file) => sorted.includes(file)), ...sorted.filter((file) => !LONGEST.includes(file))];
}

/**
 * Runs the tests in these files, and reports on standard output. They run on one PostgreSQL server:
 * the one that DATABASE_URL names (its role must be allowed to create databases), else one of this run's own that is gone
 * afterwards. `stop` ends them early. Settles with the names of the tests that failed, each with its file and suites in front.
 */
export async function runSuite(files: readonly string[], stop: AbortSignal): Promise<string[]> {
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
        NODE_COMPILE_CACHE: COMPILED,
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

function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'maro-test-'));
}
