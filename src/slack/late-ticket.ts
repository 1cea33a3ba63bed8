import { functions } from '../../functions/index.ts';
import { type Lost, lookAgain } from '../creation.ts';
import { call } from '../function.ts';
import type { Kind } from '../ledger/index.ts';
import { type Context, claimed, type Door, type Services } from '../services.ts';
import { ticketsOf } from './receipt.ts';
import { ticketMessage } from './ticket.ts';

type Found = { keys: string[]; note: string };

const FOUND = 'This was created after all: Jira had not answered in time, and Maro found it now.';

/**
 * How the ledger looks again for a ticket of which Jira did not say whether it was created: what is found is tracked in its channel and
 * told to the person who asked for it, or to the channel when nobody is known.
 */
export function lateTicketKind({ tenant, services }: { tenant: string; services: Services }): Kind {
  return {
    keeps: true,
    async run(run, lease) {
      const lost = run.inputs as Lost;
      const keys = await lookAgain(lost, run, services);
      const context: Context = { tenant, door: run.door as Door, operation: run.id, ...claimed(run, lease), services };
      const note = keys.length === 0 ? '' : [FOUND, await track(keys, lost, context)].join(' ').trim();
      return { outcome: { keys, note }, failed: false, told: keys.length === 0 };
    },
    giveUp: () => ({ keys: [], note: '' }),
    async tell({ inputs }, outcome) {
      const { channel, user } = inputs as Lost;
      const { keys, note } = outcome as Found;
      const place = user || channel;
      if (keys.length === 0 || !place) return true;
      const message = ticketMessage(await ticketsOf(keys, services.jira), { note });
      return services.slack.postMessage({ channel: place }, message).then(
        () => true,
        () => false,
      );
    },
  };
}

/** @returns the outcome, in a sentence. */
async function track(keys: readonly string[], { channel, user }: Lost, context: Context): Promise<string> {
  if (!channel) return '';
  const inputs = { channel_id: channel, issue_keys: keys.join(' '), user_id: user, message_link: undefined };
  const result = await call(functions.track, { ...inputs, continue_on_error: false }, context);
  if ('error' in result) return result.error;
  return result.outputs.skipped === '' ? 'It is on the list of the channel.' : `${result.outputs.skipped}.`;
}
