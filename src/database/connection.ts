import { once } from 'node:events';
import net from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import postgres from 'postgres';
import type { DatabaseHost, DatabaseTls, DatabaseUrl } from '../database-url.ts';
import { defined } from '../defined.ts';
import type { Client, Json, Statement } from './statement.ts';

/** The connection ended under a statement, or before it could be made. What had been sent may have been done. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** What a server says of itself when a connection to it opens. */
export type Server = {
  /** Whether it takes no writes, as a standby does. */
  readOnly: boolean;
  /** Whether it set our statement_timeout. One that did not is behind a pooler, which swallowed it. */
  setTimeout: boolean;
  encrypted: boolean;
};

/** One connection to one server. It never connects again: after its end it fails every statement. */
export type Connection = {
  readonly server: Server;
  readonly host: DatabaseHost;
  /** Whether a pooler is between, so that a session's settings and locks do not last. */
  readonly pooled: boolean;
  readonly alive: boolean;
  /**
   * Runs one statement; the next one may be sent when this one has settled.
   * @throws {postgres.PostgresError} what the server says. The statement was not done, unless the server was just ending.
   * @throws when the connection ended before an answer came. The statement may have been done.
   */
  send<R extends object>(statement: Statement): Promise<R[]>;
  /** Ends at once, and fails the statement that waits for an answer. */
  cut(): void;
  /** Tells the server that this is the end. */
  close(): Promise<void>;
};

export type ConnectionSettings = {
  /** In milliseconds, after which the server gives a statement up; undefined where a pooler does not take the setting. */
  statementTimeoutMs: number | undefined;
  /** Whether the server keeps the plans of statements. Behind a pooler the next statement meets another connection of its. */
  prepare: boolean;
  deadlineMs: number;
};

/** PostgreSQL's code of what the server said; undefined when the server said nothing. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

/** PostgreSQL's number for the type text[]. porsager would ask the server for it on every connection. */
const TEXT_ARRAY = 1009;
const TYPES = {
  json: { to: 114, from: [114], serialize: JSON.stringify, parse: (text: string): Json => JSON.parse(text) },
  textArray: { to: TEXT_ARRAY, from: [], serialize: textArray, parse: (text: string) => text },
};

/**
 * Opens a connection and asks the server what it is. Settles within the deadline, whatever network, server and driver do.
 * @throws {postgres.PostgresError} when the server turns us away.
 * @throws when it cannot be reached. Nothing was sent that could change anything.
 */
export async function openConnection(
  url: DatabaseUrl,
  host: DatabaseHost,
  { statementTimeoutMs, prepare, deadlineMs }: ConnectionSettings,
): Promise<Connection> {
  const opening = Promise.withResolvers<Server>();
  // Fails what waits for an answer: at first the opening, later a statement.
  let fail: (error: Error) => void = opening.reject;
  let alive = true;
  const lose = (why: string) => {
    alive = false;
    fail(new ConnectionLost(why));
  };

  const socket = connect(host);
  socket.on('error', (error) => fail(error));
  socket.on('close', () => lose('The connection ended.'));
  const timer = setTimeout(() => {
    lose(`The server did not answer in ${deadlineMs} ms.`);
    socket.destroy();
  }, deadlineMs);

  let client: Client | undefined;
  let handedOut = false;
  async function logIn(): Promise<Server> {
    await once(socket, 'connect');
    const options = {
      ...{ host: host.host, port: host.port, ...login(url), ...tlsOptions(url.tls, host.host) },
      // The driver gets this one socket and never another, so it can neither connect again nor mix up two connections.
      socket: () => {
        if (handedOut) throw new ConnectionLost('The connection ended.');
        handedOut = true;
        return socket;
      },
      connection: {
        application_name: url.applicationName,
        ...defined({ statement_timeout: statementTimeoutMs, options: url.options }),
      },
      ...{ max: 1, prepare, types: TYPES, transform: { undefined: null }, fetch_types: false },
      // Deadlines and ages are the pool's.
      ...{ connect_timeout: 0, idle_timeout: 0, max_lifetime: null },
      onnotice: () => {},
      onclose: () => lose('The connection ended.'),
    };
    client = postgres(options);
    return await askServer(client, statementTimeoutMs);
  }

  try {
    logIn().then(opening.resolve, opening.reject);
    const server = await opening.promise;
    return {
      ...{ server, host, pooled: !prepare },
      get alive() {
        return alive;
      },
      send<R extends object>(statement: Statement) {
        return new Promise<R[]>((resolve, reject) => {
          if (client === undefined || !alive) return reject(new ConnectionLost('The connection has ended.'));
          fail = reject;
          statement<R>(client).then(resolve, reject);
        });
      },
      cut() {
        lose('The connection was cut.');
        socket.destroy();
      },
      async close() {
        alive = false;
        await client?.end({ timeout: 1 }).catch(() => {});
        socket.destroy();
      },
    };
  } catch (error) {
    alive = false;
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function connect({ host, port }: DatabaseHost): net.Socket {
  const socket = host.startsWith('/')
    ? net.connect(`${host}/.s.PGSQL.${port}`)
    : net.connect({ host, port, noDelay: true, keepAlive: true });
  // porsager looks here for the name that the server's certificate must bear.
  return Object.assign(socket, { host, port });
}

function login({ user, password, database }: DatabaseUrl): { user?: string; pass?: string; database?: string } {
  return {
    ...defined({ user, pass: password, database }),
  };
}

function tlsOptions(
  tls: DatabaseTls,
  host: string,
): { ssl: false | 'prefer' | ConnectionOptions; sslnegotiation?: string } {
  if (tls.mode === 'off' || host.startsWith('/')) return { ssl: false };
  if (tls.mode === 'prefer') return { ssl: 'prefer' };
  return {
    ...(tls.direct ? { sslnegotiation: 'direct' } : {}),
    ssl: {
      // Node checks the name against this; it connects to the socket that it is given.
      host,
      rejectUnauthorized: tls.verify !== 'nothing',
      ...(tls.verify === 'authority' ? { checkServerIdentity: () => undefined } : {}),
      ...(tls.authority === undefined ? {} : { ca: tls.authority.pem }),
      ...(tls.client === undefined ? {} : { cert: tls.client.certificate.pem, key: tls.client.key.pem }),
    },
  };
}

/** One round trip, by the simple protocol, which every pooler passes on. */
async function askServer(client: Client, statementTimeoutMs: number | undefined): Promise<Server> {
  const [server] = await client.unsafe<Server[]>(`
    select current_setting('transaction_read_only') = 'on' as "readOnly",
      extract(epoch from current_setting('statement_timeout')::interval) * 1000 = ${statementTimeoutMs ?? 0} as "setTimeout",
      coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted`);
  if (server === undefined) throw new ConnectionLost('The server answered with no row.');
  return { ...server };
}

/** As PostgreSQL reads an array of texts. */
function textArray(texts: readonly unknown[]): string {
  const quoted = texts.map((text) => (text === null ? 'NULL' : `"${String(text).replace(/["\\]/g, '\\$&')}"`));
  return `{${quoted.join()}}`;
}
