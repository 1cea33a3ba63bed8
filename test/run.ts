import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { runSuite } from './suite.ts';

/**
 * Runs the tests in the files that are named on the command line, or all, and "npm run check" beside them, whose words come last:
 * "npm test".
 */
const told = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => told.abort());
const checking = check();
const failed = await runSuite(process.argv.slice(2), told.signal);
const isGood = told.signal.aborted ? false : await checking;
process.exit(failed.length > 0 || !isGood ? 1 : 0);

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
