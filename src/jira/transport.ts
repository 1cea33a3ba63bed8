import { setTimeout as sleep } from 'node:timers/promises';
import { defined } from '../defined.ts';
import { createProbes, type Failure } from './probe.ts';
import { renamedTo } from './redirect.ts';
import { JiraTrouble } from './trouble.ts';

/** A request as jira.js passes it to a custom client. */
export type JiraRequest = {
  url: string;
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  searchParams?: Record<string, unknown> | undefined;
};

/**
 * The status and parsed JSON of an answer about the request itself: 2xx, or a status with
 * which Jira explains a refusal. `json` is undefined if and only if the status is 204.
 */
export type JiraResponse = { status: number; json: unknown };

/** The deadline for one call. A person waits for the answer, and Slack waits at most three seconds. */
const CALL_DEADLINE_MS = 2_500;
/**
 * The longest pause that Maro waits before a call or a retry. A call that is repeated takes at most eight
 * seconds, and up to three more if the endpoint is paused when the call starts.
 */
const PATIENCE_MS = 3_000;
/** The longest pause that Jira can ask for. A proxy that asks for more must not silence Maro for days. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/** A hundred issues with the fields that Maro requests take about 300 kB. */
const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;
/** The limits for an answer that nobody waits for: issues with their histories and comments. */
const PATIENT: Limits = { deadlineMs: 20_000, largestBytes: 32 * 1024 * 1024 };
/**
 * Statuses with which Jira refuses a request: a bad query (400), a missing issue (404),
 * a 2,001st remote link or a 5,001st comment (413), or an issue that cannot be created (422).
 */
const REFUSALS = new Set([400, 404, 413, 422]);
/** POST requests that only read, so repeating them does no harm. */
const READING_POSTS = new Set([
  '/rest/api/3/issue/bulkfetch',
  '/rest/api/3/search/jql',
  '/rest/api/3/search/approximate-count',
  '/rest/api/3/changelog/bulkfetch',
  '/rest/api/3/comment/list',
]);
/** Jira identifies a link by its globalId, so sending it twice makes one link. */
const LINKING_POST = /\/remotelink$/;
/**
 * Error codes of fetch for a connection that could not be made, so that
 * nothing was sent. https://nodejs.org/api/errors.html#nodejs-error-codes
 */
const NEVER_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What Jira said with a 429: when, of which limit, and for how many seconds to wait. */
export type RateLimit = { at: Date; reason: string | undefined; seconds: number | undefined };

type Question = { request: JiraRequest; method: string; endpoint: string; limits: Limits };

/** The deadline for one call in milliseconds, and the largest answer in bytes. */
type Limits = { deadlineMs: number; largestBytes: number };

