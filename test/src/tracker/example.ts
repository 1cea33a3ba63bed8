import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { Issue } from '../../../src/issue.ts';
import type { Listing } from '../../../src/tracker/list.ts';
import type { Tracking } from '../../../src/tracker/track.ts';
import type { Knowledge } from '../../../src/tracker/update.ts';
import { cleanup } from '../../cleanup.ts';

export { migratedDatabase as makeDatabase } from '../../maro.ts';

export const SITE = 'https://acme.atlassian.net';

/** Connections past Maro, to look at its rows, to change them and to hold locks on them. */
export function connect(url: string): postgres.Sql {
  const sql = postgres(url, { max: 5, onnotice: () => {} });
  cleanup(() => sql.end({ timeout: 1 }));
  return sql;
}

export { openTrackerAt as open } from '../../tracker.ts';

/** The URL with more in its query, in which libpq takes no plus for a space. */
export function withQuery(url: string, query: Record<string, string | number>): string {
  const other = new URL(url);
  for (const [name, value] of Object.entries(query)) other.searchParams.set(name, String(value));
  return other.href.replaceAll('+', '%20');
}

/** Issue number `n` of a project, as Jira tells of it. */
export function issue(n: number, changes: Partial<Issue> = {}): Issue {
  return {
    site: SITE,
    id: String(10_000 + n),
    key: `PLAT-${n}`,
    summary: `Summary of ${n}`,
    status: 'In Arbeit',
    category: 'indeterminate',
    assignee: 'Ada',
    dueDate: undefined,
    type: 'Story',
    priority: 'High',
    updatedAt: new Date('2026-01-02T03:04:05.678Z'),
    ...changes,
  };
}

export function issues(count: number, changes: Partial<Issue> = {}): Issue[] {
  return Array.from({ length: count }, (_, i) => issue(i + 1, changes));
}

let operations = 0;

/** An operation of its own that tracks issues by the keys they have. */
export function tracking(of: readonly Issue[], changes: Partial<Tracking> = {}): Tracking {
  return {
    tenant: 'T1',
    channel: 'C1',
    issues: of.map((issue) => ({ issue, askedAs: [issue.key] })),
    by: 'U1',
    door: 'command',
    messageLink: undefined,
    operation: `operation ${++operations}`,
    ...changes,
  };
}

/** What Jira says of issues as they are now, unless it says otherwise. */
export function knowledge(issues: readonly Issue[], changes: Partial<Knowledge> = {}): Knowledge {
  const site = issues[0]?.site ?? SITE;
  return { tenant: 'T1', site, issues, gone: [], changes: [], from: { kind: 'state' }, ...changes };
}

/** What to list: all of a channel unless it says otherwise. */
export function listing(changes: Partial<Listing> = {}): Listing {
  return { tenant: 'T1', channel: 'C1', category: undefined, limit: 10_000, offset: 0, ...changes };
}

/** Waits until so many of Maro's statements wait for a lock, and returns the pids of their backends. */
export async function waitingForLocks(sql: postgres.Sql, count: number): Promise<number[]> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(10)) {
    const waiting = await sql<{ pid: number }[]>`
      select pid from pg_stat_activity
      where datname = current_database() and application_name like 'maro%' and wait_event_type = 'Lock'`;
    if (waiting.length >= count) return waiting.map(({ pid }) => pid);
  }
  throw new Error(`Never did ${count} statements wait for a lock.`);
}

/** Holds what `statement` locks until the returned function is called. */
export async function holdLock(
  sql: postgres.Sql,
  statement: (sql: postgres.TransactionSql) => PromiseLike<unknown>,
): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const transaction = sql.begin(async (transaction) => {
    await statement(transaction);
    held.resolve();
    await done.promise;
  });
  await Promise.race([held.promise, transaction]);
  return async () => {
    done.resolve();
    await transaction;
  };
}
