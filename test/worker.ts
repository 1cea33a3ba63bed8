import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, describe } from 'node:test';
import { cleanUp } from './cleanup.ts';

/**
 * Runs test files one after the other in this process, each as a suite of its own: of the files on the command line those
 * that no other worker of this run has taken. A file is taken by making its mark in the run's folder, which comes first.
 */
const FILE_TIMEOUT_MS = 300_000;

// Some tests wait for nothing but a timer that keeps no process alive, as Maro's own do.
const awake = setInterval(() => {}, 1_000);
const [folder = '', ...files] = process.argv.slice(2);
for (const [number, file] of files.entries()) {
  if (await take(number)) await runFile(file);
}
clearInterval(awake);

function take(number: number): Promise<boolean> {
  return writeFile(join(folder, String(number)), '', { flag: 'wx' }).then(
    () => true,
    (error) => (error.code === 'EEXIST' ? false : Promise.reject(error)),
  );
}

/** Hooks that the file has outside of its suites are then hooks of the file, and not of all that this process runs. */
function runFile(file: string): Promise<void> {
  // For the records of `sandbox/slack/record.ts`.
  process.env.SLACK_RECORDS_FILE = file;
  return new Promise((done) => {
    describe(file, { timeout: FILE_TIMEOUT_MS }, async () => {
      // A suite that was never made has no end of its own.
      await import(resolve(file)).catch((error) => {
        done();
        throw error;
      });
      after(() => cleanUp().finally(done));
    });
  });
}
