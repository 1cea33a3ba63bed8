import type { KnownBlock } from '@slack/types';
import { functions } from '../../functions/index.ts';
import { call } from '../function.ts';
import type { Answer } from '../issues/answer.ts';
import { refresh, reread } from '../issues/refresh.ts';
import { listShown } from '../issues/visible.ts';
import { answersMessage } from '../messages/blocks.ts';
import { decodeView, type ListView, listMessage, PAGE } from '../messages/list.ts';
import { type Notice, noticeMessage } from '../messages/notice.ts';
import { decodeShare, MOST_SHARED, type Share, sharedMessage } from '../messages/share.ts';
import {
  openButtonIn,
  TRACKED_BLOCKS,
  trackedBlocks,
  UNTRACKED_BLOCKS,
  untrackedBlocks,
  withoutHidden,
} from '../messages/ticket.ts';
import type { Context } from '../services.ts';
import type { Message } from '../slack/message.ts';

/** A button or menu entry that a person chose: its value, the channel, the person, and the message that holds it. */
export type Pressed = { value: string; channel: string; user: string; message: Shows | undefined; context: Context };

/** A message that Maro sent, as Slack returns it in the payload of a press. */
export type Shows = { text?: string; blocks?: KnownBlock[] };

/** What a press shows: a new version of its message, a message for the whole channel, an error for the person, or nothing. */
export type Shown = { replace: Message } | { post: Message } | { error: string } | 'nothing';

type PressHandler = (pressed: Pressed) => Promise<Shown>;

/** Actions that are safe to repeat, by action_id. They post nothing and do not change which issues are tracked. */
export const repeatableActions: Readonly<Record<string, PressHandler>> = {
  'list:newer': show,
  'list:older': show,
  'list:category': show,
  'list:done': show,
  'list:refresh': async (pressed) =>
    draw(pressed, decodeView(pressed.value), { text: await refresh(pressed.channel, pressed.context) }),
  'share:refresh': refreshShared,
  'untrack:keep': async () => ({ replace: noticeMessage({ text: 'Nothing was untracked.' }) }),
};

/** Actions that change which issues are tracked, or post a message, by action_id. The ledger runs each press once. */
export const onceOnlyActions: Readonly<Record<string, PressHandler>> = {
  'list:share': share,
  'list:row': chooseInRow,
  'list:undo': undo,
  'ticket:track': trackTicket,
  'ticket:untrack': untrackTicket,
  'untrack:all': untrackMany,
};

async function show(pressed: Pressed): Promise<Shown> {
  return draw(pressed, decodeView(pressed.value));
}

async function draw({ channel, context }: Pressed, view: ListView, notice?: Notice): Promise<Shown> {
  const { tenant, services } = context;
  const tracked = await listShown({ tenant, channel, ...view, limit: PAGE }, services);
  return { replace: listMessage(tracked, view, notice) };
}

/** Shares the list as Jira has it now. If Jira does not answer, the list says how old it is. */
async function share({ value, channel, user, context }: Pressed): Promise<Shown> {
  const shared = { category: decodeView(value).category, user };
  const { tracked } = await readShared(channel, shared, context);
  if (tracked.issues.length === 0) return { error: 'The list is empty now, so nothing was shared.' };
  return { post: sharedMessage(tracked, shared) };
}

/** Draws a shared list as Jira has it now, for everybody, in the name of the person who shared it. */
async function refreshShared({ value, channel, context }: Pressed): Promise<Shown> {
  const { view, user } = decodeShare(value);
  const shared = { category: decodeView(view).category, user };
  const { tracked, trouble } = await readShared(channel, shared, context);
  return trouble === undefined
    ? { replace: sharedMessage(tracked, shared) }
    : { error: trouble.with('The shared list is unchanged.') };
}

/** Reads the issues of a shared list from Jira, and lists them. `trouble`: why no issue could be read. */
async function readShared(channel: string, { category }: Share, context: Context) {
  const { tenant, services } = context;
  const listing = { tenant, channel, category, limit: MOST_SHARED, offset: 0 };
  const { issues } = await services.tracker.list(listing);
  const { isRead, trouble } = await reread(issues, context);
  return { tracked: await listShown(listing, services), trouble: isRead ? undefined : trouble };
}

