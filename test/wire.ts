import net from 'node:net';
import { cleanup } from './cleanup.ts';

/** A line between Maro and PostgreSQL that counts, and that can be cut or go silent. */
export type Wire = {
  /** The database's URL through this line. */
  url: string;
  /** How often the client spoke and the server answered since the last reset: what a distant database makes one wait for. */
  trips: number;
  /** How many bytes the server has answered since the last reset. */
  answered: number;
  /** Ends every connection, as a network does that goes away for a moment. */
  cut(): void;
  /** Lets answers vanish, as a frozen backend or a half-open connection does; connections that come later too. */
  silence(on: boolean): void;
  /** Lets statements arrive, and ends their connections in place of the answers. */
  lose(on: boolean): void;
  /** Refuses connections and ends those that are there, as a server does that is stopped. */
  stop(): Promise<void>;
  /** Takes connections again; nothing when it takes them. */
  start(): Promise<void>;
};

/** Opens a line to the database of `url`. */
export async function openWire(url: string): Promise<Wire> {
  const target = targetOf(url);
  const pairs = new Set<{ client: net.Socket; server: net.Socket }>();
  let silent = false;
  let losing = false;
  const listener = net.createServer((client) => {
    const server = net.connect(target);
    const pair = { client, server };
    let clientSpoke = false;
    pairs.add(pair);
    // A test ends when it is done, whatever is still connected.
    for (const socket of [client, server]) socket.unref();
    client.on('data', (chunk) => {
      if (!clientSpoke) wire.trips++;
      clientSpoke = true;
      if (!silent) server.write(chunk);
    });
    server.on('data', (chunk) => {
      clientSpoke = false;
      wire.answered += chunk.length;
      if (losing) client.destroy();
      else if (!silent) client.write(chunk);
    });
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        client.destroy();
        server.destroy();
      });
    }
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(port, '127.0.0.1', () => {
        listener.off('error', reject);
        resolve();
      });
    });
  await listen(0);
  cleanup(() => wire.stop());
  listener.unref();
  const { port } = listener.address() as net.AddressInfo;
  const wire: Wire = {
    url: through(url, port),
    trips: 0,
    answered: 0,
    cut: () => {
      for (const { client } of pairs) client.destroy();
    },
    silence: (on) => {
      silent = on;
    },
    lose: (on) => {
      losing = on;
    },
    stop: () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      wire.cut();
      return closed;
    },
    start: async () => {
      if (listener.listening) return;
      await listen(port);
      listener.unref();
    },
  };
  return wire;
}

function targetOf(url: string): net.NetConnectOpts {
  const { hostname, port } = new URL(url);
  const host = decodeURIComponent(hostname);
  const number = Number(port || 5432);
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${number}` } : { host, port: number };
}

function through(url: string, port: number): string {
  const wired = new URL(url);
  const credentials = wired.password === '' ? wired.username : `${wired.username}:${wired.password}`;
  return `postgres://${credentials}@127.0.0.1:${port}${wired.pathname}${wired.search}`;
}
