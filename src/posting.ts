import { LeaseLost } from './ledger/lease.ts';
import type { Context } from './services.ts';
import type { Message } from './slack/message.ts';
import type { Place, Posted } from './slack/post.ts';

/**
 * Posts a message once for each operation: when an earlier attempt at the operation was interrupted, its message is looked for,
 * and says from then on what this one has to say.
 * @throws {SlackTrouble} when Slack does not take it, or nobody knows whether it did.
 * @throws {LeaseLost} when another process has taken the run over, before anything was sent.
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
