import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Endpoint } from './endpoint.ts';

/** Answers that are longer are not kept with their request. */
const LONGEST_KEPT = 1_000_000;

/**
 * A request that came. `path` has the query, `body` and `answer` are parsed when they are JSON, `status` is null while
 * unanswered.
 */
export type Request = {
  endpoint: Endpoint;
  method: string;
  path: string;
  body: unknown;
  answer: unknown;
  status: number | null;
  at: Date;
};

/** The body, or undefined when the client went away before its end. */
export async function read(request: IncomingMessage): Promise<string | undefined> {
  try {
    return Buffer.concat(await request.toArray()).toString('utf8');
  } catch {
    return undefined;
  }
}

export async function send(answer: Answer, response: ServerResponse, record: Request): Promise<void> {
  if (answer.delivery === 'never') return;
  if (answer.delivery === 'cut') {
    response.destroy();
    return;
  }
  if (answer.delay) await wait(answer.delay, response);
  if (response.destroyed) return;
  record.status = answer.status;
  record.answer = answer.body.length > LONGEST_KEPT ? `(${answer.body.length} characters)` : parsed(answer.body);
  response.writeHead(answer.status, answer.headers);
  if (answer.delivery === 'unfinished') response.write(answer.body.slice(0, Math.ceil(answer.body.length / 2)));
  else response.end(answer.body);
}

/** Ends early when the connection does, so that no timer outlives the server. */
function wait(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** As JSON, or as it is; undefined when there is nothing. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body === '' ? undefined : body;
  }
}
