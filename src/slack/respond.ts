import { setTimeout as sleep } from 'node:timers/promises';
import { errorName, type Log } from '../log.ts';
import type { Message } from './message.ts';

/** The body of a request to a response_url. */
export type ResponseBody = Partial<Message> & {
  response_type?: 'ephemeral' | 'in_channel';
  replace_original?: boolean;
};

const TIMEOUT_MS = 5_000;
/** The maximum number of attempts. A response_url takes five answers, and the others are left for later messages. */
const RESPONSES = 3;
const RESPOND_AGAIN_MS = 1_000;

/**
 * Answers an interaction, with up to three attempts. With `once`, only a 429 leads to
 * another attempt: after any other failure the answer may have arrived, and a second one
 * could post a second message. Slack: a response_url takes five answers within 30 minutes.
 * https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
 * @returns whether Slack took the answer. A failure is logged.
 */
export async function respond(
  responseUrl: string,
  answer: ResponseBody,
  log: Log,
  { once = false }: { once?: boolean } = {},
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const status = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(answer),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(
      (response) => response.status,
      (error: unknown) => errorName(error),
    );
    if (typeof status === 'number' && status < 300) return true;
    log.warn({ status, attempt }, 'a response_url did not take an answer');
    const isFinal = typeof status === 'number' && status < 500 && status !== 429;
    if (isFinal || (once && status !== 429) || attempt === RESPONSES) return false;
    await sleep(RESPOND_AGAIN_MS * attempt);
  }
}
