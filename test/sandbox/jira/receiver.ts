import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export type Received = {
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a body of somebody else's, looked at by tests alone
  body: any;
};

export type Receiver = {
  url: string;
  received: Received[];
  /** The next answers; 204 when there is none left, and a broken connection for 0. */
  answers: number[];
};

/** A server that takes webhooks and keeps them in the order in which they came. */
export async function startReceiver(t: TestContext): Promise<Receiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString('utf8');
    received.push({ headers: request.headers, text, body: JSON.parse(text) });
    const status = answers.shift() ?? 204;
    if (status === 0) response.destroy();
    else response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jira/webhook`, received, answers };
}
