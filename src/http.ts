import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

/** Slack: a request whose timestamp is more than five minutes from now is not Slack's. Bolt checks the past only. */
const FARTHEST_SECONDS = 5 * 60;

/**
 * Maro's HTTP side: `/livez` while the process works, `/healthz` for whether it is of use, and, with `events`, Slack's
 * deliveries to `POST /slack/events`. https://docs.slack.dev/authentication/verifying-requests-from-slack/
 */
export function createHttpServer(health: () => Promise<Health>, events: RequestListener | undefined): Server {
  return createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/livez' && request.method === 'GET') return json(response, 200, { ok: true });
    if (path === '/healthz' && request.method === 'GET') {
      return void health().then((report) => json(response, report.ok ? 200 : 503, report));
    }
    if (path !== '/slack/events' || request.method !== 'POST' || events === undefined) {
      return json(response, 404, { ok: false });
    }
    if (isFromTheFuture(request)) return json(response, 401, { ok: false });
    events(request, response);
  });
}

export type Health = { ok: boolean; database: boolean; slack: boolean };

/** A request without a timestamp is not: Bolt refuses it, but for `ssl_check`, which Slack sends unsigned. */
function isFromTheFuture(request: IncomingMessage): boolean {
  return Number(request.headers['x-slack-request-timestamp']) > Date.now() / 1000 + FARTHEST_SECONDS;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
