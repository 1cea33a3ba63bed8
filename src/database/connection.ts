import { once } from 'node:events';
import net from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import postgres from 'postgres';
import type { DatabaseHost, DatabaseTls, DatabaseUrl } from '../database-url.ts';
import { defined } from '../defined.ts';
import type { Client, Json, Statement } from './statement.ts';

/**
 * The connection ended, either during a statement or before the connection was made.
 * A statement that was sent may have been carried out.
 */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** What a server reports about itself on a new connection. */
export type Server = {
  /** Whether the server rejects writes, as a standby does. */
  readOnly: boolean;
  /**
   * Whether the server applied our statement_timeout. If it did not, a pooler
   * between Maro and the server dropped the setting.
   */
  appliesTimeout: boolean;
  encrypted: boolean;
};

/** One connection to one server. It never reconnects: after it ends, every statement fails. */
export type Connection = {
  readonly server: Server;
  readonly host: DatabaseHost;
  /** Whether a pooler is between Maro and the server, so that session settings and session locks do not last. */
  readonly pooled: boolean;
  readonly alive: boolean;
  /**
   * Runs one statement. Send the next statement only after this one has settled.
   * @throws {postgres.PostgresError} with the server's error. The
   * statement was not carried out, unless the server was shutting down.
   * @throws {ConnectionLost} or Node's network error, if the connection ended
   * before an answer came. The statement may have been carried out.
   */
  send<R extends object>(statement: Statement): Promise<R[]>;
  /** Ends the connection at once. A statement that is waiting for an answer fails. */
  cut(): void;
  /** Ends the connection properly, by telling the server. */
  close(): Promise<void>;
};

export type ConnectionSettings = {
  /** The server's statement_timeout in milliseconds; undefined if a pooler does not accept the setting. */
  statementTimeoutMs: number | undefined;
  /**
   * Whether to use prepared statements. They do not work behind a
   * pooler, where the next statement may use another server connection.
   */
  prepare: boolean;
  deadlineMs: number;
};

/** The SQLSTATE of a server error; undefined if the error did not come from the server. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

/** The OID of text[]. Without it, the driver (porsager's `postgres`) would ask the server for it on every connection. */
const TEXT_ARRAY = 1009;
const TYPES = {
  json: { to: 114, from: [114], serialize: JSON.stringify, parse: (text: string): Json => JSON.parse(text) },
  textArray: { to: TEXT_ARRAY, from: [], serialize: textArray, parse: (text: string) => text },
};

/**
 * Opens a connection and asks the server about itself. Settles within
 * `deadlineMs` milliseconds, whatever the network, the server, and the driver do.
 * @throws {postgres.PostgresError} if the server rejects the connection.
 * @throws if the server cannot be reached. Nothing was sent that could change anything.
 */
export async function openConnection(
  url: DatabaseUrl,
  host: DatabaseHost,
  { statementTimeoutMs, prepare, deadlineMs }: ConnectionSettings,
): Promise<Connection> {
  const opening = Promise.withResolvers<Server>();
  // Fails the pending operation: first the opening of the connection, later a statement.
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
      // The driver gets this one socket and no other, so it cannot reconnect or mix up two connections.
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
      // The pool takes care of deadlines and of the age of connections.
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
  // The driver reads the host name for checking the server's certificate from the socket.
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
      // Node checks the certificate against this name. It connects through the socket that it is given.
      host,
      rejectUnauthorized: tls.verify !== 'nothing',
      ...(tls.verify === 'authority' ? { checkServerIdentity: () => undefined } : {}),
      ...(tls.authority === undefined ? {} : { ca: tls.authority.pem }),
      ...(tls.client === undefined ? {} : { cert: tls.client.certificate.pem, key: tls.client.key.pem }),
    },
  };
}

/** Asks the server about itself in one round trip, with the simple query protocol, which every pooler supports. */
async function askServer(client: Client, statementTimeoutMs: number | undefined): Promise<Server> {
  const [server] = await client.unsafe<Server[]>(`
    select current_setting('transaction_read_only') = 'on' as "readOnly",
      extract(epoch from current_setting('statement_timeout')::interval) * 1000 = ${statementTimeoutMs ?? 0} as "appliesTimeout",
      coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted`);
  if (server === undefined) throw new ConnectionLost('The server answered with no row.');
  return { ...server };
}

/** The texts as a PostgreSQL array literal. */
function textArray(texts: readonly unknown[]): string {
  return `{${texts.map((text) => (text === null ? 'NULL' : `"${escaped(String(text))}"`)).join()}}`;
}

/** Most texts contain nothing to escape, and testing for that takes a quarter of the time of replacing. */
function escaped(text: string): string {
  return /["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text;
}
