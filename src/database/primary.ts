import type { DatabaseHost, DatabaseUrl } from '../database-url.ts';
import { type Connection, openConnection, sqlState } from './connection.ts';
import { type DatabaseTrouble, readOnly, refused, turnedAway, unreachable } from './trouble.ts';

/** Finds, among the hosts of a URL, the one that accepts writes. */
export type Primary = {
  /**
   * Opens a connection to that host. Tries the host that accepted writes last
   * time first. Each host gets a share of the deadline, which is in milliseconds.
   * @throws {DatabaseTrouble} within the deadline if no host accepts writes. Nothing was changed.
   */
  open(limits: { deadlineMs: number; statementTimeoutMs: number }): Promise<Connection>;
};

/** The longest time for one host. A host that does not answer must leave time for the others and for the statement. */
const LONGEST_MS = 1_500;
/** The SQLSTATE (protocol_violation) with which PgBouncer rejects a startup parameter that it does not support. */
const PARAMETER_REFUSED = '08P01';

export function createPrimary(url: DatabaseUrl): Primary {
  let known: DatabaseHost | undefined;
  // The hosts that are behind a pooler. A pooler shares server connections
  // among clients, so it keeps no prepared statements or settings.
  const pooled = new Set<DatabaseHost>(url.pooled ? url.hosts : []);

  async function openHost(host: DatabaseHost, deadlineMs: number, statementTimeoutMs: number): Promise<Connection> {
    const until = performance.now() + deadlineMs;
    if (!pooled.has(host)) {
      try {
        const connection = await openConnection(url, host, { statementTimeoutMs, prepare: true, deadlineMs });
        if (connection.server.appliesTimeout) return connection;
        await connection.close();
      } catch (error) {
        if (sqlState(error) !== PARAMETER_REFUSED) throw error;
      }
      pooled.add(host);
    }
    const leftMs = Math.max(until - performance.now(), 1);
    return openConnection(url, host, { statementTimeoutMs: undefined, prepare: false, deadlineMs: leftMs });
  }

  return {
    async open({ deadlineMs, statementTimeoutMs }) {
      const until = performance.now() + deadlineMs;
      const first = known;
      const hosts = first === undefined ? url.hosts : [first, ...url.hosts.filter((host) => host !== first)];
      let told: DatabaseTrouble | undefined;
      let away: DatabaseTrouble | undefined;
      for (const [at, host] of hosts.entries()) {
        const share = Math.min((until - performance.now()) / (hosts.length - at), LONGEST_MS);
        if (share <= 0) break;
        try {
          const connection = await openHost(host, share, statementTimeoutMs);
          if (!connection.server.readOnly) {
            known = host;
            return connection;
          }
          told = readOnly();
          await connection.close();
        } catch (error) {
          if (sqlState(error) !== undefined) told = refused(error) ?? turnedAway(error);
          else away = unreachable(error);
        }
      }
      // A server that says why it rejects Maro is more informative than one that does not answer.
      throw told ?? away ?? unreachable(undefined);
    },
  };
}
