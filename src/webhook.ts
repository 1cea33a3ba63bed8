import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createTakeEvent } from './issues/events.ts';
import type { SyncDeps } from './issues/sync.ts';
import { errorName } from './log.ts';
import { Trouble } from './trouble.ts';

/**
 * The largest body that is read. Jira sends up to 25 MB, and does not send a refused event again: the delta
 * brings what it would have said. https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;

/**
 * Takes events of Jira's webhook. An event is stored before it is answered, so Jira sends again what is not. A request
 * that is not signed with one of the secrets is refused. Two secrets are valid while a secret is replaced.
 */
export function createWebhook(secrets: readonly string[], deps: SyncDeps): RequestListener {
  const { log } = deps.services;
  const takeEvent = createTakeEvent(deps);

  async function take(request: IncomingMessage): Promise<number> {
    const body = await read(request);
    if (body === undefined) {
      log.warn(
        { bytes: Number(request.headers['content-length']) || undefined },
        'a webhook of Jira that is too large',
      );
      return 413;
    }
    if (!isSigned(body, request.headers['x-hub-signature'], secrets)) {
      log.warn({}, 'a webhook that is not signed with JIRA_WEBHOOK_SECRET');
      return 401;
    }
    const json = parsed(body);
    const id = String(
      request.headers['x-atlassian-webhook-identifier'] ?? createHash('sha256').update(body).digest('hex'),
    );
    if (json !== undefined && (await takeEvent(json, id))) return 200;
    log.warn({}, 'a webhook of Jira that cannot be read');
    return 400;
  }

  return async (request, response) => {
    try {
      answer(response, await take(request));
    } catch (error) {
      // Jira sends the event again after a 503.
      log.warn({ error: errorName(error) }, 'a webhook of Jira could not be stored');
      answer(response, error instanceof Trouble ? 503 : 500);
    }
  };
}

/** The body; undefined if it is too large, in which case the rest of it is not read. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length']) > LARGEST_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether the header has the HMAC of the body under one of the secrets. The comparison takes the same time for every header. */
function isSigned(body: Buffer, header: string | string[] | undefined, secrets: readonly string[]): boolean {
  const given = Buffer.from(String(header ?? ''));
  return secrets.some((secret) => {
    const signature = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    return given.byteLength === signature.byteLength && timingSafeEqual(given, signature);
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number): void {
  // A body that was not read to its end leaves a connection that cannot be used again.
  response.writeHead(status, { 'content-length': 0, ...(status === 413 ? { connection: 'close' } : {}) });
  response.end();
}
