import type { DatabaseHost, DatabaseUrl } from '../database-url.ts';
import { defined } from '../defined.ts';

/** A statement of Graphile Worker's takes milliseconds. One that takes so long meets a server that has fallen silent. */
const QUERY_TIMEOUT_MS = 20_000;

/**
 * The URL of one host for node-postgres, which Graphile Worker brings along and which knows one host only. `encrypted`: what
 * our own connection to this host turned out to be.
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
    // Without this node-postgres gives the modes another meaning than libpq's, and warns about it.
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
  const login = [user, password].filter((part) => part !== undefined).map(encodeURIComponent);
  // pg-connection-string reads + as a space only in the parameters, and so does URLSearchParams write it.
  return `postgres://${login.length === 0 ? '' : `${login.join(':')}@`}/${encodeURIComponent(database ?? '')}?${query}`;
}
