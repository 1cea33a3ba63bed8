import type { KnownBlock } from '@slack/types';
import { answersMessage } from '../../messages/blocks.ts';
import {
  issueButtonsIn,
  TRACKED_BLOCKS,
  trackedBlocks,
  UNTRACKED_BLOCKS,
  untrackedBlocks,
  withoutHidden,
} from '../../messages/ticket.ts';
import type { Message } from '../../slack/message.ts';
import type { Pressed, Shown, Shows } from './pressed.ts';
import { track } from './track.ts';
import { untrack } from './untrack.ts';

/** Tracks the issues that a ticket's message reports as untracked, and replaces that part of the message. */
export async function trackTicket(pressed: Pressed): Promise<Shown> {
  const { value, user, message, context } = pressed;
  const result = await track(value, pressed);
  if ('error' in result) return { error: result.error };
  const { skipped } = result.outputs;
  if (skipped !== '') return { error: `Some of these aren’t tracked. ${skipped}` };
  // Slack does not return a message that only one person sees, so its answer replaces it.
  if (message === undefined) return { replace: answersMessage(result.detail) };
  const tracked = exchanged(
    message,
    UNTRACKED_BLOCKS,
    trackedBlocks(user, value.split(' '), issueButtonsIn(message.blocks)),
  );
  // The message may show other issues that Maro may no longer show.
  return { replace: withoutHidden(tracked, (key) => !context.services.jira.allows(key)) };
}

/** Untracks the issues of a ticket's message, and replaces that part of the message. */
export async function untrackTicket(pressed: Pressed): Promise<Shown> {
  const { value, user, message, context } = pressed;
  const keys = value.split(' ');
  const answers = await untrack(value, pressed);
  if ('error' in answers) return answers;
  const untracked = answers.filter(({ phrase }) => phrase === 'no longer tracked');
  if (untracked.length === 0) return { error: `Already untracked: ${keys.join(', ')}.` };
  const { allows } = context.services.jira;
  // An answer without a URL is about an issue that Maro may no longer show under its current key.
  const hidden = untracked.filter(({ url }) => url === undefined).map(({ name }) => name);
  const left = exchanged(message, TRACKED_BLOCKS, untrackedBlocks(user, keys, issueButtonsIn(message?.blocks)));
  return { replace: withoutHidden(left, (key) => !allows(key) || hidden.includes(key)) };
}

/** Returns a ticket's message without the blocks whose block_ids are in `gone`, and with `blocks` at the end. */
function exchanged(message: Shows | undefined, gone: readonly string[], blocks: KnownBlock[]): Message {
  const left = (message?.blocks ?? []).filter(({ block_id }) => !gone.includes(String(block_id)));
  return { text: message?.text ?? '', blocks: [...left, ...blocks] };
}
