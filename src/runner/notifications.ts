import { digestShown, movesShown } from '../issues/digest.ts';
import { givenUp, type Kind } from '../ledger/index.ts';
import { LeaseLost } from '../ledger/lease.ts';
import { digestMessage } from '../messages/digest.ts';
import { moveMessage } from '../messages/move.ts';
import type { Move } from '../move.ts';
import { postOnce } from '../posting.ts';
import { nextTime } from '../schedule.ts';
import { type Context, claimed, type Deps } from '../services.ts';
import { parseMessage } from '../slack/permalink.ts';
import { escapeText } from '../slack/text.ts';
import { SlackTrouble } from '../slack/trouble.ts';
import { claimNotifications, type NotificationInputs, scheduleOf } from '../tracker/notifications.ts';

/** The kinds of ledger runs that post what a channel gets by itself. */
export const DIGEST = 'digest';
export const THREADS = 'threads';

/** The emoji on the message from which an issue came that is done. */
const DONE_EMOJI = 'white_check_mark';
/** Less than a minute, so that the next minute's job finds a channel due again. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Stores a run for each digest that is due and for each channel with changes to reply about, and when the next one is. What came due
 * while no process ran is posted late, and once.
 * @throws {DatabaseTrouble}
 */
export async function beginNotifications(
  { tenant, services: { tracker }, ledger }: Pick<Deps, 'tenant' | 'services' | 'ledger'>,
  now: Date = new Date(),
): Promise<void> {
  const due = await tracker.dueNotifications(tenant);
  const again = new Date(now.getTime() + LOOK_AGAIN_MS);
  const claims = due.map((each) => {
    const kind = each.kind === 'threads' ? THREADS : DIGEST;
    return { ...each, kind, nextAt: kind === THREADS ? again : nextTime(scheduleOf(each), now) } as const;
  });
  for (const kind of [DIGEST, THREADS] as const) {
    const claimed = claims.filter((each) => each.kind === kind);
    if (claimed.length > 0) {
      await ledger.schedule({ kind, door: 'clock' }, claimNotifications(tenant, kind, claimed));
    }
  }
}

/** How the ledger posts a channel's digest. If there is nothing to tell, it posts nothing. */
export function digestKind(deps: Deps): Kind {
  const { tenant, services } = deps;
  return notificationKind('The digest for', deps, async ({ channel, events }, span, context) => {
    const parts = await digestShown({ tenant, channel, span: { kind: 'span', ...span }, events }, services);
    if (parts.length > 0) await postOnce({ channel }, digestMessage(parts), context);
  });
}

/**
 * How the ledger replies in the threads from which issues came, and marks the messages whose issues are done. An issue that is
 * reopened loses its mark even if reopened issues were not chosen. What Maro's own Jira account did is not told, but the mark
 * follows it.
 */
export function threadsKind(deps: Deps): Kind {
  const { tenant, services } = deps;
  return notificationKind('A reply in', deps, async ({ channel, events }, span, context) => {
    let trouble: SlackTrouble | undefined;
    const moves = await movesShown({ tenant, channel, span, events: [...events, 'reopened'] }, services);
    for (const move of moves) {
      try {
        await reply(move, { channel, isTold: events.includes(move.event) && !move.byMaro }, context);
      } catch (error) {
        // Another thread may take its reply.
        if (!(error instanceof SlackTrouble)) throw error;
        trouble ??= error;
      }
    }
    if (trouble !== undefined) throw trouble;
  });
}

/** Replies about an issue in the thread of its message, if it is to be told, and marks the message, if that is in this channel. */
async function reply(
  move: Move,
  { channel, isTold }: { channel: string; isTold: boolean },
  context: Posting,
): Promise<void> {
  const message = parseMessage(move.issue.messageLink ?? '');
  if (message?.channel !== channel) return;
  const { ts, threadTs = ts } = message;
  const operation = `${context.operation} ${move.issue.key}`;
  if (isTold) await postOnce({ channel, threadTs }, moveMessage(move), { ...context, operation });
  if (!context.lease.holds()) throw new LeaseLost();
  const { slack } = context.services;
  if (move.event === 'done') await slack.react({ channel, ts }, DONE_EMOJI);
  if (move.event === 'reopened') await slack.unreact({ channel, ts }, DONE_EMOJI);
}

type Posting = Pick<Context, 'operation' | 'lease' | 'earlier' | 'services'>;

/**
 * How the ledger posts what a channel gets by itself. If Slack does not take it, the person who asked for it gets the reason
 * in a direct message, which begins with `name` and the channel.
 */
function notificationKind(
  name: string,
  { services }: Deps,
  post: (inputs: NotificationInputs, span: { since: Date; until: Date }, context: Posting) => Promise<void>,
): Kind {
  return {
    keeps: true,
    async run(run, lease) {
      const inputs = run.inputs as NotificationInputs;
      const span = { since: new Date(inputs.since), until: new Date(inputs.until) };
      try {
        await post(inputs, span, { operation: run.id, ...claimed(run, lease), services });
        return { outcome: {}, failed: false, told: true };
      } catch (error) {
        if (!(error instanceof SlackTrouble)) throw error;
        return { outcome: { trouble: error.message }, failed: false, told: false };
      }
    },
    giveUp: () => ({ trouble: givenUp('Check the channel') }),
    async tell({ inputs }, { trouble }) {
      if (typeof trouble !== 'string') return true;
      const { channel, user } = inputs as NotificationInputs;
      const text = `${name} <#${channel}>: ${escapeText(trouble)} \`/maro changes\` there shows what changed.`;
      return services.slack.postMessage({ channel: user }, { text }).then(
        () => true,
        () => false,
      );
    },
  };
}
