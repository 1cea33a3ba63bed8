import { type Answer, errorCollection, html, redirect } from './answer.ts';

/**
 * What goes wrong. `unauthorized` refuses the right login too. `anonymous` is what Jira Cloud does with a token that
 * expired, where REST API v3 says that an operation "can be accessed anonymously": no 401, but the answer for somebody
 * without a login (so no issue exists), and the header `X-Seraph-LoginReason: AUTHENTICATED_FAILED`. `forbidden` is a login
 * behind a CAPTCHA, and `not_permitted` an account without the permission for this request. `conflict`: somebody else changes
 * the issue at the same moment.
 */
export type Trouble = (
  | { kind: 'latency'; ms: number }
  | { kind: 'no_answer' | 'cut' | 'stalled_body' }
  | { kind: 'unauthorized' | 'anonymous' | 'forbidden' | 'not_permitted' | 'conflict' }
  | { kind: 'rate_limited'; headers?: Record<string, string> }
  | { kind: 'server_error'; status: 500 | 502 | 503; headers?: Record<string, string> }
  | { kind: 'broken_json' | 'html' | 'empty' | 'huge' | 'no_fields' }
  | { kind: 'redirect'; location?: string }
) & {
  /** Jira does nothing of what it is asked either: a create leaves no issue. Some kinds of trouble are so by themselves. */
  undone?: boolean;
  /** For so many requests; without it until it is switched off. */
  times?: number;
};

/** The troubles that are on, by endpoint; that of an endpoint comes before that of `all`. */
export type Troubles<Endpoint extends string> = {
  set(endpoint: Endpoint | 'all', trouble: Trouble | undefined): void;
  /** The trouble of a request that has come, which counts it. */
  take(endpoint: Endpoint): Trouble | undefined;
};

export function createTroubles<Endpoint extends string>(): Troubles<Endpoint> {
  const on = new Map<Endpoint | 'all', Trouble>();
  const left = new Map<Endpoint | 'all', number>();
  return {
    set(endpoint, trouble) {
      on.delete(endpoint);
      if (trouble === undefined || trouble.times === 0) return;
      on.set(endpoint, trouble);
      left.set(endpoint, trouble.times ?? Number.POSITIVE_INFINITY);
    },
    take(endpoint) {
      const where = on.has(endpoint) ? endpoint : 'all';
      const trouble = on.get(where);
      const rest = (left.get(where) ?? 0) - 1;
      left.set(where, rest);
      if (rest <= 0) on.delete(where);
      return trouble;
    },
  };
}

const refusing: readonly Trouble['kind'][] = [
  ...(['forbidden', 'not_permitted', 'conflict', 'rate_limited', 'html', 'redirect'] as const),
];

/** Whether Jira does what it is asked all the same. */
export function isDone(trouble: Trouble | undefined): boolean {
  return trouble === undefined || !(trouble.undone ?? refusing.includes(trouble.kind));
}

const megabytes = 10;

/** What is sent in place of `answer` when there is trouble. */
export function troubled(trouble: Trouble | undefined, answer: Answer): Answer {
  switch (trouble?.kind) {
    case 'latency':
      return { ...answer, delay: trouble.ms };
    case 'no_answer':
      return { ...answer, delivery: 'never' };
    case 'cut':
      return { ...answer, delivery: 'cut' };
    case 'stalled_body':
      return { ...answer, delivery: 'unfinished' };
    case 'forbidden':
      // "Basic auth for REST APIs", CAPTCHA: the login is refused without a look at the password.
      return withHeaders(errorCollection(403, 'Basic Authentication Failure - Reason : AUTHENTICATION_DENIED'), {
        'X-Seraph-LoginReason': 'AUTHENTICATION_DENIED',
      });
    case 'not_permitted':
      // REST API v3, "Find users with permissions": 403 "if the user does not have the necessary permission".
      return errorCollection(403, 'You do not have the permission that this needs.');
    case 'conflict':
      // REST API v3, "Edit issue" and "Transition issue": 409 "if the issue could not be updated due to a conflicting update".
      return errorCollection(409, 'The issue could not be updated due to a conflicting update.');
    case 'rate_limited':
      // "Rate limiting": 429 may carry Retry-After in seconds, and RateLimit-Reason.
      return withHeaders(
        errorCollection(429, 'Rate limit exceeded.'),
        trouble.headers ?? { 'Retry-After': '2', 'RateLimit-Reason': 'jira-burst-based' },
      );
    case 'server_error':
      return withHeaders(html(trouble.status, `${trouble.status} Atlassian cannot answer now`), trouble.headers ?? {});
    case 'broken_json':
      return { ...answer, status: 200, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) };
    case 'html':
      return html(200, 'Log in with Atlassian account');
    case 'empty':
      return { ...answer, status: 200, body: '' };
    case 'huge':
      // Blanks after the value: it stays valid JSON, so that only a limit on bytes can refuse it.
      return { ...answer, body: answer.body + ' '.repeat(megabytes * 1024 * 1024) };
    case 'no_fields':
      if (answer.status !== 200) return answer;
      return { ...answer, body: JSON.stringify(withoutFields(JSON.parse(answer.body))) };
    case 'redirect':
      return redirect(trouble.location ?? 'https://id.atlassian.invalid/login');
    default:
      return answer;
  }
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** Issues lose their `fields`, any other object everything. */
function withoutFields(body: { issues?: object[]; fields?: unknown }): object {
  if (body.issues) return { ...body, issues: body.issues.map(withoutFields) };
  const { fields, ...rest } = body;
  return fields === undefined ? {} : rest;
}
