import { runSuite } from './suite.ts';

/** Runs the tests in the files that are named on the command line, or all: "npm test". */
const told = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => told.abort());
const failed = await runSuite(process.argv.slice(2), told.signal);
process.exit(failed.length > 0 || told.signal.aborted ? 1 : 0);
