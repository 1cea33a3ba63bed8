import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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

/** Maro as `npm start` starts it, and the Bolt app that it is measured against. */
const PROGRAMS = {
  maro: ['--import', path('../../src/engine.js'), path('../../src/main.ts')],
  bolt: [path('./bolt.ts')],
};

export type ProgramName = keyof typeof PROGRAMS;

/** Starts a program with nothing but this environment and waits until it logs `ready`. @throws with what it wrote when it ends before. */
export async function start(program: ProgramName, env: NodeJS.ProcessEnv): Promise<Program> {
  const from = performance.now();
  const child = spawn(process.execPath, PROGRAMS[program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const leave = () => void child.kill('SIGKILL');
  process.once('exit', leave);
  const ended = once(child, 'close').then(() => void process.off('exit', leave));

  let written = '';
  const ready = Promise.withResolvers<{ port?: number }>();
  for (const stream of [child.stdout, child.stderr]) {
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
