import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

const LAST_PORT = 65_535;

/** Lets the server listen on 127.0.0.1, on `port` or the first free one after it; 0 is any free one. Answers the port. */
export async function listen(server: Server, port: number): Promise<number> {
  for (let next = port; ; next++) {
    server.listen(next, '127.0.0.1');
    try {
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || next >= LAST_PORT) throw error;
    }
  }
}
