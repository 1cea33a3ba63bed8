import { setTimeout as sleep } from 'node:timers/promises';
import { JiraTrouble } from './trouble.ts';

/** One request as jira.js hands it to a client of ours. */
export type JiraRequest = {
  url: string;
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  searchParams?: Record<string, unknown> | undefined;
};

/** The status and parsed JSON of an answer that is no trouble: 2xx, 400 or 404. */
export type JiraAnswer = { status: number; json: unknown };

/** A person waits for the answer, and Slack for at most three seconds of it. */
const CALL_DEADLINE_MS = 2_500;
/** Longest time that Jira may ask for before a retry; with two calls around it a drain stays below ten seconds. */
const PATIENCE_MS = 3_000;
/** A hundred issues with the fields that Maro asks for are some 300 kB. */
const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;
/** Posts that only read, so that sending them twice does no harm. */
const READING_POSTS = new Set(['/rest/api/3/issue/bulkfetch']);

/**
 * What jira.js lacks: a deadline for each call, body included; no redirects, which could carry a key to another host; one
 * retry, of reads only, that heeds Retry-After; and pauses of one endpoint when Jira's burst limit asks for them, or of all
 * when an hourly quota is used up. https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
export function createTransport(options: { host: string; email: string; apiToken: string }) {
  const authorization = `Basic ${Buffer.from(`${options.email}:${options.apiToken}`).toString('base64')}`;
  const pausedUntil = new Map<string, number>();

  /** @throws {JiraTrouble} for every answer that says nothing about an issue. */
  async function send(request: JiraRequest): Promise<JiraAnswer> {
    const method = request.method ?? 'GET';
    const endpoint = `${method} ${request.url.replace(/(\/issue\/)(?!bulkfetch$)[^/]+$/, '$1')}`;
    const mayRepeat = method === 'GET' || READING_POSTS.has(request.url);
    await waitFor(endpoint);
    const first = await attempt(request, method, endpoint);
    if ('json' in first) return first;
    const retryMs = mayRepeat ? first.retryMs : undefined;
    if (retryMs === undefined || retryMs > PATIENCE_MS) throw first.trouble;
    await sleep(retryMs);
    const second = await attempt(request, method, endpoint);
    if ('json' in second) return second;
    throw second.trouble;
  }

  async function waitFor(endpoint: string): Promise<void> {
    const until = Math.max(pausedUntil.get(endpoint) ?? 0, pausedUntil.get('*') ?? 0);
    const waitMs = until - Date.now();
    if (waitMs > PATIENCE_MS) throw new JiraTrouble('rate_limited', { seconds: waitMs / 1000 });
    if (waitMs > 0) await sleep(waitMs);
  }

  async function attempt(
    request: JiraRequest,
    method: string,
    endpoint: string,
  ): Promise<JiraAnswer | { trouble: JiraTrouble; retryMs?: number }> {
    const signal = AbortSignal.timeout(CALL_DEADLINE_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(addressOf(request), {
        method,
        headers: {
          ...request.headers,
          authorization,
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        redirect: 'manual',
        signal,
      });
      text = await readText(response);
    } catch (error) {
      if (error instanceof JiraTrouble) return { trouble: error };
      const trouble = new JiraTrouble('no_answer');
      return signal.aborted ? { trouble } : { trouble, retryMs: shortly() };
    }
    return judge(response, text, endpoint);
  }

  function judge(response: Response, text: string, endpoint: string) {
    const { status } = response;
    const retryAfter = retryAfterMs(response.headers.get('retry-after'));
    if (status === 429 || (status === 503 && retryAfter !== undefined)) {
      const wholeSite = response.headers.get('ratelimit-reason')?.startsWith('jira-quota') ?? false;
      if (retryAfter !== undefined) pausedUntil.set(wholeSite ? '*' : endpoint, Date.now() + retryAfter);
      const trouble = new JiraTrouble(
        'rate_limited',
        retryAfter === undefined ? undefined : { seconds: retryAfter / 1000 },
      );
      return { trouble, retryMs: retryAfter ?? shortly() };
    }
    // Jira Cloud answers an expired token as it answers somebody without a login, to whom no issue exists: only this header
    // tells. https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/
    const anonymous = response.headers.get('x-seraph-loginreason')?.includes('AUTHENTICATED_FAILED') ?? false;
    if (status === 401 || status === 403 || anonymous) return { trouble: new JiraTrouble('login_refused') };
    if (status >= 500) {
      const trouble = new JiraTrouble('no_answer');
      return status === 500 ? { trouble } : { trouble, retryMs: shortly() };
    }
    const json = parseJson(text);
    if (json === undefined || (!response.ok && status !== 400 && status !== 404)) {
      return { trouble: new JiraTrouble('unreadable') };
    }
    return { status, json };
  }

  function addressOf(request: JiraRequest): URL {
    const url = new URL(options.host + request.url);
    for (const [name, value] of Object.entries(request.searchParams ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  return { send };
}

/** @throws {JiraTrouble} when the body is larger than any answer that Maro asks for. */
async function readText(response: Response): Promise<string> {
  if (Number(response.headers.get('content-length')) > LARGEST_ANSWER_BYTES) {
    await response.body?.cancel();
    throw new JiraTrouble('unreadable');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_ANSWER_BYTES) throw new JiraTrouble('unreadable');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Retry-After is seconds or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** With jitter, so that replicas do not come back together. */
function shortly(): number {
  return 100 + Math.random() * 200;
}