/**
 * Sends requests to Jira, with what jira.js lacks: a deadline for each call, body included; no redirects, which could send the
 * API token to another host, except to the new address of a renamed site; one retry for reads and for remote links, which heeds
 * Retry-After; pauses, of one endpoint when Jira's burst limit asks for it, or of all endpoints when an hourly quota is used up; and
 * one call that asks whether Jira is well again, while others wait for its outcome.
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
export function createTransport(options: {
  host: string;
  email: string;
  apiToken: string;
  deadlineMs?: number;
  /** Called when the site turns out to have another address than `host`, and the calls go there from now on. */
  onRenamed?: (origin: string) => void;
}) {
  const usual: Limits = { deadlineMs: options.deadlineMs ?? CALL_DEADLINE_MS, largestBytes: LARGEST_ANSWER_BYTES };
  let { host } = options;
  const authorization = `Basic ${Buffer.from(`${options.email}:${options.apiToken}`).toString('base64')}`;
  const pausedUntil = new Map<string, number>();
  const probes = createProbes();
  let rateLimit: RateLimit | undefined;

  /**
   * Sends a request. A `patient` one, which nobody waits for, may take 20 seconds.
   * @throws {JiraTrouble} if there is no answer, or the answer says nothing about the request itself.
   */
  async function send(request: JiraRequest, { patient = false } = {}): Promise<JiraResponse> {
    const method = request.method ?? 'GET';
    const endpoint = endpointOf(request);
    const reads = isReading(request);
    const mayRepeat = reads || LINKING_POST.test(request.url);
    const question = { request, method, endpoint, limits: patient ? PATIENT : usual };
    await waitFor(endpoint);
    const first = await attempt(question);
    if ('json' in first) return first;
    const retryMs = mayRepeat ? first.retryMs : undefined;
    if (retryMs === undefined || retryMs > PATIENCE_MS) throw first.trouble;
    await sleep(retryMs);
    // Another call may have been told meanwhile to leave Jira alone.
    if (pauseMs(endpoint) > PATIENCE_MS) throw first.trouble;
    await sleep(pauseMs(endpoint));
    const second = await attempt(question);
    if ('json' in second) return second;
    // If the first attempt may have changed something, a refusal of the second does not mean that nothing changed.
    throw first.trouble.undone ? second.trouble : first.trouble;
  }

  async function waitFor(endpoint: string): Promise<void> {
    const waitMs = pauseMs(endpoint);
    if (waitMs > PATIENCE_MS) throw new JiraTrouble('rate_limited', { seconds: waitMs / 1000, undone: true });
    if (waitMs > 0) await sleep(waitMs);
  }

  function pauseMs(endpoint: string): number {
    const until = Math.max(pausedUntil.get(endpoint) ?? 0, pausedUntil.get('*') ?? 0);
    return Math.max(0, until - Date.now());
  }

  const attempt = (question: Question) => probes.call(question.endpoint, () => ask(question));

  async function ask(question: Question): Promise<JiraResponse | Failure> {
    const { request, method, endpoint, limits } = question;
    const signal = AbortSignal.timeout(limits.deadlineMs);
    const init: RequestInit = {
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
    };
    let response: Response;
    let text: string;
    try {
      const address = addressOf(request);
      response = await fetch(address, init);
      const renamed = renamedTo(address, response);
      if (renamed !== undefined) {
        await response.body?.cancel();
        const { origin } = new URL(host);
        if (origin !== renamed) options.onRenamed?.(renamed);
        host = host.replace(origin, renamed);
        // Jira did nothing of what it redirected.
        response = await fetch(addressOf(request), init);
      }
      text = await readText(response, limits.largestBytes);
    } catch (error) {
      if (error instanceof JiraTrouble) return { trouble: error };
      const trouble = new JiraTrouble('no_answer', { undone: neverSent(error) });
      return { trouble, doubts: endpoint, ...(signal.aborted ? {} : { retryMs: shortly() }) };
    }
    return judge(response, text, question);
  }

  function judge(response: Response, text: string, { endpoint }: Question): JiraResponse | Failure {
    const { status } = response;
    // Status 408 comes from a gateway and does not tell whether Jira did anything.
    const undone = status >= 400 && status < 500 && status !== 408;
    const retryAfter = retryAfterMs(response.headers.get('retry-after'));
    if (status === 429 || (status === 503 && retryAfter !== undefined)) {
      const reason = response.headers.get('ratelimit-reason') ?? undefined;
      const wholeSite = reason?.startsWith('jira-quota') ?? false;
      const doubts = wholeSite ? '*' : endpoint;
      if (retryAfter !== undefined) pausedUntil.set(doubts, Date.now() + retryAfter);
      const seconds = retryAfter === undefined ? undefined : retryAfter / 1000;
      rateLimit = { at: new Date(), reason: knownReason(reason), seconds };
      const trouble = new JiraTrouble('rate_limited', { ...defined({ seconds }), undone, status });
      return { trouble, retryMs: retryAfter ?? shortly(), doubts };
    }
    // Jira Cloud treats a request with an expired token as anonymous, and an anonymous request finds no issues. Only this
    // header tells an expired token from a missing issue.
    // https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/
    const login = response.headers.get('x-seraph-loginreason') ?? '';
    // A login that is accepted may still lack a permission, and a token may lack a scope.
    const isOutOfScope = status === 401 && /scope does not match/i.test(text);
    if (isOutOfScope || (status === 403 && !/AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(login))) {
      return { trouble: new JiraTrouble('forbidden', { undone, status }) };
    }
    if (status === 401 || status === 403 || login.includes('AUTHENTICATED_FAILED')) {
      return { trouble: new JiraTrouble('login_refused', { undone, status }) };
    }
    if (status >= 500) {
      const trouble = new JiraTrouble('no_answer', { status });
      return status === 500 ? { trouble } : { trouble, retryMs: shortly(), doubts: endpoint };
    }
    if (status === 409) return { trouble: new JiraTrouble('conflict', { undone, status }) };
    if (status === 204) return { status, json: undefined };
    const json = parseJson(text);
    if (json === undefined || (!response.ok && !REFUSALS.has(status))) {
      return { trouble: new JiraTrouble('unreadable', { undone, status }) };
    }
    return { status, json };
  }

  function addressOf(request: JiraRequest): URL {
    const url = new URL(host + request.url);
    for (const [name, value] of Object.entries(request.searchParams ?? {})) {
      // List values are joined with commas. The exception is `keys`, which is repeated for each value.
      const values = name === 'keys' && Array.isArray(value) ? value : [value];
      for (const each of values) if (each !== undefined) url.searchParams.append(name, String(each));
    }
    return url;
  }

  return {
    send,
    /** The last time that Jira asked this process to slow down; undefined if it has not. */
    rateLimit: () => rateLimit,
  };
}

/** The name of a limit, if it looks like one of Jira's, such as `jira-burst-based`. A proxy can send any text. */
function knownReason(text: string | undefined): string | undefined {
  return text !== undefined && /^[a-z-]{1,50}$/.test(text) ? text : undefined;
}

/** Whether a request changes nothing in Jira. */
export function isReading({ method = 'GET', url }: JiraRequest): boolean {
  return method === 'GET' || READING_POSTS.has(url);
}

/** The method and the path of a request, with keys and ids removed. */
export function endpointOf({ method = 'GET', url }: JiraRequest): string {
  return `${method} ${withoutNames(url)}`;
}

/** The path with keys and ids removed. Paths that are then equal share one burst limit. */
function withoutNames(path: string): string {
  return path
    .replace(/\/issue\/(?:\d+|[^/]+-\d+)(\/|$)/, '/issue/$1')
    .replace(/\/bulk\/queue\/[^/]+$/, '/bulk/queue/')
    .replace(/\/createmeta\/[^/]+\/issuetypes(?:\/\d+)?$/, (meta) => meta.replace(/\/createmeta\/[^/]+|\/\d+$/g, '/'));
}

function neverSent(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && NEVER_SENT.has(String(cause.code));
}

/** Reads the body as text. @throws {JiraTrouble} if the body is larger than `largestBytes`. */
async function readText(response: Response, largestBytes: number): Promise<string> {
  if (Number(response.headers.get('content-length')) > largestBytes) {
    await response.body?.cancel();
    throw new JiraTrouble('unreadable');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > largestBytes) throw new JiraTrouble('unreadable');
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

/** Retry-After in milliseconds. The header holds seconds or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS);
}

/** A short random delay in milliseconds, so that processes do not retry at the same moment. */
function shortly(): number {
  return 100 + Math.random() * 200;
}
