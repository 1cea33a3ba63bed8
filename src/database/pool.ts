import pLimit from 'p-limit';
import type { DatabaseUrl } from '../database-url.ts';
import { type Connection, sqlState } from './connection.ts';
import { createPrimary } from './primary.ts';
import type { Statement } from './statement.ts';
import { refused, silent, unreachable } from './trouble.ts';

export type Database = {
  /**
   * Runs one statement. The statement must be safe to repeat: if its connection ends before an answer comes, it is sent once
   * more on another connection. It is also sent once more after a serialization failure or a deadlock.
   * @throws {DatabaseTrouble} within `deadlineMs` milliseconds if the database is
   * unreachable, does not answer, is too slow, or reports a problem of its own.
   */
  run<R extends object>(statement: Statement, how?: { deadlineMs?: number }): Promise<R[]>;
  close(): Promise<void>;
};

/** The default deadline. Slack: a slash command must be answered within 3,000 ms. */
const DEADLINE_MS = 2_000;
/** A working server cancels the statement before our deadline, and the connection stays usable. */
const STATEMENT_TIMEOUT_MS = 1_500;
/**
 * Connections are replaced from time to time, because addresses change and backends
 * use more memory over time. The spread keeps them from all being replaced together.
 */
const LIFETIME_MS = 30 * 60_000;
const LIFETIME_SPREAD = 0.2;

/**
 * SQLSTATEs caused by the state of the server and not by the statement.
 * Other connections to the server have the same problem.
 */
const ENDS_CONNECTIONS = /^(25006|57P0[1-5]|08...|53300|XX000)$/;
/** The server rolled the statement back in favor of another transaction: serialization_failure, deadlock_detected. */
const GAVE_WAY = /^(40001|40P01)$/;

/**
 * Opens a pool of connections to the database at `url`. The first statement makes the first connection. A connection older than
 * about `lifetimeMs` milliseconds is closed after its statement.
 */
export function openDatabase(url: DatabaseUrl, { lifetimeMs = LIFETIME_MS }: { lifetimeMs?: number } = {}): Database {
  const primary = createPrimary(url);
  const turns = pLimit(url.max);
  const working = new Set<Promise<unknown>>();
  // The connection that was returned last is used first, so that the others stay idle and can expire.
  let idle: Pooled[] = [];
  let opened = 0;
  // Connections with this number or a lower one may be to a server that has failed.
  let outdated = 0;
  let closing = false;

  type Pooled = { connection: Connection; number: number; expiresAt: number };

  async function open(deadlineMs: number, patient: boolean): Promise<Pooled> {
    // PostgreSQL takes whole milliseconds. A fraction would look as if a pooler had dropped the setting.
    const statementTimeoutMs = patient ? Math.ceil(deadlineMs) : STATEMENT_TIMEOUT_MS;
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

  /** Drops a connection, and all connections with a number up to `upTo`: what ended this one has most likely ended them too. */
  function drop({ connection }: Pooled, upTo: number): void {
    connection.cut();
    outdated = Math.max(outdated, upTo);
    for (const older of idle.filter((pooled) => !isGood(pooled))) void older.connection.close();
    idle = idle.filter(isGood);
  }

  /**
   * Runs a statement when a connection of the pool is free. A `patient`
   * statement, which may take long, runs at once on a connection of its own.
   */
  function run<R extends object>(statement: Statement, deadlineMs: number, patient: boolean): Promise<R[]> {
    const until = performance.now() + deadlineMs;
    const { promise, resolve, reject } = Promise.withResolvers<R[]>();
    // Whether the statement may have been carried out although no answer confirmed it.
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
        // After an error the server has rolled the statement back. The codes 57P… are
        // different: a server that is shutting down may have committed it first.
        if (code !== undefined && !code.startsWith('57P')) doubtful = doubtfulBefore;
        const isLost = code === undefined || ENDS_CONNECTIONS.test(code);
        // A problem of the server drops every connection that is open now. A lost connection drops only itself and older ones.
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
        // An error that is not about the server's state is a defect in Maro, and is passed on unchanged.
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
