/**
 * What is sent back. `delay` is in milliseconds; `never` sends nothing at all, `cut` breaks the connection, `unfinished` sends
 * the head and half of the body.
 */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: string;
  delay?: number;
  delivery?: 'never' | 'cut' | 'unfinished';
};

/** Jira Cloud names the charset in upper case and without a space. */
const jsonType = 'application/json;charset=UTF-8';

export function json(status: number, body: unknown): Answer {
  return { status, headers: { 'Content-Type': jsonType }, body: JSON.stringify(body) };
}

/** A success about which there is nothing to say. */
export function noContent(): Answer {
  return { status: 204, headers: {}, body: '' };
}

export function html(status: number, title: string): Answer {
  const body = `<!DOCTYPE html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, headers: { 'Content-Type': 'text/html;charset=UTF-8' }, body };
}

export function redirect(location: string): Answer {
  return { status: 302, headers: { Location: location }, body: '' };
}

/** Jira's own envelope (REST API v3, ErrorCollection). */
export function errorCollection(status: number, message: string): Answer {
  return json(status, { errorMessages: [message], errors: {} });
}

/** Jira Cloud's answer where it has no such endpoint, with or without a login (RFC 7807). */
export function noEndpoint(method: string, path: string): Answer {
  const detail = `No endpoint ${method} ${path}.`;
  return problem({ title: 'Not Found', status: 404, detail, instance: path });
}

/** Jira Cloud's answer to a body of another type than JSON (RFC 7807). */
export function unsupportedMediaType(path: string, contentType: string | undefined): Answer {
  const detail = `Content-Type '${contentType ?? 'null'}' is not supported.`;
  return problem({ title: 'Unsupported Media Type', status: 415, detail, instance: path });
}

/**
 * REST API v3, "Issues": 404 "if the issue is not found or the user does not have permission to view it". Both get
 * these very bytes.
 */
export function issueNotFound(): Answer {
  return errorCollection(404, 'Issue does not exist or you do not have permission to see it.');
}

/**
 * REST API v3: 401 "if the authentication credentials are incorrect or missing". The site sends one line of text,
 * under whatever type was asked for, so it is no JSON even when it says so. The gateway sends JSON of its own.
 */
export function unauthorized(site: string, accept: string | undefined, door: 'site' | 'gateway'): Answer {
  if (door === 'gateway') return json(401, { code: 401, message: 'Unauthorized' });
  return {
    status: 401,
    headers: {
      'Content-Type': accept?.includes('application/json') ? jsonType : 'text/html;charset=UTF-8',
      'WWW-Authenticate': `OAuth realm="${encodeURIComponent(site)}"`,
    },
    body: 'Client must be authenticated to access this resource.',
  };
}

/**
 * The gateway's answer to a token whose scopes do not cover the request, as people report it:
 * https://github.com/raycast/extensions/issues/11212
 */
export function outOfScope(): Answer {
  return json(401, { code: 401, message: 'Unauthorized; scope does not match' });
}

function problem(body: { title: string; status: number; detail: string; instance: string }): Answer {
  return {
    status: body.status,
    headers: { 'Content-Type': 'application/problem+json;charset=UTF-8' },
    body: JSON.stringify({ type: 'about:blank', ...body }),
  };
}
