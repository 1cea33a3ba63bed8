import { setTimeout as sleep } from 'node:timers/promises';
import { errorName, type Log } from '../log.ts';
import type { Message } from './message.ts';
import { simpler } from './simpler.ts';

/** The body of a request to a response_url. */
export type ResponseBody = Partial<Message> & {
  response_type?: 'ephemeral' | 'in_channel';
  replace_original?: boolean;
};

const TIMEOUT_MS = 5_000;
/** The maximum number of attempts. A response_url takes five answers, and the others are left for later messages. */
const RESPONSES = 3;
const RESPOND_AGAIN_MS = 1_000;
/** Slack's error code for blocks that it does not take. https://docs.slack.dev/reference/methods/chat.postMessage/#errors */
const INVALID_BLOCKS = 'invalid_blocks';

/**
 * Answers an interaction, with up to three attempts. With `once`, only a refusal leads to
 * another attempt: after any other failure the answer may have arrived, and a second one
 * could post a second message. Blocks that Slack refuses are sent once more in a simpler form, if they have one. Slack: a response_url takes five answers within 30 minutes.
 * https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
 * @returns whether Slack took the answer. A failure is logged.
 */
export async function respond(
  responseUrl: string,
  answer: ResponseBody,
  log: Log,
  { once = false }: { once?: boolean } = {},
): Promise<boolean> {
  let sent = answer;
  for (let attempt = 1; ; attempt++) {
    const { status, refusal } = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(
      async (response) => ({ status: response.status, refusal: await refusalIn(response) }),
      (error: unknown) => ({ status: errorName(error), refusal: '' }),
    );
    if (typeof status === 'number' && status < 300) return true;
    log.warn({ status, attempt }, 'a response_url did not take an answer');
    const blocks = refusal === INVALID_BLOCKS ? simpler(sent.blocks ?? []) : undefined;
    if (blocks !== undefined) {
      sent = { ...sent, blocks };
      continue;
    }
    const isFinal = typeof status === 'number' && status < 500 && status !== 429;
    if (isFinal || (once && status !== 429) || attempt === RESPONSES) return false;
    await sleep(RESPOND_AGAIN_MS * attempt);
  }
}

/** Slack's error code, which stands in the body of a refusal, as text or in JSON; empty if there is none. */
async function refusalIn(response: Response): Promise<string> {
  if (response.status < 400 || response.status >= 500) return '';
  const body = await response.text().catch(() => '');
  return body.includes(INVALID_BLOCKS) ? INVALID_BLOCKS : '';
}
