import type { DatabaseHost, DatabaseUrl } from '../database-url.ts';
import { defined } from '../defined.ts';

/** A statement of Graphile Worker takes milliseconds. If one takes this long, the server is not responding. */
const QUERY_TIMEOUT_MS = 20_000;

/**
 * The URL of one host for node-postgres, which Graphile Worker uses and which connects
 * to one host only. `encrypted`: whether our own connection to this host was encrypted.
 */
export function pgUrl(url: DatabaseUrl, { host, port }: DatabaseHost, encrypted: boolean): string {
  const { user, password, database, tls, applicationName, options } = url;
  const query = new URLSearchParams({
    application_name: `${applicationName} jobs`,
    query_timeout: String(QUERY_TIMEOUT_MS),
    ...defined({ options }),
    host,
    port: String(port),
  });
  if (encrypted) {
    // Without this parameter, node-postgres interprets sslmode differently from libpq, and warns about it.
    query.set('uselibpqcompat', 'true');
    const verify = tls.mode === 'on' ? tls.verify : 'nothing';
    query.set('sslmode', { nothing: 'require', authority: 'verify-ca', 'authority and name': 'verify-full' }[verify]);
    if (tls.mode === 'on') {
      if (tls.direct) query.set('sslnegotiation', 'direct');
      if (tls.authority !== undefined) query.set('sslrootcert', tls.authority.path);
      if (tls.client !== undefined) {
        query.set('sslcert', tls.client.certificate.path);
        query.set('sslkey', tls.client.key.path);
      }
    }
  }
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const login = `${encodeURIComponent(user ?? '')}${secret}`;
  // pg-connection-string reads + as a space only in the query, which is where URLSearchParams writes it.
  return `postgres://${login === '' ? '' : `${login}@`}/${encodeURIComponent(database ?? '')}?${query}`;
}
