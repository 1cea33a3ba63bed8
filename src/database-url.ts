import { readFileSync } from 'node:fs';

/** A server: a host name or IP address with a port, or the directory of a Unix socket, which starts with a slash. */
export type DatabaseHost = { host: string; port: number };

/**
 * How the connection is encrypted. `prefer`: encrypted if the server supports it. `verify`: which parts of the server's
 * certificate are checked; `nothing` is what sslmode=require means in libpq. Certificates are in PEM format.
 */
export type DatabaseTls =
  | { mode: 'off' }
  | { mode: 'prefer' }
  | {
      mode: 'on';
      verify: 'nothing' | 'authority' | 'authority and name';
      direct: boolean;
      authority: Certificate | undefined;
      client: { certificate: Certificate; key: Certificate } | undefined;
    };

/** A PEM file on the machine that Maro runs on, and its content. */
export type Certificate = { path: string; pem: string };

/** The content of DATABASE_URL: where the database is, how to log in, and how many connections Maro may open. */
export type DatabaseUrl = {
  /** In the order in which Maro tries them. */
  hosts: readonly DatabaseHost[];
  /** Undefined: PGUSER, or the name of the operating system user. */
  user: string | undefined;
  password: string | undefined;
  /** Undefined: PGDATABASE, or the user name. */
  database: string | undefined;
  tls: DatabaseTls;
  /** The maximum number of connections of one process, not counting those of its jobs and those for long statements. */
  max: number;
  /** Whether a pooler is between Maro and the server and shares server connections among clients, statement by statement. */
  pooled: boolean;
  applicationName: string;
  /** Command-line options for the server, such as `-c search_path=maro`. */
  options: string | undefined;
};

const DEFAULT_PORT = 5432;
const DEFAULT_MAX = 10;

/** Parameters of other clients and poolers that Maro ignores. Maro has its own deadlines and keepalives. */
const IGNORED = new Set([
  ...[
    'connect_timeout',
    'keepalives',
    'keepalives_idle',
    'keepalives_interval',
    'keepalives_count',
    'tcp_user_timeout',
  ],
  ...['channel_binding', 'gssencmode', 'krbsrvname', 'sslcompression', 'sslsni', 'uselibpqcompat', 'client_encoding'],
  ...['fallback_application_name', 'load_balance_hosts', 'pool_timeout', 'statement_cache_size', 'supa'],
]);
const TAKES_WRITES = new Set(['any', 'read-write', 'primary']);
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  on: true,
  false: false,
  '0': false,
  off: false,
};

/**
 * Reads a PostgreSQL URL as libpq defines it, including several hosts, with the parameters that database providers add.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 * @throws {DatabaseUrlError} whose message says what is wrong. The message completes a sentence that starts with the name of
 * the variable. It shows neither the user nor the password.
 */
export function readDatabaseUrl(text: string): DatabaseUrl {
  const [, address] = /^postgres(?:ql)?:\/\/(.+)$/s.exec(text) ?? [];
  const parts = address && /^(?:([^/?]*)@)?([^/?@]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(address);
  if (!parts) {
    throw new DatabaseUrlError(
      'is malformed: it should be a PostgreSQL address, postgres://user:password@host:5432/name',
    );
  }
  const [, login, hosts = '', path, query = ''] = parts;
  const given = readQuery(query);
  const colon = login?.indexOf(':') ?? -1;
  const user = decoded('user', colon < 0 ? login : login?.slice(0, colon));
  const password = decoded('password', colon < 0 ? undefined : login?.slice(colon + 1));
  // As in libpq, a parameter in the query overrides the same value earlier in the URL.
  return {
    hosts: given.has('host') ? readHosts(given.get('host') ?? '', given.get('port')) : readAuthority(hosts),
    user: (given.get('user') ?? user) || undefined,
    password: (given.get('password') ?? password) || undefined,
    database: (given.get('dbname') ?? decoded('database', path)) || undefined,
    tls: readTls(given),
    max: readMax(given),
    pooled: readBoolean(given, 'pgbouncer') ?? false,
    applicationName: given.get('application_name') || 'maro',
    options: given.get('options') || undefined,
  };
}

export class DatabaseUrlError extends Error {
  override name = 'DatabaseUrlError';
}

function decoded(what: string, text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    throw new DatabaseUrlError(`has a % in its ${what} that encodes nothing: write a percent sign as %25`);
  }
}

