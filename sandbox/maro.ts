import { type ChildProcess, type ChildProcessByStdio, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

const CLOCK = new URL('./clock/process.ts', import.meta.url).href;

/** Arguments of Node that give Maro a clock which is so far ahead, and which `moveMaro` can move. Maro needs an IPC channel for it. */
export function clockArguments(aheadMs: number): string[] {
  return ['--import', `${CLOCK}?ahead=${aheadMs}`];
}

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

type StandIns = {
  slack: { apiUrl: string; botToken: string; appToken: string; signingSecret: string };
  jira: { url: string; email: string; apiToken: string };
  databaseUrl: string;
  /** How Slack reaches Maro: Socket Mode unless told; over HTTP at any free port. */
  transport?: 'socket' | 'http' | undefined;
};

/** All the environment that Maro needs to take the stand-ins for Slack and Jira. */
export function maroEnvironment({ slack, jira, databaseUrl, transport }: StandIns): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    // Where Node keeps what it has compiled, when there are many to start.
    ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    ...(transport === 'http'
      ? { SLACK_SIGNING_SECRET: slack.signingSecret, PORT: '0' }
      : { SLACK_APP_TOKEN: slack.appToken }),
    JIRA_HOST: jira.url,
    JIRA_EMAIL: jira.email,
    JIRA_API_TOKEN: jira.apiToken,
    DATABASE_URL: databaseUrl,
  };
}

/**
 * Starts the unchanged program with nothing but this environment, and with its outputs piped to this process or shared with
 * it. `aheadMs` gives it a clock that is so far ahead, and that `moveMaro` can move. It is out of reach of the terminal's Ctrl-C, and it does not outlive this process, however this one ends.
 */
export function spawnMaro(
  env: NodeJS.ProcessEnv,
  output: 'pipe',
  aheadMs?: number,
): ChildProcessByStdio<null, Readable, Readable>;
export function spawnMaro(env: NodeJS.ProcessEnv, output: 'inherit'): ChildProcess;
export function spawnMaro(env: NodeJS.ProcessEnv, output: 'pipe' | 'inherit', aheadMs?: number): ChildProcess {
  const clock = aheadMs === undefined ? [] : clockArguments(aheadMs);
  const channel = aheadMs === undefined ? [] : (['ipc'] as const);
  const stdio = ['ignore', output, output, ...channel] satisfies StdioOptions;
  const maro = spawn(process.execPath, [...clock, MAIN], { env, stdio, detached: true });
  // The kernel ends the guard's input when this process is gone, killed ones included.
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -KILL "$0"', String(maro.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  maro.once('exit', () => guard.kill('SIGKILL'));
  return maro;
}

/** Moves the clock of a Maro that has one; settles when Maro has that time, or has ended. */
export async function moveMaro(maro: ChildProcess, aheadMs: number): Promise<void> {
  if (!maro.connected) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  const moved = once(maro, 'message', { signal });
  maro.send({ aheadMs });
  await Promise.race([moved, once(maro, 'disconnect', { signal })]).finally(() => waiting.abort());
}

/** Ends Maro and waits for its end. It finishes what is under way, for which it takes eight seconds at most. */
export async function endMaro(maro: ChildProcess): Promise<void> {
  if (maro.exitCode !== null || maro.signalCode !== null) return;
  const ended = once(maro, 'exit');
  maro.kill('SIGTERM');
  const late = setTimeout(() => maro.kill('SIGKILL'), 9_000);
  await ended;
  clearTimeout(late);
}
