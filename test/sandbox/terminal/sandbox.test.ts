import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = new URL('../../../sandbox/main.ts', import.meta.url).pathname;

const folder = await mkdtemp(join(tmpdir(), 'maro-sandbox-'));
const children: ChildProcess[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** `npm run sandbox` without npm, on a PostgreSQL of its own unless told. */
function start(args: string[], input: 'pipe' | 'ignore', env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [MAIN, '--folder', folder, ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: [input, 'pipe', 'pipe'],
  });
  children.push(child);
  // One that has ended takes no more lines; what it wrote and its status tell why.
  child.stdin?.on('error', () => {});
  const sandbox = { child, written: '', status: once(child, 'close').then(([code, signal]) => code ?? signal) };
  for (const output of [child.stdout, child.stderr]) output?.on('data', (data) => (sandbox.written += data));
  return sandbox;
}

async function run(lines: string[], ...args: string[]): Promise<{ status: unknown; written: string }> {
  const sandbox = start(['--terminal', ...args], 'pipe');
  sandbox.child.stdin?.end(lines.join('\n'));
  return { status: await sandbox.status, written: sandbox.written };
}

type Process = { pid: number; ppid: number };

/** All processes that are at work: one that has ended and that nobody has asked for its status is none. */
async function processes(): Promise<Process[]> {
  const states = process.platform === 'linux' ? await statesInProc() : await statesFromPs();
  return states
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, ppid]) => ({ pid: Number(pid), ppid: Number(ppid) }));
}

async function statesInProc(): Promise<(string | undefined)[][]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  // proc(5): pid, name in parentheses, state, parent.
  return stats.flatMap((stat) => {
    const [, pid, state, ppid] = /^(\d+) \(.*\) (\S) (\d+)/s.exec(stat) ?? [];
    return pid === undefined ? [] : [[pid, ppid, state]];
  });
}

async function statesFromPs(): Promise<(string | undefined)[][]> {
  const list = spawn('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  const lines = Buffer.concat(await list.stdout.toArray())
    .toString()
    .trim()
    .split('\n');
  return lines.map((line) => line.trim().split(/\s+/));
}

/** What a process has brought forth, and what that has. */
function descendants(all: Process[], parent: number | undefined): number[] {
  return all.filter(({ ppid }) => ppid === parent).flatMap(({ pid }) => [pid, ...descendants(all, pid)]);
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(20)) {
    if (Date.now() > deadline) assert.fail(`not within 30 s: ${what}`);
  }
}

test('lines that are piped in make a transcript; comments and empty ones are passed over', async () => {
  const { status, written } = await run([
    '# setting up',
    '',
    '/maro track plat-1',
    'step track {"issue_keys":"PLAT-2"}',
    'jira PLAT-2 Blocked',
  ]);
  assert.equal(
    written,
    `@ada #checkout> /maro track plat-1
  Maro (only visible to you)
  • PLAT-1: now tracked · One sign-in for every product
@ada #checkout> step track {"issue_keys":"PLAT-2"}
  step track completed
    tracked     true
    count       1
    issue_keys  PLAT-2
    skipped     (empty)
    error       (empty)
@ada #checkout> jira PLAT-2 Blocked
  In Jira, PLAT-2 is now Blocked.
`,
  );
  assert.equal(status, 0);
  assert.match(await readFile(join(folder, 'maro.log'), 'utf8'), /"version":"\d[^"]*","schema":\d+,.*"msg":"ready"/);
});

test('data stay between runs, and the status of a line that Slack refuses is that of the run', async () => {
  const { status, written } = await run(['/maro tracked', '/marooned', 'step list', '/maro PLAT-2', 'exit', 'as zed']);
  // Maro may have read by now that PLAT-2 is blocked, and not done.
  assert.match(written, /1 open issue of 2|2 tracked issues/);
  assert.match(written, /✗ Slack refuses this: invalid_command/);
  assert.match(written, /issue_keys +PLAT-(?:1, PLAT-2|2, PLAT-1)\n/);
  assert.match(written, /PLAT-2 Sign in with the company account\n.*Blocked/, 'Jira is as the first run left it');
  assert.match(written, /> exit\n$/);
  assert.equal(status, 1);
});

test('--fresh forgets what was there, and a line that is not understood is the worst', async () => {
  const { status, written } = await run(['as zed', '/marooned', '/maro tracked'], '--fresh');
  assert.match(written, /No issues tracked in this channel yet/);
  assert.equal(status, 2);
});

test('two sandboxes at once share their data, and leave no process behind when they are told to end, or killed', async () => {
  const both = [start(['--terminal'], 'pipe'), start(['--terminal'], 'pipe')] as const;
  for (const { child } of both) child.stdin?.write('/maro help\n');
  for (const sandbox of both) await until(() => sandbox.written.includes('Track up to 100 issues'), 'it answers');
  const all = await processes();
  const pids = both.flatMap(({ child }) => descendants(all, child.pid));
  assert.ok(pids.length >= 4, 'two apps and PostgreSQL are among them');
  both[0].child.kill('SIGKILL');
  assert.equal(await both[0].status, 'SIGKILL');
  both[1].child.stdin?.write('/maro track PLAT-3\n');
  await until(() => both[1].written.includes('PLAT-3: now tracked'), 'the other one goes on');
  both[1].child.kill('SIGTERM');
  assert.equal(await both[1].status, 143);
  const left = async () => (await processes()).filter(({ pid }) => pids.includes(pid));
  await until(async () => (await left()).length === 0, 'none of them is left');
});

test('without a terminal the page is served at its address, and piped lines are refused in a sentence', async () => {
  const sandbox = start([], 'pipe');
  sandbox.child.stdin?.write('/maro tracked\n');
  await until(() => sandbox.written.includes('Standard input was ignored'), 'the lines are refused');
  const [url = ''] = /http:\S+/.exec(sandbox.written) ?? [];
  assert.match(await (await fetch(url)).text(), /Maro’s sandbox/);
  sandbox.child.kill('SIGTERM');
  assert.equal(await sandbox.status, 143);
});

test('an option that there is not is refused with the list of those that there are', async () => {
  const { status, written } = await run([], '--colour');
  assert.equal(status, 2);
  assert.match(written, /--tour/);
});
