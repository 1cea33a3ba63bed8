import { LeaseLost } from './ledger/lease.ts';
import type { Context } from './services.ts';
import type { Message } from './slack/blocks.ts';
import type { Place, Posted } from './slack/post.ts';

/**
 * Posts a message once for each operation: when an earlier attempt at the operation was interrupted, the message is looked for
 * first.
 * @throws {SlackTrouble} when Slack does not take it, or nobody knows whether it did.
 * @throws {LeaseLost} when another process has taken the run over, before anything was sent.
 */
export async function postOnce(
  place: Place,
  message: Message,
  { operation, lease, earlier, services: { slack } }: Context,
): Promise<Posted> {
  const begin = () => {
    if (!lease.holds()) throw new LeaseLost();
  };
  const found = earlier && (await slack.findPosted(place, operation, earlier.ageMs));
  return found ?? slack.postMessage(place, message, { id: operation, begin });
}
