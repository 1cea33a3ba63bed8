import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { runSuite, testsIn } from './suite.ts';

/**
 * Runs all tests again and again, every other time beside a busy loop on each core, and says at the end which failed in which
 * round: "npm run test:steady -- 10" for ten rounds.
 */
const rounds = Number(process.argv[2] ?? 4);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(
    'Usage: npm run test:steady -- 10\nRuns the tests ten times, every other time beside a busy loop on each core.',
  );
  process.exit(2);
}

const told = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => told.abort());
const lines: string[] = [];
let red = 0;
for (let round = 1; round <= rounds && !told.signal.aborted; round++) {
  const load = round % 2 === 0 ? availableParallelism() : 0;
  const loops = Array.from({ length: load }, () => new Worker('for (;;);', { eval: true }));
  const began = performance.now();
  const failed = await runSuite(await testsIn(['test']), told.signal);
  const seconds = Math.round((performance.now() - began) / 1000);
  await Promise.all(loops.map((loop) => loop.terminate()));
  if (failed.length > 0) red++;
  const beside = load > 0 ? `, beside ${load} busy loops` : '';
  lines.push(`round ${round}: ${failed.length} failed, ${seconds} s${beside}`, ...failed.map((name) => `  ✖ ${name}`));
}
console.log(`\n${lines.join('\n')}`);
process.exit(red > 0 || told.signal.aborted ? 1 : 0);
