import { createHash } from 'node:crypto';
import { DatabaseTrouble, silent } from '../database/trouble.ts';
import { sentenceOf } from '../function.ts';
import { acceptSurely } from '../ledger/accept.ts';
import { givenUp, type Kind, type Run } from '../ledger/index.ts';
import { LeaseLost } from '../ledger/lease.ts';
import { claimed, type Deps, unclaimed } from '../services.ts';
import type { SlackClient } from '../slack/client.ts';
import { onceOnlyActions } from './action-handlers.ts';
import type { Pressed, Shown } from './actions/pressed.ts';

/** The kind of ledger run for pressing a button or choosing a menu entry that changes or posts something. */
export const PRESS = 'press';

/** A press as the ledger stores it, so that another process can carry it out. */
export type Press = {
  /** The action_id. */
  act: string;
  pressed: Omit<Pressed, 'context'>;
  responseUrl: string;
  /** Identifies the button as it was rendered. Two presses of it are one operation and take effect once. */
  operation: string;
};

const DONE = 'Already done. To do it again, open the list again and press the button there.';
const NOT_THIS_TIME = 'Maro’s database isn’t answering, so this press did nothing. Try again in a minute.';
const NOT_SHOWN = 'Your change was made, but Slack didn’t show it. Open the list again to see it.';
const MAYBE_SHARED =
  'Maro can’t tell whether the list was shared. If it isn’t in the channel, press Refresh and then Share again.';

/**
 * The id of a rendered button: a SHA-256 hash of `parts` in base64url. It contains no space,
 * since the value of an Undo button separates the operation's id from the rest with a space.
 */
export function pressId(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/**
 * Carries out a press and shows its outcome. If this process dies, another
 * process carries out the press. `isOver` tells whether this process is shutting down.
 */
export async function press(
  asked: Press,
  isOver: () => boolean,
  { tenant, slack, services, ledger }: Deps,
): Promise<void> {
  const { responseUrl, operation } = asked;
  const run = { id: `press ${operation}`, kind: PRESS, door: 'button', inputs: asked };
  const acceptance = await acceptSurely(ledger, run, { isOnly: true, isOver });
  if (acceptance === 'over' || acceptance instanceof Error) {
    const context = unclaimed({ tenant, door: 'button', operation, services });
    const trouble = acceptance === 'over' ? silent(undefined) : acceptance;
    const sentence = sentenceOf(trouble, 'action', context);
    // An earlier press of the same button may still be carried out, so the sentence is about this press only.
    const isOfDatabase = trouble instanceof DatabaseTrouble && !trouble.isDoubtful;
    await respondWith(responseUrl, { error: isOfDatabase ? NOT_THIS_TIME : sentence }, slack);
  } else if (acceptance.state === 'finished') {
    const { shown } = acceptance.outcome as { shown: Shown };
    await respondWith(responseUrl, isError(shown) ? shown : { error: DONE }, slack);
  } else if (acceptance.state === 'ours') {
    await ledger.bringToEnd(acceptance.run);
  }
}

/**
 * How the ledger carries out a press and shows the outcome. If Slack refuses the outcome at the response_url, Maro sends a
 * direct message with the error, or with the news that the press was carried out. If the response_url may already have
 * shared a list, Maro does not share it again, and the direct message says that it may have been shared.
 */
export function pressKind({ tenant, slack, services }: Deps): Kind {
  return {
    keeps: true,
    async run(run, lease) {
      const { act, pressed, operation } = pressOf(run);
      const context = { tenant, door: 'button' as const, operation, ...claimed(run, lease), services };
      const shown = await carryOut(act, { ...pressed, context });
      return { outcome: { shown }, failed: isError(shown), told: shown === 'nothing' };
    },
    giveUp: () => ({ shown: { error: givenUp('Check before you press it again') } }),
    async tell(run, outcome) {
      const { responseUrl, pressed } = pressOf(run);
      const { shown } = outcome as { shown: Shown };
      // On a second attempt the message may already be in the channel, and a response_url does not tell.
      const isTried = run.outcome !== undefined;
      const isPost = typeof shown === 'object' && 'post' in shown;
      if (!(isPost && isTried) && (await respondWith(responseUrl, shown, slack))) return true;
      const text = isPost ? MAYBE_SHARED : isError(shown) ? shown.error : NOT_SHOWN;
      return slack.postMessage({ channel: pressed.user }, { text }).then(
        () => true,
        () => false,
      );
    },
  };
}

function isError(shown: Shown): shown is { error: string } {
  return typeof shown === 'object' && 'error' in shown;
}

async function carryOut(act: string, pressed: Pressed): Promise<Shown> {
  try {
    return (await onceOnlyActions[act]?.(pressed)) ?? 'nothing';
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    return { error: sentenceOf(error, 'action', pressed.context) };
  }
}

function pressOf({ inputs }: Run): Press {
  return inputs as Press;
}

/**
 * Shows the outcome of a press through its response_url.
 * @returns whether Slack accepted the outcome; true when there is nothing to show.
 */
export async function respondWith(responseUrl: string, shown: Shown, slack: SlackClient): Promise<boolean> {
  if (shown === 'nothing') return true;
  if ('error' in shown) {
    return slack.respond(responseUrl, { response_type: 'ephemeral', replace_original: false, text: shown.error });
  }
  if ('show' in shown) {
    return slack.respond(responseUrl, { response_type: 'ephemeral', replace_original: false, ...shown.show });
  }
  if ('replace' in shown) return slack.respond(responseUrl, { replace_original: true, ...shown.replace });
  const everybody = { response_type: 'in_channel' as const, replace_original: false };
  return slack.respond(responseUrl, { ...everybody, ...shown.post }, { once: true });
}
