import { setTimeout as sleep } from 'node:timers/promises';
import type { Seen } from '../slack/index.ts';
import type { Session } from './session.ts';
import type { Status } from './status.ts';

/** Slack: an app answers within three seconds; a person sees an error otherwise. */
const ANSWER_MS = 3_000;
/** Maro gives up on a call to Jira after two and a half seconds, and Jira never hears of it. */
const JIRA_CALL_MS = 3_000;
/** So long nothing goes over any wire when Maro is done. */
const STILL_MS = 100;

/**
 * Waits until a person has the answer to what they did and nothing more comes. It is shown meanwhile, by the session.
 * `isGone`: what the person acted on has disappeared, which is an answer too.
 */
export async function answered(
  session: Session,
  act: Promise<Seen>,
  isGone: () => boolean = () => false,
): Promise<Status> {
  const { clock } = session.slack;
  const from = clock.now();
  const seen = await act;
  while (seen.messages.length + seen.views.length === 0 && !isGone()) {
    if (clock.now() - from > ANSWER_MS) {
      session.print([`${session.drawing.ink.paint('✗', 'red')} No answer came in ${ANSWER_MS / 1000} seconds.`]);
      return 1;
    }
    await sleep(10);
  }
  await stillness(session);
  return 0;
}

/** Waits until nobody waits for an answer of Jira's, Slack's or Maro's any more, and both wires have been still for a moment. */
export async function stillness({ slack, jira }: Session): Promise<void> {
  const traffic = () => slack.log.length + jira.requests.filter(({ status }) => status !== null).length;
  const isAsking = () =>
    jira.requests.some(({ status, at }) => status === null && slack.clock.now() - +at < JIRA_CALL_MS);
  const isAnswering = () =>
    slack.log.some(
      ({ kind, answer, at }) => kind !== 'ack' && answer === undefined && slack.clock.now() - at < ANSWER_MS,
    );
  let before = traffic();
  let since = Date.now();
  while (Date.now() - since < STILL_MS) {
    await sleep(10);
    const now = traffic();
    if (now !== before || isAsking() || isAnswering()) since = Date.now();
    before = now;
  }
}
