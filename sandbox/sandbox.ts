import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest, variantOf } from '../src/manifest.ts';
import { createSandboxClock, type SandboxClock } from './clock/index.ts';
import { type Database, type Keeping, openDatabase } from './database.ts';
import { type Jira, startJira } from './jira/index.ts';
import { keep, readKept, unreadable } from './kept.ts';
import { endMaro, maroEnvironment, moveMaro, spawnMaro } from './maro.ts';
import { createClock, type Manifest, type Slack, startSlack } from './slack/index.ts';

/** Maro and the world around it, on this machine. */
export type Sandbox = {
  slack: Slack;
  jira: Jira;
  manifest: Manifest;
  clock: SandboxClock;
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
  const clock = createSandboxClock();
  const [slack, jira] = await Promise.all([
    startSlack({ manifest, kept: kept?.slack, clock: createClock(clock.now) }),
    startJira({ kept: kept?.jira, now: clock.now }),
  ]).catch((error: Error) => {
    throw kept === undefined ? error : unreadable(file, error);
  });
  jira.site = SITE;
  // Jira knows ada by the email address in Slack, so that Home shows her issues and "me" is somebody.
  const { aisha } = jira.people;
  if (aisha) jira.people = { ...jira.people, aisha: { ...aisha, emailAddress: 'ada@example.com' } };
  const database = await openDatabase(keeping, join(folder, 'postgres'), databaseUrl);
  await clock.tie(database.url);
  const take = () => ({ slack: slack.keep(), jira: jira.issues.keep() });
  const keeper = keeping === 'throwaway' ? undefined : keep(file, take, console.error);

  const secret = randomUUID();
  const env = {
    ...maroEnvironment({ slack, jira, databaseUrl: database.url }),
    ...{ PORT: '0', JIRA_WEBHOOK_SECRET: secret, LOG_LEVEL: process.env.LOG_LEVEL },
  };
  const maro = spawnMaro(env, 'pipe', clock.aheadMs);
  clock.follow(() => slack.clock.advance(0));
  clock.follow((aheadMs) => moveMaro(maro, aheadMs));
  const log = createWriteStream(join(folder, 'maro.log'), { flags: keeping === 'fresh' ? 'w' : 'a' });
  const last: string[] = [];
  for (const output of [maro.stdout, maro.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      log.write(`${line}\n`);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      const port = portIn(line);
      if (port !== undefined) jira.webhooks.register({ url: `http://127.0.0.1:${port}/jira/webhook`, secret });
    });
  }
  const ended = once(maro, 'close');
  let stopping = false;
  const death = new Promise<string>((resolve) => {
    void ended.then(([code, signal]) => {
      if (!stopping)
        resolve(`Maro stopped unexpectedly (${signal ?? `status ${code}`}). Its last lines:\n${last.join('\n')}`);
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
  return { slack, jira, manifest, clock, database, death, stop };
}

/** The port in the line that says that Maro is ready. */
function portIn(line: string): number | undefined {
  const [, port] = /"port":(\d+).*"msg":"ready"/.exec(line) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** Maro asks for the site as soon as it has loaded its Jira client, which takes longer than to connect. */
async function ready(slack: Slack, jira: Jira): Promise<void> {
  await slack.connected();
  while (jira.count('serverInfo') === 0) await sleep(10);
}