async function chooseInRow(pressed: Pressed): Promise<Shown> {
  const { value, context } = pressed;
  const [, view = '', key = ''] = /^untrack (\S+) (\S+)$/.exec(value) ?? [];
  if (key === '') return 'nothing';
  const answers = await untrack(key, pressed);
  if ('error' in answers) return answers;
  const isUntracked = answers.some(({ phrase }) => phrase === 'no longer tracked');
  const notice = isUntracked
    ? { text: `${key} is no longer tracked.`, undo: `${context.operation} ${view}` }
    : { text: `${key} was already untracked.` };
  return draw(pressed, decodeView(view), notice);
}

/**
 * Restores the issues that an operation untracked. The value starts with the operation's
 * id. If the button is in a list, the encoded view of that list follows after a space.
 */
async function undo(pressed: Pressed): Promise<Shown> {
  const { value, channel, context } = pressed;
  const [untrackedIn = '', view] = value.split(' ');
  const { tenant, operation, services } = context;
  const count = await services.tracker.restore({ tenant, channel, untrackedIn, operation });
  const text =
    count === 0
      ? 'Nothing to undo: already undone, tracked again, or over a week old.'
      : `${count === 1 ? '1 issue is' : `${count.toLocaleString('en')} issues are`} tracked again.`;
  return view === undefined ? { replace: noticeMessage({ text }) } : draw(pressed, decodeView(view), { text });
}

async function untrackMany({ value, channel, context }: Pressed): Promise<Shown> {
  const { tenant, operation, services } = context;
  const { category } = decodeView(value);
  const { length } = await services.tracker.untrack({ tenant, channel, which: { category }, operation });
  if (length === 0)
    return { replace: noticeMessage({ text: 'Nothing to untrack: the issues are already off the list.' }) };
  const text =
    length === 1 ? '1 issue is no longer tracked.' : `${length.toLocaleString('en')} issues are no longer tracked.`;
  return { replace: noticeMessage({ text, undo: operation }) };
}

/** Tracks the issues that a ticket's message reports as untracked, and replaces that part of the message. */
async function trackTicket({ value, channel, user, message, context }: Pressed): Promise<Shown> {
  const inputs = {
    channel_id: channel,
    issue_keys: value,
    user_id: user,
    message_link: undefined,
    continue_on_error: false,
  };
  const result = await call(functions.track, inputs, context);
  if ('error' in result) return { error: result.error };
  const { skipped } = result.outputs;
  if (skipped !== '') return { error: `Not all of them are tracked now. ${skipped}` };
  // Slack does not return a message that only one person sees, so its answer replaces it.
  if (message === undefined) return { replace: answersMessage(result.detail) };
  const tracked = exchanged(
    message,
    UNTRACKED_BLOCKS,
    trackedBlocks(user, value.split(' '), openButtonIn(message.blocks)),
  );
  // The message may show other issues that Maro may no longer show.
  return { replace: withoutHidden(tracked, (key) => !context.services.jira.allows(key)) };
}

async function untrackTicket(pressed: Pressed): Promise<Shown> {
  const { value, user, message, context } = pressed;
  const keys = value.split(' ');
  const answers = await untrack(value, pressed);
  if ('error' in answers) return answers;
  const untracked = answers.filter(({ phrase }) => phrase === 'no longer tracked');
  if (untracked.length === 0) return { error: `${keys.join(', ')}: not tracked any more.` };
  const { allows } = context.services.jira;
  // An answer without a URL is about an issue that Maro may no longer show under its current key.
  const hidden = untracked.filter(({ url }) => url === undefined).map(({ name }) => name);
  const left = exchanged(message, TRACKED_BLOCKS, untrackedBlocks(user, keys, openButtonIn(message?.blocks)));
  return { replace: withoutHidden(left, (key) => !allows(key) || hidden.includes(key)) };
}

async function untrack(
  issue_keys: string,
  { channel, user, context }: Pressed,
): Promise<readonly Answer[] | { error: string }> {
  const inputs = { channel_id: channel, issue_keys, user_id: user, continue_on_error: false };
  const result = await call(functions.untrack, inputs, context);
  return result.detail ?? { error: 'error' in result ? result.error : '' };
}

/** Returns a ticket's message without the blocks whose block_ids are in `gone`, and with `blocks` at the end. */
function exchanged(message: Shows | undefined, gone: readonly string[], blocks: KnownBlock[]): Message {
  const left = (message?.blocks ?? []).filter(({ block_id }) => !gone.includes(String(block_id)));
  return { text: message?.text ?? '', blocks: [...left, ...blocks] };
}
