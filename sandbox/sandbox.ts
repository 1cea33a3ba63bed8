import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest, variantOf } from '../src/manifest.ts';
import { type Database, type Keeping, openDatabase } from './database.ts';
import { type Jira, startJira } from './jira/index.ts';
import { keep, readKept, unreadable } from './kept.ts';
import { endMaro, maroEnvironment, spawnMaro } from './maro.ts';
import { type Manifest, type Slack, startSlack } from './slack/index.ts';

/** Maro and the world around it, on this machine. */
export type Sandbox = {
  slack: Slack;
  jira: Jira;
  manifest: Manifest;
  /** What `openDatabase` says of the database. */
  database: Pick<Database, 'restart'>;
  /** Settles when Maro ends by itself, with how it ended and its last words. Pending for ever when it is stopped. */
  death: Promise<string>;
  /** Ends everything, within ten seconds. */
  stop(): Promise<void>;
};

/** The site's name is the same in every run, so that issues which are kept are the same ones. RFC 2606 reserves `.example`. */
export const SITE = 'https://acme.example';
/** The file with what was said in Slack and what is in Jira, beside PostgreSQL's folder. */
const KEPT = 'slack-and-jira.json';
const LAST_LINES = 10;

/**
 * Starts PostgreSQL, the stand-ins for Slack and Jira, and the unchanged Maro between them; settles when Maro has
 * loaded all that it needs.
 * PostgreSQL is the one at `databaseUrl`, or one of its own without.
 * What Maro writes goes to `maro.log` in `folder`, and so do the data, Slack's and Jira's among them, except those of a throwaway
 * sandbox.
 * @throws a sentence when one of them does not start.
 */
export async function startSandbox(options: {
  folder: string;
  keeping: Keeping;
  databaseUrl: string | undefined;
}): Promise<Sandbox> {
  const { folder, keeping, databaseUrl } = options;
  mkdirSync(folder, { recursive: true });
  const manifest = variantOf(await readManifest(), { workflows: true, dynamic: true }) as unknown as Manifest;
  const file = join(folder, KEPT);
  if (keeping === 'fresh') await rm(file, { force: true });
  const kept = keeping === 'kept' ? await readKept(file) : undefined;
  const [slack, jira] = await Promise.all([
    startSlack({ manifest, kept: kept?.slack }),
    startJira({ kept: kept?.jira }),
  ]).catch((error: Error) => {
    throw kept === undefined ? error : unreadable(file, error);
  });
  jira.site = SITE;
  const database = await openDatabase(keeping, join(folder, 'postgres'), databaseUrl);
  const take = () => ({ slack: slack.keep(), jira: jira.issues.keep() });
  const keeper = keeping === 'throwaway' ? undefined : keep(file, take, console.error);

  const env = maroEnvironment({ slack, jira, databaseUrl: database.url });
  const maro = spawnMaro({ ...env, LOG_LEVEL: process.env.LOG_LEVEL }, 'pipe');
  const log = createWriteStream(join(folder, 'maro.log'), { flags: keeping === 'fresh' ? 'w' : 'a' });
  const last: string[] = [];
  for (const output of [maro.stdout, maro.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      log.write(`${line}\n`);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
    });
  }
  const ended = once(maro, 'close');
  let stopping = false;
  const death = new Promise<string>((resolve) => {
    void ended.then(([code, signal]) => {
      if (!stopping)
        resolve(`Maro ended by itself (${signal ?? `status ${code}`}). Its last lines:\n${last.join('\n')}`);
    });
  });

  async function stop(): Promise<void> {
    stopping = true;
    await endMaro(maro);
    await ended;
    log.end();
    await Promise.all([finished(log), keeper?.stop()]);
    await Promise.all([slack.stop(), jira.stop(), database.stop()]);
  }

  const outcome = await Promise.race([ready(slack, jira).catch((error: Error) => error.message), death]);
  if (outcome !== undefined) {
    await stop();
    throw new Error(outcome);
  }
  return { slack, jira, manifest, database, death, stop };
}

/** Maro asks for the site as soon as it has loaded its Jira client, which takes longer than to connect. */
async function ready(slack: Slack, jira: Jira): Promise<void> {
  await slack.connected();
  while (jira.count('serverInfo') === 0) await sleep(10);
}
