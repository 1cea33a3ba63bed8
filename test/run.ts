import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { runSuite, testsIn } from './suite.ts';

/**
 * "npm test": runs all tests except those in `APART`, and "npm run check" at the same time. The output of the check comes last.
 * With files or folders on the command line, it runs the tests in them and nothing else.
 */
// Tests that kill processes and tests of the sandbox, which drive browsers, take twice as long as all others together. They have
// their own commands in package.json.
const APART = ['test/faults/', 'test/sandbox/'];
const told = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => told.abort());
const named = process.argv.slice(2);
const checking = named.length > 0 ? true : check();
const failed = await runSuite(named.length > 0 ? await testsIn(named) : await testsTogether(), told.signal);
const isGood = told.signal.aborted ? false : await checking;
process.exit(failed.length > 0 || !isGood ? 1 : 0);

async function testsTogether(): Promise<string[]> {
  return (await testsIn(['test'])).filter((file) => !APART.some((folder) => file.startsWith(folder)));
}

/** @returns whether types, lint, format, manifest and regular expressions are as they should be. */
async function check(): Promise<boolean> {
  const program = spawn('npm', ['run', '--silent', 'check'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: told.signal,
  });
  program.on('error', () => {});
  const [out, error, [code]] = await Promise.all([text(program.stdout), text(program.stderr), once(program, 'close')]);
  if (code !== 0) console.log(`npm run check:\n${out}${error}`);
  return code === 0;
}
