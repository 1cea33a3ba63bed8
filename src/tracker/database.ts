import { Client, type ClientConfig, Pool, type PoolClient, type QueryResultRow } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { type DatabaseTrouble, silent, unreachable } from './trouble.ts';

export { type Sql, sql };

export type How = {
  deadlineMs?: number;
  /**
   * Lets the server plan the statement once for each connection, which makes a short one twice as fast. Not for statements
   * with arrays: PostgreSQL plans a named one for arrays of ten, whatever their length, once it knows it well.
   */
  name?: string;
};

export type Database = {
  /**
   * Runs one statement, which must be safe to repeat: it is sent again once, on a new connection, when its own died under it.
   * @throws {DatabaseTrouble} within the deadline when the database is away, silent or too slow.
   */
  run<R extends QueryResultRow>(statement: Sql, how?: How): Promise<R[]>;
  close(): Promise<void>;
};

/** A command has three seconds in all (Slack: a slash command is answered within 3,000 ms). */
const DEADLINE_MS = 2_000;
/** A server that is alive gives a statement up before we do, and its connection stays. */
const STATEMENT_TIMEOUT_MS = 1_500;
const CONNECT_TIMEOUT_MS = 1_500;

/** The connection ended: Node's words, and PostgreSQL's for a server that ends it. */
const LOST = new Set(['ECONNRESET', 'EPIPE', '57P01', '57P02', '57P05']);
/** PostgreSQL: query_canceled, here by our own statement_timeout. */
const TIMED_OUT = '57014';

/** Opens a pool at `url`, of 10 connections or as many as its `?max=` says; connects with the first statement. */
export function openDatabase(url: string): Database {
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'maro',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  };
  const pool = new Pool({ ...config, max: Number(URL.parse(url)?.searchParams.get('max')) || 10 });
  // A connection died, idle or at work: the pool lets it go, and whoever waits on it hears of it by the statement.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  let closing: Promise<void> | undefined;

  async function onPool<R extends QueryResultRow>(
    statement: Sql,
    deadlineMs: number,
    name: string | undefined,
  ): Promise<R[]> {
    const until = Date.now() + deadlineMs;
    const client = await pool.connect().catch((error) => Promise.reject(unreachable(error)));
    const leftMs = until - Date.now();
    if (leftMs <= 0) {
      client.release();
      throw unreachable(undefined);
    }
    try {
      const rows = await send<R>(client, statement, leftMs, name);
      client.release();
      return rows;
    } catch (error) {
      // What PostgreSQL itself says leaves the connection in order; after anything else nobody knows what it will say next.
      client.release(!isServerError(error) || LOST.has(codeOf(error)));
      throw error;
    }
  }

  /** On a connection of its own: when one of the pool dies, the others may be about to; and what takes long needs longer. */
  async function onNewConnection<R extends QueryResultRow>(statement: Sql, deadlineMs: number): Promise<R[]> {
    const client = new Client({
      ...config,
      connectionTimeoutMillis: Math.min(CONNECT_TIMEOUT_MS, deadlineMs),
      statement_timeout: Math.max(STATEMENT_TIMEOUT_MS, deadlineMs),
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return await send<R>(client, statement, deadlineMs);
    } catch (error) {
      throw isServerError(error) && !LOST.has(codeOf(error)) && codeOf(error) !== TIMED_OUT ? error : silent(error);
    } finally {
      void client.end().catch(() => {});
    }
  }

  return {
    async run<R extends QueryResultRow>(statement: Sql, { deadlineMs = DEADLINE_MS, name }: How = {}) {
      if (deadlineMs > DEADLINE_MS) return within(deadlineMs, onNewConnection<R>(statement, deadlineMs));
      const until = Date.now() + deadlineMs;
      try {
        return await within(deadlineMs, onPool<R>(statement, deadlineMs, name));
      } catch (error) {
        const leftMs = until - Date.now();
        if (!isLost(error)) throw troubleOf(error);
        if (leftMs <= 0) throw silent(error);
        return await within(leftMs, onNewConnection<R>(statement, leftMs));
      }
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

async function send<R extends QueryResultRow>(
  client: Client | PoolClient,
  statement: Sql,
  deadlineMs: number,
  name?: string,
): Promise<R[]> {
  const { text, values } = statement;
  const query = { text, values, query_timeout: deadlineMs, ...(name === undefined ? {} : { name }) };
  return (await client.query<R>(query)).rows;
}

/** The deadline holds for the caller also while a connection is still being made, which ends by a deadline of its own. */
async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(undefined)), deadlineMs + 50);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function troubleOf(error: unknown): DatabaseTrouble | unknown {
  if (error instanceof Error && error.message === 'Query read timeout') return silent(error);
  return codeOf(error) === TIMED_OUT ? silent(error) : error;
}

/** pg says only in words that a connection ended under a statement. */
function isLost(error: unknown): boolean {
  return LOST.has(codeOf(error)) || (error instanceof Error && /^Connection terminated/.test(error.message));
}

/** PostgreSQL's errors have a code of five characters. https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isServerError(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
