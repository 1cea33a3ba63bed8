import { LeaseLost } from './ledger/lease.ts';
import type { Context } from './services.ts';
import type { Message } from './slack/message.ts';
import type { Place, Posted } from './slack/post.ts';

/**
 * Posts a message once for each operation. If an earlier attempt was interrupted,
 * Maro looks for the message of that attempt and replaces it with this one.
 * @throws {SlackTrouble} when Slack rejects the message, or when it is unknown whether Slack posted it.
 * @throws {LeaseLost} when another process may have taken over the run, before anything is sent.
 */
export async function postOnce(
  place: Place,
  message: Message,
  {
    operation,
    lease,
    earlier,
    services: { slack },
  }: Pick<Context, 'operation' | 'lease' | 'earlier'> & { services: Pick<Context['services'], 'slack'> },
): Promise<Posted> {
  const begin = () => {
    if (!lease.holds()) throw new LeaseLost();
  };
  const found = earlier && (await slack.findPosted(place, operation, earlier.ageMs));
  if (found === undefined) return slack.postMessage(place, message, { id: operation, begin });
  await slack.replaceMessage(place, found.ts, message);
  return found;
}
