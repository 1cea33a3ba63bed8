import '../sandbox/dotenv.ts';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLeave } from '../sandbox/leave.ts';
import { endMaro, spawnMaro } from '../sandbox/maro.ts';
import { type Server, startPostgres } from '../sandbox/postgres.ts';
import { ConfigError, readConfig } from '../src/config.ts';

/**
 * Maro with a real Slack and a real Jira, on this machine: "npm run dev", and what "slack run" starts. It starts anew whenever
 * its source changes. Without DATABASE_URL it brings a PostgreSQL of its own, whose data stay in .dev.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WATCHED = ['functions', 'src', 'workflows'];
/** Editors and git write several files at once. */
const SETTLED_MS = 100;

let maro: ChildProcess | undefined;
let postgres: Server | undefined;
let isLeaving = false;
const leave = createLeave(async () => {
  isLeaving = true;
  if (maro !== undefined) await endMaro(maro);
  await postgres?.stop();
});

try {
  await leave(await main());
} catch (error) {
  console.error(error instanceof Error && error.name === 'Error' ? error.message : error);
  await leave(1);
}

async function main(): Promise<number> {
  const given = process.env.DATABASE_URL?.trim() || undefined;
  checkConfig(given);
  postgres = given === undefined ? await startPostgres({ folder: `${ROOT}/.dev/postgres` }) : undefined;
  const env = { ...process.env, DATABASE_URL: given ?? postgres?.url };
  const nextChange = watchSource();
  for (let isFirst = true; !isLeaving; isFirst = false) {
    const change = nextChange();
    maro = spawnMaro(env, 'inherit');
    const ended = once(maro, 'exit').then(([code]) => Number(code ?? 1));
    const status = await Promise.race([ended, change]);
    if (status === undefined) {
      console.error('The source changed. Restarting Maro …');
      await endMaro(maro);
    } else if (isFirst || isLeaving) {
      return status;
    } else {
      console.error('Maro stopped. It restarts when the source changes.');
      await change;
    }
  }
  return 0;
}

/** Says what is missing before anything is started. */
function checkConfig(databaseUrl: string | undefined): void {
  try {
    readConfig({ ...process.env, DATABASE_URL: databaseUrl ?? 'postgres://localhost/maro' });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Error(`${error.message}\nSet these variables in the environment or in the file .env.`);
  }
}

/** Watches the source. Each promise that it gives out settles after the next change. */
function watchSource(): () => Promise<void> {
  let next = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  for (const folder of WATCHED) {
    watch(`${ROOT}/${folder}`, { recursive: true }, (_, file) => {
      if (file === null || !/\.(ts|js|sql)$/.test(file)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        next.resolve();
        next = Promise.withResolvers();
      }, SETTLED_MS);
    });
  }
  return () => next.promise;
}
