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

/** The status and parsed JSON of an answer that is no trouble: 2xx, or one of those with which Jira says what is wrong. */
export type JiraAnswer = { status: number; json: unknown };

/** A person waits for the answer, and Slack for at most three seconds of it. */
const CALL_DEADLINE_MS = 2_500;
/** Longest time that Jira may ask for before a retry; with two calls around it a drain stays below ten seconds. */
const PATIENCE_MS = 3_000;
/** A hundred issues with the fields that Maro asks for are some 300 kB. */
const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;
/** Jira refuses a question (400), an issue that is not there (404), a 2,001st remote link (413), a create (422). */
const REFUSALS = new Set([400, 404, 413, 422]);
/** Posts that only read, so that sending them twice does no harm. */
const READING_POSTS = new Set(['/rest/api/3/issue/bulkfetch', '/rest/api/3/search/jql']);
/** A link is known by its globalId, so that sending it twice makes one. */
const LINKING_POST = /\/remotelink$/;
/** How fetch says that no connection came about: nothing was sent. https://nodejs.org/api/errors.html#nodejs-error-codes */
const NEVER_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

type Question = { request: JiraRequest; method: string; endpoint: string; reads: boolean };

/**
 * What jira.js lacks: a deadline for each call, body included; no redirects, which could carry a key to another host; one
 * retry, of reads only, that heeds Retry-After; and pauses of one endpoint when Jira's burst limit asks for them, or of all
 * when an hourly quota is used up. https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
export function createTransport(options: { host: string; email: string; apiToken: string; deadlineMs?: number }) {
  const { deadlineMs = CALL_DEADLINE_MS } = options;
  const authorization = `Basic ${Buffer.from(`${options.email}:${options.apiToken}`).toString('base64')}`;
  const pausedUntil = new Map<string, number>();

  /** @throws {JiraTrouble} for every answer that says nothing about an issue. */
  async function send(request: JiraRequest): Promise<JiraAnswer> {
    const method = request.method ?? 'GET';
    const endpoint = `${method} ${withoutNames(request.url)}`;
    const reads = method === 'GET' || READING_POSTS.has(request.url);
    const mayRepeat = reads || LINKING_POST.test(request.url);
    const question = { request, method, endpoint, reads };
    await waitFor(endpoint);
    const first = await attempt(question);
    if ('json' in first) return first;
    const retryMs = mayRepeat ? first.retryMs : undefined;
    if (retryMs === undefined || retryMs > PATIENCE_MS) throw first.trouble;
    await sleep(retryMs);
    const second = await attempt(question);
    if ('json' in second) return second;
    // What the first attempt may have done is not undone by the refusal of the second.
    throw first.trouble.undone ? second.trouble : first.trouble;
  }

  async function waitFor(endpoint: string): Promise<void> {
    const until = Math.max(pausedUntil.get(endpoint) ?? 0, pausedUntil.get('*') ?? 0);
    const waitMs = until - Date.now();
    if (waitMs > PATIENCE_MS) throw new JiraTrouble('rate_limited', { seconds: waitMs / 1000, undone: true });
    if (waitMs > 0) await sleep(waitMs);
  }

  async function attempt(question: Question): Promise<JiraAnswer | { trouble: JiraTrouble; retryMs?: number }> {
    const { request, method } = question;
    const signal = AbortSignal.timeout(deadlineMs);
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
      const trouble = new JiraTrouble('no_answer', { undone: neverSent(error) });
      return signal.aborted ? { trouble } : { trouble, retryMs: shortly() };
    }
    return judge(response, text, question);
  }

  function judge(response: Response, text: string, { endpoint, reads }: Question) {
    const { status } = response;
    // 408 is a gateway's, and says nothing of what Jira did.
    const undone = status >= 400 && status < 500 && status !== 408;
    const retryAfter = retryAfterMs(response.headers.get('retry-after'));
    if (status === 429 || (status === 503 && retryAfter !== undefined)) {
      const wholeSite = response.headers.get('ratelimit-reason')?.startsWith('jira-quota') ?? false;
      if (retryAfter !== undefined) pausedUntil.set(wholeSite ? '*' : endpoint, Date.now() + retryAfter);
      const seconds = retryAfter === undefined ? {} : { seconds: retryAfter / 1000 };
      const trouble = new JiraTrouble('rate_limited', { ...seconds, undone });
      return { trouble, retryMs: retryAfter ?? shortly() };
    }
    // Jira Cloud answers an expired token as it answers somebody without a login, to whom no issue exists: only this header
    // tells. https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/
    const login = response.headers.get('x-seraph-loginreason') ?? '';
    // A login that may read may still not be allowed to create or link.
    if (status === 403 && !reads && !/AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(login)) {
      return { trouble: new JiraTrouble('forbidden', { undone }) };
    }
    if (status === 401 || status === 403 || login.includes('AUTHENTICATED_FAILED')) {
      return { trouble: new JiraTrouble('login_refused', { undone }) };
    }
    if (status >= 500) {
      const trouble = new JiraTrouble('no_answer');
      return status === 500 ? { trouble } : { trouble, retryMs: shortly() };
    }
    const json = parseJson(text);
    if (json === undefined || (!response.ok && !REFUSALS.has(status))) {
      return { trouble: new JiraTrouble('unreadable', { undone }) };
    }
    return { status, json };
  }

  function addressOf(request: JiraRequest): URL {
    const url = new URL(options.host + request.url);
    for (const [name, value] of Object.entries(request.searchParams ?? {})) {
      // Lists are separated by commas, but for keys, which is given again for each of them.
      const values = name === 'keys' && Array.isArray(value) ? value : [value];
      for (const each of values) if (each !== undefined) url.searchParams.append(name, String(each));
    }
    return url;
  }

  return { send };
}

/** The path without keys and ids: what Jira limits together. */
function withoutNames(path: string): string {
  return path
    .replace(/\/issue\/(?:\d+|[^/]+-\d+)(\/|$)/, '/issue/$1')
    .replace(/\/createmeta\/[^/]+\/issuetypes(?:\/\d+)?$/, (meta) => meta.replace(/\/createmeta\/[^/]+|\/\d+$/g, '/'));
}

function neverSent(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && NEVER_SENT.has(String(cause.code));
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
