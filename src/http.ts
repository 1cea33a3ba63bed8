import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

/**
 * Slack says to reject requests whose timestamp is more than five minutes from the
 * current time. Bolt checks only for old requests.
 */
const FARTHEST_SECONDS = 5 * 60;

/**
 * Creates the HTTP server. `/livez` says whether the process runs, and `/healthz` whether it can serve people. With `events`,
 * Slack's deliveries come to `POST /slack/events`, and with `webhook`, Jira's to `POST /jira/webhook`.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack/
 */
export function createHttpServer(
  health: () => Promise<Health>,
  { events, webhook }: { events?: RequestListener | undefined; webhook?: RequestListener | undefined } = {},
): Server {
  return createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/livez' && request.method === 'GET') return json(response, 200, { ok: true });
    if (path === '/healthz' && request.method === 'GET') {
      return void health().then((report) => json(response, report.ok ? 200 : 503, report));
    }
    if (path === '/jira/webhook' && request.method === 'POST' && webhook !== undefined)
      return webhook(request, response);
    if (path !== '/slack/events' || request.method !== 'POST' || events === undefined) {
      return json(response, 404, { ok: false });
    }
    if (isFromTheFuture(request)) return json(response, 401, { ok: false });
    events(request, response);
  });
}

/** `jira`: how the sync with Jira goes. Maro serves people while Jira is away, so `ok` does not depend on it. */
export type Health = {
  ok: boolean;
  database: boolean;
  slack: boolean;
  jira: { state: 'ok' | 'unknown' } | { state: 'failing'; since: string };
};

/**
 * Whether the request's timestamp is too far in the future. False without a timestamp:
 * Bolt rejects those requests, except `ssl_check`, which Slack does not sign.
 */
function isFromTheFuture(request: IncomingMessage): boolean {
  return Number(request.headers['x-slack-request-timestamp']) > Date.now() / 1000 + FARTHEST_SECONDS;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