const KNOWN = new Set([
  ...['host', 'port', 'user', 'password', 'dbname', 'application_name', 'options', 'target_session_attrs', 'schema'],
  ...['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'max', 'connection_limit', 'pgbouncer'],
]);

function readQuery(query: string): Map<string, string> {
  const given = new Map<string, string>();
  // The rest of a password with a ? in it looks like a query, and must not be repeated in a message.
  if (query.includes('@')) {
    throw new DatabaseUrlError('has an @ in its parameters: write a ? in the password as %3F, and an @ as %40');
  }
  for (const pair of query.split('&').filter((pair) => pair !== '')) {
    const equals = pair.indexOf('=');
    const name = decoded('parameters', equals < 0 ? pair : pair.slice(0, equals)) ?? '';
    const value = decoded(`parameter ${name}`, equals < 0 ? '' : pair.slice(equals + 1)) ?? '';
    if (KNOWN.has(name)) given.set(name, value);
    else if (!IGNORED.has(name))
      throw new DatabaseUrlError(`has a parameter that Maro does not know, ${name}: remove it`);
  }
  const session = given.get('target_session_attrs') ?? 'any';
  if (!TAKES_WRITES.has(session)) {
    throw new DatabaseUrlError(
      `has target_session_attrs=${session}, and Maro needs a server that accepts writes: use read-write`,
    );
  }
  const schema = given.get('schema') ?? 'public';
  if (schema !== 'public') {
    throw new DatabaseUrlError(
      `has schema=${schema}, which PostgreSQL does not know: write options=-csearch_path%3D${schema}`,
    );
  }
  return given;
}

/** The servers in the authority part of the URL, each with its port. The directory of a socket is percent-encoded there. */
function readAuthority(authority: string): DatabaseHost[] {
  return authority.split(',').flatMap((entry) => {
    const [, ipv6, name = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(entry) ?? [];
    if (ipv6 === undefined && name === '' && entry !== '' && port === undefined) {
      throw new DatabaseUrlError('has a host that is malformed');
    }
    return namesIn(ipv6 ?? decoded('host', name) ?? '').map((host) => ({ host, port: readPort(port) }));
  });
}

/** The servers in the parameter `host`. `port` holds one port for all of them, or one for each. */
function readHosts(hosts: string, ports = ''): DatabaseHost[] {
  const each = ports.split(',');
  return namesIn(hosts).map((host, at) => ({ host, port: readPort(each[each.length === 1 ? 0 : at]) }));
}

function namesIn(list: string): string[] {
  const names = list.split(',').filter((name) => name !== '');
  return names.length === 0 ? ['localhost'] : names.map((name) => name.replace(/(?<=.)\/$/, ''));
}

function readPort(port: string | undefined): number {
  if (port === undefined || port === '') return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535 || Number(port) === 0) {
    throw new DatabaseUrlError('has a port that is not a number from 1 to 65535. Write a slash in the password as %2F');
  }
  return Number(port);
}

function readMax(given: ReadonlyMap<string, string>): number {
  const name = given.has('max') ? 'max' : 'connection_limit';
  const text = given.get(name);
  if (text === undefined) return DEFAULT_MAX;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new DatabaseUrlError(`has ${name}=${text}: it should be a number from 1 to 9999`);
  return Number(text);
}

function readBoolean(given: ReadonlyMap<string, string>, name: string): boolean | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  const value = BOOLEANS[text];
  if (value === undefined) throw new DatabaseUrlError(`has ${name}=${text}: it should be true or false`);
  return value;
}

/**
 * Reads the TLS parameters as libpq defines them: https://www.postgresql.org/docs/current/libpq-ssl.html.
 * Without `sslmode` and `ssl`, the connection is not encrypted; libpq's default is `prefer`.
 * `ssl=true`, which Node's clients accept, means verify-full.
 */
function readTls(given: ReadonlyMap<string, string>): DatabaseTls {
  const ssl = readBoolean(given, 'ssl');
  const mode = given.get('sslmode') ?? (ssl ? 'verify-full' : 'disable');
  const root = given.get('sslrootcert');
  const authority = root === undefined || root === 'system' ? undefined : readCertificate('sslrootcert', root);
  const [certificate, key] = [given.get('sslcert'), given.get('sslkey')];
  if ((certificate === undefined) !== (key === undefined)) {
    throw new DatabaseUrlError('has only one of sslcert and sslkey: a client certificate needs both');
  }
  const client =
    certificate === undefined || key === undefined
      ? undefined
      : { certificate: readCertificate('sslcert', certificate), key: readCertificate('sslkey', key) };
  const negotiation = given.get('sslnegotiation') ?? 'postgres';
  if (negotiation !== 'postgres' && negotiation !== 'direct') {
    throw new DatabaseUrlError(`has sslnegotiation=${negotiation}: it should be postgres or direct`);
  }
  const on = { mode: 'on' as const, direct: negotiation === 'direct', authority, client };
  switch (mode) {
    case 'disable':
      return { mode: 'off' };
    case 'allow':
    case 'prefer':
      return { mode: 'prefer' };
    case 'no-verify':
      return { ...on, verify: 'nothing' };
    case 'require':
      // As in libpq, sslmode=require with a certificate authority means verify-ca.
      if (root === 'system') return { ...on, verify: 'authority and name' };
      return { ...on, verify: authority === undefined ? 'nothing' : 'authority' };
    case 'verify-ca':
      if (authority === undefined) {
        throw new DatabaseUrlError(
          'has sslmode=verify-ca and needs sslrootcert, the path of the certificate authority',
        );
      }
      return { ...on, verify: 'authority' };
    case 'verify-full':
      return { ...on, verify: 'authority and name' };
    default:
      throw new DatabaseUrlError(
        `has sslmode=${mode}: it should be disable, prefer, require, verify-ca or verify-full`,
      );
  }
}

function readCertificate(name: string, path: string): Certificate {
  try {
    return { path, pem: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new DatabaseUrlError(`has ${name}=${path}, which cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
