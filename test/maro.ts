import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { type Manifest, readManifest } from '../src/manifest.ts';
import { type Jira, startJira } from './sandbox/jira/index.ts';
import { maroEnvironment, spawnMaro } from './sandbox/maro.ts';
import { createDatabase, dropDatabase } from './sandbox/postgres.ts';
import { type Slack, type SlackOptions, startSlack } from './sandbox/slack/index.ts';

type Line = { level: string; msg: string } & Record<string, unknown>;

/** Maro as it runs in production, in a process of its own. */
export type Maro = {
  /** What it logged, a line each. */
  log: Line[];
  /** All it wrote, to both outputs, as text. */
  written(): string;
  /** The port of its HTTP server. */
  port: number;
  kill(signal: NodeJS.Signals): void;
  /** Settles with the exit status, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
};

export type World = { slack: Slack; jira: Jira; databaseUrl: string; env: NodeJS.ProcessEnv };

// Registered for the whole file, since what is made in one hook is used by the tests after it.
const cleanups: (() => unknown)[] = [];
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** A database of this test's own, gone afterwards. */
export async function database(): Promise<string> {
  const server = process.env.DATABASE_URL;
  if (!server)
    throw new Error('Tests need a PostgreSQL server: run them with "npm test -- <files>", which starts one.');
  const url = await createDatabase(server);
  cleanups.push(() => dropDatabase(url));
  return url;
}

/** Slack, Jira and a database for one Maro or several, without starting any. */
export async function world(options: Partial<SlackOptions> = {}): Promise<World> {
  const manifest = options.manifest ?? ((await readManifest()) as Manifest as SlackOptions['manifest']);
  const [slack, jira, databaseUrl] = await Promise.all([startSlack({ ...options, manifest }), startJira(), database()]);
  cleanups.push(() => Promise.all([slack.stop(), jira.stop()]));
  const env = maroEnvironment({ slack, jira, databaseUrl, transport: options.transport });
  return { slack, jira, databaseUrl, env };
}

/** Starts Maro, and waits until it is ready, or with `untilReady: false` only for the process. */
export async function startMaro({ slack, jira, env }: World, more: NodeJS.ProcessEnv = {}): Promise<Maro> {
  const maro = launch({ ...env, ...more });
  const { port } = await ready(maro);
  maro.port = Number(port ?? 0);
  if (env.SLACK_SIGNING_SECRET) await slack.deliverOverHttp(`http://127.0.0.1:${maro.port}/slack/events`);
  else await slack.connected();
  // Maro reads the site of its own accord once it is ready; tests that count calls begin after that.
  await until(() => jira.count('serverInfo') > 0, 'Maro has asked Jira for its site');
  return maro;
}

/** Starts Maro's process with nothing but this environment. */
export function launch(env: NodeJS.ProcessEnv): Maro {
  const child = spawnMaro(env, 'pipe');
  const log: Line[] = [];
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      text += `${line}\n`;
      if (line.startsWith('{')) log.push(JSON.parse(line));
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  cleanups.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return { log, written: () => text, port: 0, ended, kill: (signal) => child.kill(signal) };
}

export async function ready(maro: Maro): Promise<Line> {
  const line = () => maro.log.find(({ msg }) => msg === 'ready');
  let over = false;
  void maro.ended.then(() => {
    over = true;
  });
  await until(() => over || line() !== undefined, 'Maro is ready');
  const found = line();
  if (found === undefined) throw new Error(`Maro ended before it was ready:\n${maro.written()}`);
  return found;
}

/** Waits for a condition, long enough for any machine. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, ms = 20_000): Promise<void> {
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
