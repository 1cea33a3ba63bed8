import { functions } from '../../functions/index.ts';
import { call } from '../function.ts';
import { type Lost, lookAgain } from '../issues/creation.ts';
import { NOT_VISIBLE } from '../issues/visible.ts';
import type { Kind } from '../ledger/index.ts';
import { ticketMessage } from '../messages/ticket.ts';
import { postOnce } from '../posting.ts';
import { type Context, claimed, type Deps, type Door } from '../services.ts';
import { ticketsOf } from './receipt.ts';

type LateTicket = { keys: string[]; note: string };

/** Replaces the keys of issues that are now outside JIRA_PROJECTS. */
const HIDDEN = `Some issues are ${NOT_VISIBLE}.`;
const FOUND = 'This was created after all. Jira answered late, and Maro just found it.';

/**
 * How the ledger looks again for tickets whose create call got no answer. A ticket that is found is tracked in the
 * channel of the request, if there is one. Maro tells the person who asked for it, or the channel when the person is
 * unknown.
 */
export function lateTicketKind({ tenant, services }: Deps): Kind {
  return {
    keeps: true,
    async run(run, lease) {
      const lost = run.inputs as Lost;
      const found = await lookAgain(lost, run.id, services);
      if (found.length === 0) return { outcome: { keys: [], note: '' }, failed: false, told: true };
      const context: Context = { tenant, door: run.door as Door, operation: run.id, ...claimed(run, lease), services };
      const keys = found.filter(services.jira.allows);
      const notes = [FOUND, ...(keys.length < found.length ? [HIDDEN] : []), await track(keys, lost, context)];
      const outcome = { keys, note: notes.join(' ').trim() };
      return { outcome, failed: false, told: false };
    },
    giveUp: () => ({ keys: [], note: '' }),
    async tell(run, outcome, lease) {
      const { channel, user } = run.inputs as Lost;
      const { keys, note } = outcome as LateTicket;
      const place = user || channel;
      if (note === '' || !place) return true;
      const message =
        keys.length === 0 ? { text: note } : ticketMessage(await ticketsOf(keys, services.jira), { note });
      const context = { operation: run.id, lease, earlier: run.outcome === undefined ? undefined : run, services };
      const sending = user
        ? services.slack.postMessage({ channel: user }, message)
        : postOnce({ channel: place }, message, context);
      return sending.then(
        () => true,
        () => false,
      );
    },
  };
}

/** @returns the outcome in a sentence; empty when there is nothing to track. */
async function track(keys: readonly string[], { channel, user }: Lost, context: Context): Promise<string> {
  if (!channel || keys.length === 0) return '';
  const inputs = { channel_id: channel, issue_keys: keys.join(' '), user_id: user, message_link: undefined };
  const result = await call(functions.track, { ...inputs, continue_on_error: false }, context);
  if ('error' in result) return result.error;
  return result.outputs.skipped === '' ? 'The channel tracks it now.' : result.outputs.skipped;
}
