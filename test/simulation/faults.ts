import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import type { Trouble } from '../../sandbox/jira/trouble.ts';
import { WATCHED } from './deed.ts';
import type { System } from './system.ts';

/** Breaks something, for `ms`, of one of the replicas where it is about one. Settles when it is whole again. */
export type Break = (system: System, on: { ms: number; replica: 0 | 1 }) => Promise<unknown>;

/** Everything that goes wrong. */
export const faults: Readonly<Record<string, Break>> = {
  'a process is killed': async ({ replicas }, { ms, replica }) => replicas[replica]?.end('SIGKILL', ms / 4),
  'a process is told to stop': async ({ replicas }, { ms, replica }) => replicas[replica]?.end('SIGTERM', ms / 4),
  'the database cuts a process off': async ({ replicas }, { replica }) => replicas[replica]?.wire.cut(),
  "the database's answers are lost": ({ replicas }, { ms, replica }) =>
    during(ms, (on) => replicas[replica]?.wire.lose(on)),
  'the database is silent': ({ replicas }, { ms, replica }) => during(ms, (on) => replicas[replica]?.wire.silence(on)),
  'the database is away': async ({ replicas }, { ms }) => {
    await Promise.all(replicas.map(({ wire }) => wire.stop()));
    await sleep(ms);
    await Promise.all(replicas.map(({ wire }) => wire.start()));
  },
  // As after a failover that the host's name does not follow yet: connections end, and the next ones cannot write.
  'the database takes no changes': async ({ replicas, sql }, { ms }) => {
    await takesChanges(sql, false);
    for (const { wire } of replicas) wire.cut();
    await sleep(ms);
    await takesChanges(sql, true);
    for (const { wire } of replicas) wire.cut();
  },
  "Jira's answer to a create is lost": async ({ jira }) => jira.trouble('create', { kind: 'no_answer', times: 1 }),
  "Jira's answers to changes are lost": async ({ jira }) => atNextChange(jira, { kind: 'no_answer' }),
  'changes do not reach Jira': async ({ jira }) => atNextChange(jira, { kind: 'no_answer', undone: true }),
  'others change issues at the same moment': async ({ jira }) => atNextChange(jira, { kind: 'conflict' }),
  'Jira takes its time to change': ({ jira }, { ms }) =>
    during(ms, (on) => atNextChange(jira, on ? { kind: 'latency', ms } : undefined)),
  'Jira lets Maro change nothing': ({ jira: { permissions } }, { ms }) =>
    during(ms, (on) => {
      for (const each of PERMISSIONS)
        if (on) permissions.delete(each);
        else permissions.add(each);
    }),
  'Jira takes its time to create': async ({ jira }, { ms }) =>
    jira.trouble('create', { kind: 'latency', ms, times: 1 }),
  'Jira takes its time': ({ jira }, { ms }) =>
    during(ms, (on) => jira.trouble('all', on ? { kind: 'latency', ms: 700 } : undefined)),
  // Longer than a command may wait for its acknowledgement, and shorter than Maro waits for Jira.
  'Jira takes very long': ({ jira }, { ms }) =>
    during(ms, (on) => jira.trouble('all', on ? { kind: 'latency', ms: 2_400 } : undefined)),
  // Longer than Maro looks for a create of which Jira said nothing.
  'Jira finds nothing for long': ({ jira }, { ms }) =>
    during(ms + 14_000, (on) => jira.trouble('search', on ? { kind: 'server_error', status: 500 } : undefined)),
  'Jira finds nothing': ({ jira }, { ms }) =>
    during(ms, (on) => jira.trouble('search', on ? { kind: 'server_error', status: 500 } : undefined)),
  ...Object.fromEntries(
    (['lost', 'doubled', 'repeated', 'reordered', 'bare'] as const).map((kind): [string, Break] => [
      `webhooks are ${kind}`,
      ({ jira }, { ms }) => during(ms, (on) => jira.webhooks.trouble(on ? { kind } : undefined)),
    ]),
  ),
  'Jira is away': async ({ jira }, { ms }) => {
    await jira.down();
    await sleep(ms);
    await jira.up();
  },
  "Slack's answer to a message is lost": async ({ slack }) => slack.trouble.lose('chat.postMessage'),
  "Slack's answer to an outcome is lost": async ({ slack }) => slack.trouble.lose('functions.completeSuccess'),
  'Slack asks for a pause': async ({ slack }) => slack.trouble.rateLimit('chat.postMessage', { retryAfter: 1 }),
  "Slack's Web API is away": ({ slack }, { ms }) => during(ms / 2, (on) => slack.trouble.down(on)),
  'a channel is archived': async ({ slack }, { ms }) => {
    await slack.befall(WATCHED, 'archived').catch(() => {});
    await sleep(ms);
    await slack.befall(WATCHED, 'unarchived').catch(() => {});
  },
  'Slack cuts the connections': async ({ slack }) => slack.trouble.drop(),
  'Slack delivers events twice': ({ slack }, { ms }) => during(ms, (on) => slack.trouble.twice(on)),
  'later deliveries overtake': ({ slack }, { ms }) => during(ms, (on) => slack.trouble.holdBack(on ? 400 : 0)),
};

const PERMISSIONS = ['ADD_COMMENTS', 'ASSIGN_ISSUES', 'BULK_CHANGE', 'EDIT_ISSUES', 'TRANSITION_ISSUES'] as const;

/** What happens to the next change of each kind. */
function atNextChange(jira: System['jira'], trouble: Trouble | undefined): void {
  for (const endpoint of ['assign', 'comment', 'edit', 'transition', 'bulkTransition'] as const) {
    jira.trouble(endpoint, trouble && { ...trouble, times: 1 });
  }
}

async function during(ms: number, set: (on: boolean) => unknown): Promise<void> {
  set(true);
  await sleep(ms);
  set(false);
}

/** Of the database that `sql` is connected to, and of connections that begin after this. */
async function takesChanges(sql: Sql, on: boolean): Promise<void> {
  const [{ name } = { name: '' }] = await sql<{ name: string }[]>`select current_database() as name`;
  await sql.begin(
    'read write',
    (transaction) =>
      transaction`alter database ${transaction(name)} set default_transaction_read_only = ${transaction.unsafe(on ? 'off' : 'on')}`,
  );
}
