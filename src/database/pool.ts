import pLimit from 'p-limit';
import type { DatabaseUrl } from '../database-url.ts';
import { type Connection, sqlState } from './connection.ts';
import { createPrimary } from './primary.ts';
import type { Statement } from './statement.ts';
import { refused, silent, unreachable } from './trouble.ts';

export type Database = {
  /**
   * Runs one statement, which must be safe to repeat: it is sent once more, on a newer connection, when its own ended under it.
   * @throws {DatabaseTrouble} within `deadlineMs` when the database is away, silent, too slow or in trouble.
   */
  run<R extends object>(statement: Statement, how?: { deadlineMs?: number }): Promise<R[]>;
  close(): Promise<void>;
};

/** A command has three seconds in all (Slack: a slash command is answered within 3,000 ms). */
const DEADLINE_MS = 2_000;
/** A server that is alive gives a statement up before we do, and its connection stays. */
const STATEMENT_TIMEOUT_MS = 1_500;
/** Addresses change and backends grow, so connections are made anew now and then, not all at the same time. */
const LIFETIME_MS = 30 * 60_000;
const LIFETIME_SPREAD = 0.2;

/** The server's state, not the statement, is the reason, so that the other connections to it are no better. */
const ENDS_CONNECTIONS = /^(25006|57P0[1-5]|08...|53300|XX000)$/;
/** The server let another transaction go first: serialization_failure, deadlock_detected. */
const GAVE_WAY = /^(40001|40P01)$/;

/**
 * Opens a pool of connections to the database of `url`. The first statement makes the first connection. `lifetimeMs`: after
 * about so long a connection is closed when its statement is done.
 */
export function openDatabase(url: DatabaseUrl, { lifetimeMs = LIFETIME_MS }: { lifetimeMs?: number } = {}): Database {
  const primary = createPrimary(url);
  const turns = pLimit(url.max);
  const working = new Set<Promise<unknown>>();
  // The last that came back goes first, so that the rest stay unused and their server may forget them.
  let idle: Pooled[] = [];
  let opened = 0;
  // Connections up to this number are to a server that may be gone.
  let outdated = 0;
  let closing = false;

  type Pooled = { connection: Connection; number: number; expiresAt: number };

  async function open(deadlineMs: number, patient: boolean): Promise<Pooled> {
    const statementTimeoutMs = patient ? deadlineMs : STATEMENT_TIMEOUT_MS;
    const connection = await primary.open({ deadlineMs, statementTimeoutMs });
    const leftMs = patient ? 0 : lifetimeMs * (1 + LIFETIME_SPREAD * (2 * Math.random() - 1));
    return { connection, number: ++opened, expiresAt: performance.now() + leftMs };
  }

  function isGood({ connection, number, expiresAt }: Pooled): boolean {
    return connection.alive && number > outdated && performance.now() < expiresAt;
  }

  function takeIdle(): Pooled | undefined {
    for (let pooled = idle.pop(); pooled !== undefined; pooled = idle.pop()) {
      if (isGood(pooled)) return pooled;
      void pooled.connection.close();
    }
    return undefined;
  }

  function putBack(pooled: Pooled): undefined {
    if (!closing && isGood(pooled)) idle.push(pooled);
    else void pooled.connection.close();
  }

  /** Drops a connection, and those up to this number: what ended this one has most likely met them too. */
  function drop({ connection }: Pooled, upTo: number): void {
    connection.cut();
    outdated = Math.max(outdated, upTo);
    for (const older of idle.filter((pooled) => !isGood(pooled))) void older.connection.close();
    idle = idle.filter(isGood);
  }

  /** Runs a statement in its turn, or a `patient` one, which may take long, at once and on a connection of its own. */
  function run<R extends object>(statement: Statement, deadlineMs: number, patient: boolean): Promise<R[]> {
    const until = performance.now() + deadlineMs;
    const { promise, resolve, reject } = Promise.withResolvers<R[]>();
    // Whether the statement may have been done although no answer says so.
    let doubtful = false;
    let over = false;
    let current: Pooled | undefined;
    const timer = setTimeout(() => {
      over = true;
      reject(doubtful ? silent(undefined) : unreachable(undefined));
      if (current !== undefined) drop(current, current.number);
    }, deadlineMs);

    async function attempt(isLast: boolean): Promise<'again' | undefined> {
      const pooled = (patient ? undefined : takeIdle()) ?? (await open(until - performance.now(), patient));
      if (over) return putBack(pooled);
      const doubtfulBefore = doubtful;
      doubtful = true;
      current = pooled;
      try {
        resolve(await pooled.connection.send<R>(statement));
        return putBack(pooled);
      } catch (error) {
        if (over) return undefined;
        const code = sqlState(error);
        // The server rolled back the statement that it refuses. One that is being stopped may have done it before.
        if (code !== undefined && !code.startsWith('57')) doubtful = doubtfulBefore;
        const isLost = code === undefined || ENDS_CONNECTIONS.test(code);
        // The server's state is that of every connection to it. One that is lost may be the only one.
        if (isLost) drop(pooled, code === undefined ? pooled.number : opened);
        else putBack(pooled);
        if (!isLast && (isLost || GAVE_WAY.test(code))) return 'again';
        throw error;
      } finally {
        current = undefined;
      }
    }

    async function work(): Promise<void> {
      try {
        if (closing) throw unreachable(undefined);
        if (!over && (await attempt(false)) === 'again' && !over) await attempt(true);
      } catch (error) {
        // An error that is not about the server's state is a defect of ours, and stays as it is.
        reject(doubtful ? silent(error) : (refused(error) ?? error));
      } finally {
        clearTimeout(timer);
      }
    }

    const done = (patient ? work() : turns(work)).finally(() => working.delete(done));
    working.add(done);
    return promise;
  }

  return {
    run: (statement, { deadlineMs = DEADLINE_MS } = {}) => run(statement, deadlineMs, deadlineMs > DEADLINE_MS),
    async close() {
      closing = true;
      await Promise.all(working);
      await Promise.all(idle.map(({ connection }) => connection.close()));
      idle = [];
    },
  };
}
