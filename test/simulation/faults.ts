import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { History } from './history.ts';
import type { System } from './system.ts';

type Command = fc.AsyncCommand<History, System>;
/** Breaks something, for `ms`, of one of the replicas where it is about one. */
type Break = (system: System, on: { ms: number; replica: 0 | 1 }) => Promise<unknown>;

/** Everything that goes wrong, each as a command of fast-check's that does not wait for its end. */
export const faults: fc.Arbitrary<Command>[] = [
  fault(
    'a process is killed',
    ({ replicas }, { ms, replica }) => replicas[replica]?.end('SIGKILL', ms / 4) as Promise<void>,
  ),
  fault(
    'a process is told to stop',
    ({ replicas }, { ms, replica }) => replicas[replica]?.end('SIGTERM', ms / 4) as Promise<void>,
  ),
  fault('the database cuts a process off', async ({ replicas }, { replica }) => replicas[replica]?.wire.cut()),
  fault("the database's answers are lost", ({ replicas }, { ms, replica }) =>
    during(ms, (on) => replicas[replica]?.wire.lose(on)),
  ),
  fault('the database is silent', ({ replicas }, { ms, replica }) =>
    during(ms, (on) => replicas[replica]?.wire.silence(on)),
  ),
  fault('the database is away', async ({ replicas }, { ms }) => {
    await Promise.all(replicas.map(({ wire }) => wire.stop()));
    await sleep(ms);
    await Promise.all(replicas.map(({ wire }) => wire.start()));
  }),
  fault("Jira's answer to a create is lost", async ({ jira }) =>
    jira.trouble('create', { kind: 'no_answer', times: 1 }),
  ),
  fault('Jira takes its time to create', async ({ jira }, { ms }) =>
    jira.trouble('create', { kind: 'latency', ms, times: 1 }),
  ),
  fault('Jira takes its time', ({ jira }, { ms }) =>
    during(ms, (on) => jira.trouble('all', on ? { kind: 'latency', ms: 700 } : undefined)),
  ),
  fault('Jira finds nothing', ({ jira }, { ms }) =>
    during(ms, (on) => jira.trouble('search', on ? { kind: 'server_error', status: 500 } : undefined)),
  ),
  fault('Jira is away', async ({ jira }, { ms }) => {
    await jira.down();
    await sleep(ms);
    await jira.up();
  }),
  fault("Slack's answer to a message is lost", async ({ slack }) => slack.trouble.lose('chat.postMessage')),
  fault("Slack's answer to an outcome is lost", async ({ slack }) => slack.trouble.lose('functions.completeSuccess')),
  fault('Slack asks for a pause', async ({ slack }) => slack.trouble.rateLimit('chat.postMessage', { retryAfter: 1 })),
  fault("Slack's Web API is away", ({ slack }, { ms }) => during(ms / 2, (on) => slack.trouble.down(on))),
  fault('Slack cuts the connections', async ({ slack }) => slack.trouble.drop()),
  fault('Slack delivers events twice', ({ slack }, { ms }) => during(ms, (on) => slack.trouble.twice(on))),
];

function fault(name: string, breakIt: Break): fc.Arbitrary<Command> {
  const replica = fc.constantFrom<0 | 1>(0, 1);
  return fc
    .record({ ms: fc.integer({ min: 50, max: 3_000 }), replica, pauseMs: fc.nat({ max: 300 }) })
    .map(({ ms, replica, pauseMs }) => ({
      check: ({ active }) => !active.has(name),
      async run(history, system) {
        history.active.add(name);
        const over = breakIt(system, { ms, replica }).finally(() => history.active.delete(name));
        history.faults.push(over);
        await sleep(pauseMs);
      },
      toString: () => `${name} (${ms} ms, replica ${replica}), ${pauseMs} ms`,
    }));
}

async function during(ms: number, set: (on: boolean) => unknown): Promise<void> {
  set(true);
  await sleep(ms);
  set(false);
}
