import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import npm from '../../package.json' with { type: 'json' };
import type { createSandboxClock } from '../../sandbox/clock/index.ts';
import { clockArguments, moveMaro } from '../../sandbox/maro.ts';

/** A program in a process of its own, which has said that it is ready. */
export type Program = {
  /** Of its HTTP server; 0 without one. */
  port: number;
  /** From the start of the process until it said that it was ready. */
  startMs: number;
  /** What the process holds in memory now (resident set), in megabytes. */
  memoryMb(): Promise<number>;
  /** Ends the process at once: what it would still finish, nobody measures. */
  end(): Promise<void>;
};

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Maro as `npm start` starts it, with the same flags, and the programs that it is measured against. */
const PROGRAMS = {
  maro: npm.scripts.start.split(' ').slice(2),
  bolt: [path('./bolt.ts')],
  insert: [path('./insert.ts')],
};

export type ProgramName = keyof typeof PROGRAMS;

/**
 * Starts a program with nothing but this environment and waits until it logs `ready`. With a clock, it has the time of that.
 * @throws with what it wrote when it ends before.
 */
export async function start(
  program: ProgramName,
  env: NodeJS.ProcessEnv,
  clock?: Pick<ReturnType<typeof createSandboxClock>, 'aheadMs' | 'follow'>,
): Promise<Program> {
  const from = performance.now();
  const options = clock === undefined ? [] : clockArguments(clock.aheadMs);
  const child = spawn(process.execPath, [...options, ...PROGRAMS[program]], {
    ...{ env, cwd: path('../../') },
    stdio: ['ignore', 'pipe', 'pipe', ...(clock === undefined ? [] : (['ipc'] as const))],
  });
  clock?.follow((aheadMs) => moveMaro(child, aheadMs));
  const leave = () => void child.kill('SIGKILL');
  process.once('exit', leave);
  const ended = once(child, 'close').then(() => void process.off('exit', leave));

  let written = '';
  const ready = Promise.withResolvers<{ port?: number }>();
  for (const stream of [child.stdout, child.stderr].filter((each) => each !== null)) {
    createInterface({ input: stream }).on('line', (line) => {
      written += `${line}\n`;
      if (line.includes('"msg":"ready"')) ready.resolve(JSON.parse(line));
    });
  }
  void ended.then(() => ready.reject(new Error(`${program} ended before it was ready:\n${written}`)));
  const { port = 0 } = await ready.promise;
  const startMs = performance.now() - from;

  return {
    port,
    startMs,
    async memoryMb() {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(child.pid)]);
      return (Number(stdout) * 1024) / 1e6;
    },
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
