import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Jira, startJira } from '../sandbox/jira/index.ts';
import { maroEnvironment, spawnMaro } from '../sandbox/maro.ts';
import { createDatabase, dropDatabase } from '../sandbox/postgres.ts';
import { type Slack, type SlackOptions, startSlack } from '../sandbox/slack/index.ts';
import { readConfig } from '../src/config.ts';
import type { JiraPatience } from '../src/jira/client.ts';
import { createLog } from '../src/log.ts';
import { type Manifest, readManifest } from '../src/manifest.ts';
import { openMaro } from '../src/maro.ts';
import { cleanup } from './cleanup.ts';
import { rows } from './rows.ts';

type Line = { level: string; msg: string } & Record<string, unknown>;

/** Maro, at work in the process of the test. */
export type Maro = {
  /** What it logged, a line each. */
  log: Line[];
  /** All it wrote as text: its log, and of a process of its own both outputs. */
  written(): string;
  /** The port of its HTTP server. */
  port: number;
};

/** Maro as it runs in production, in a process of its own. */
export type MaroProcess = Maro & {
  kill(signal: NodeJS.Signals): void;
  /** Settles with the exit status, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
};

export type World = { slack: Slack; jira: Jira; databaseUrl: string; env: NodeJS.ProcessEnv };

/** An empty database of this test's own, gone afterwards. */
export function database(): Promise<string> {
  return make({});
}

/** The same, at the version of this Maro: a copy of the one that the run has made. */
export function migratedDatabase(): Promise<string> {
  return make({ template: given('TEMPLATE_DATABASE') });
}

async function make(options: { template?: string }): Promise<string> {
  const url = await createDatabase(given('DATABASE_URL'), options);
  cleanup(async () => {
    // A connection that was ended a moment ago may still be there, and nobody listens any more when PostgreSQL ends it again.
    await until(() => isLeft(url), 'nobody is connected', 1_000).catch(() => {});
    await dropDatabase(url);
  });
  return url;
}

async function isLeft(url: string): Promise<boolean> {
  const others = 'select from pg_stat_activity where datname = $1';
  return (await rows(given('DATABASE_URL'), others, new URL(url).pathname.slice(1))).length === 0;
}

function given(name: 'DATABASE_URL' | 'TEMPLATE_DATABASE'): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error('Tests need a PostgreSQL server: run them with "npm test -- <files>", which starts one.');
}

/** Slack, Jira and a database for one Maro or several, without starting any. */
export async function world(
  options: Partial<SlackOptions> = {},
  jiraOptions: Parameters<typeof startJira>[0] = {},
): Promise<World> {
  const manifest = options.manifest ?? ((await readManifest()) as Manifest as SlackOptions['manifest']);
  const databaseUrl = await migratedDatabase();
  const [slack, jira] = await Promise.all([startSlack({ ...options, manifest }), startJira(jiraOptions)]);
  cleanup(() => Promise.all([slack.stop(), jira.stop()]));
  const env = maroEnvironment({ slack, jira, databaseUrl, transport: options.transport });
  return { slack, jira, databaseUrl, env };
}

/** Starts Maro in this process, of the same parts as the program but for its jobs, and waits until it can be reached. */
export async function startMaro(
  world: World,
  more: NodeJS.ProcessEnv = {},
  patience: JiraPatience = {},
): Promise<Maro & { stop(): Promise<void> }> {
  const config = readConfig({ ...world.env, ...more });
  const { maro, write } = record();
  const program = await openMaro(config, createLog(config.logLevel, { write }), { patience, jobs: false });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= program.stop();
    return stopping;
  };
  cleanup(stop);
  await program.start();
  await reached(maro, world);
  return Object.assign(maro, { stop });
}

/** Starts Maro's process, and waits until it can be reached: for what only a process shows, such as its end. */
export async function startProcess(world: World, more: NodeJS.ProcessEnv = {}): Promise<MaroProcess> {
  const maro = launch({ ...world.env, ...more });
  await ready(maro);
  await reached(maro, world);
  return maro;
}

/** Starts Maro's process with nothing but this environment. */
export function launch(env: NodeJS.ProcessEnv): MaroProcess {
  const child = spawnMaro(env, 'pipe');
  const { maro, write } = record();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => write(`${line}\n`));
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  cleanup(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return Object.assign(maro, { ended, kill: (signal: NodeJS.Signals) => void child.kill(signal) });
}

export async function ready(maro: MaroProcess): Promise<void> {
  let over = false;
  void maro.ended.then(() => {
    over = true;
  });
  await until(() => over || isReady(maro) !== undefined, 'Maro is ready');
  if (isReady(maro) === undefined) throw new Error(`Maro ended before it was ready:\n${maro.written()}`);
}

function isReady({ log }: Maro): Line | undefined {
  return log.find(({ msg }) => msg === 'ready');
}

/** Keeps what Maro writes, a line at a time. */
function record(): { maro: Maro; write(line: string): void } {
  let text = '';
  const maro: Maro = { log: [], written: () => text, port: 0 };
  return {
    maro,
    write(line) {
      text += line;
      if (line.startsWith('{')) maro.log.push(JSON.parse(line));
    },
  };
}

async function reached(maro: Maro, { slack, jira, env, databaseUrl }: World): Promise<void> {
  maro.port = Number(isReady(maro)?.port ?? 0);
  if (env.SLACK_SIGNING_SECRET) await slack.deliverOverHttp(`http://127.0.0.1:${maro.port}/slack/events`);
  else await slack.connected();
  // Maro reads the site and stores it of its own accord once it is ready; tests that count calls begin after that.
  await until(() => jira.count('serverInfo') > 0, 'Maro has asked Jira for its site');
  const stored = async () => (await rows(databaseUrl, 'select from jira_sites')).length > 0;
  await until(stored, 'Maro has stored the site', 2_000).catch(() => {});
}

/** Waits for a condition, long enough for any machine. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, ms = 60_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** All the text in a message: what a person reads. */
export function words(shown: unknown): string {
  if (Array.isArray(shown)) return shown.map(words).join('');
  if (typeof shown !== 'object' || shown === null) return '';
  const { type, text, elements, user_id, fallback, blocks } = shown as Record<string, unknown>;
  const own =
    type === 'user'
      ? `@${user_id}`
      : type === 'date'
        ? String(fallback)
        : typeof text === 'string'
          ? text
          : words(text);
  const line = type === 'rich_text_section' || type === 'section' ? '\n' : '';
  return `${blocks === undefined || (blocks as unknown[]).length === 0 ? own : ''}${words(elements)}${words(blocks)}${line}`;
}
