import type { KnownBlock } from '@slack/types';
import { functions } from '../../functions/index.ts';
import { call } from '../function.ts';
import { refresh } from '../issues/refresh.ts';
import { listShown } from '../issues/visible.ts';
import { decodeView, type ListView, listMessage, type Notice, noticeMessage, PAGE } from '../messages/list.ts';
import { sharedMessage } from '../messages/share.ts';
import { TRACKED_BLOCKS, trackedBlocks, UNTRACKED_BLOCKS, untrackedBlocks, withoutHidden } from '../messages/ticket.ts';
import type { Context } from '../services.ts';
import type { Message } from '../slack/message.ts';

/** A button or menu entry that somebody chose, and where. */
export type Pressed = { value: string; channel: string; user: string; message: Shows | undefined; context: Context };

/** A message as Slack hands it back: what Maro made of it. */
export type Shows = { text?: string; blocks?: KnownBlock[] };

/** What a press shows: in place of the message it was made in, for everybody in the channel, or to the person a sentence. */
export type Shown = { replace: Message } | { post: Message } | { error: string } | 'nothing';

/** More than a channel of any size needs in one table. */
const MOST_SHARED = 99;

type Act = (pressed: Pressed) => Promise<Shown>;

/** What only shows something when it is chosen, by action_id: it does no harm to do it twice. */
export const readingActs: Readonly<Record<string, Act>> = {
  'list:newer': show,
  'list:older': show,
  'list:category': show,
  'list:refresh': async (pressed) =>
    draw(pressed, decodeView(pressed.value), { text: await refresh(pressed.channel, pressed.context) }),
  'untrack:keep': async () => ({ replace: noticeMessage({ text: 'Nothing was changed.' }) }),
};

/** What changes or posts something when it is chosen, by action_id. */
export const writingActs: Readonly<Record<string, Act>> = {
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
  return { replace: listMessage(tracked, view, '/maro', notice) };
}

async function share({ value, channel, user, context }: Pressed): Promise<Shown> {
  const { tenant, services } = context;
  const { category } = decodeView(value);
  const tracked = await listShown({ tenant, channel, category, limit: MOST_SHARED, offset: 0 }, services);
  return { post: sharedMessage(tracked, category, user) };
}

async function chooseInRow(pressed: Pressed): Promise<Shown> {
  const { value, channel, context } = pressed;
  const [, view = '', key = ''] = /^untrack (\S+) (\S+)$/.exec(value) ?? [];
  if (key === '') return 'nothing';
  const { tenant, operation, services } = context;
  const untracked = await services.tracker.untrack({ tenant, channel, which: { keys: [key] }, operation });
  const notice =
    untracked.length === 0
      ? { text: `${key} was not tracked any more.` }
      : { text: `${key} is no longer tracked.`, undo: `${operation} ${view}` };
  return draw(pressed, decodeView(view), notice);
}

/** Brings back what the operation named first untracked; after it stands the part of the list to draw, if there was one. */
async function undo(pressed: Pressed): Promise<Shown> {
  const { value, channel, context } = pressed;
  const [operation = '', view] = value.split(' ');
  const count = await context.services.tracker.restore({ tenant: context.tenant, channel, operation });
  const text =
    count === 0
      ? 'Nothing was left to bring back: it was undone already, tracked anew, or is more than a week ago.'
      : `${count === 1 ? 'The issue is' : `${count.toLocaleString('en')} issues are`} tracked again, as before.`;
  return view === undefined ? { replace: noticeMessage({ text }) } : draw(pressed, decodeView(view), { text });
}

async function untrackMany({ value, channel, context }: Pressed): Promise<Shown> {
  const { tenant, operation, services } = context;
  const { category } = decodeView(value);
  const { length } = await services.tracker.untrack({ tenant, channel, which: { category }, operation });
  if (length === 0) return { replace: noticeMessage({ text: 'There was nothing left to untrack.' }) };
  const text =
    length === 1 ? '1 issue is no longer tracked.' : `${length.toLocaleString('en')} issues are no longer tracked.`;
  return { replace: noticeMessage({ text, undo: operation }) };
}

/** Tracks what a ticket's message says is not tracked; then that goes from the message. */
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
  if (skipped !== '') return { error: `Not all of them are tracked now. ${skipped}.` };
  const tracked = exchanged(message, UNTRACKED_BLOCKS, trackedBlocks(user, value.split(' ')));
  // Others on the same card may not be shown anymore.
  return { replace: withoutHidden(tracked, (key) => !context.services.jira.allows(key)) };
}

async function untrackTicket({ value, channel, user, message, context }: Pressed): Promise<Shown> {
  const { tenant, operation, services } = context;
  const keys = value.split(' ');
  const untracked = await services.tracker.untrack({ tenant, channel, which: { keys }, operation });
  if (untracked.length === 0) return { error: `${keys.join(', ')}: not tracked any more.` };
  const { allows } = services.jira;
  const isHidden = (key: string) =>
    !allows(key) || untracked.some(({ askedAs, key: now }) => askedAs === key && !allows(now));
  return { replace: withoutHidden(exchanged(message, TRACKED_BLOCKS, untrackedBlocks(user, keys)), isHidden) };
}

/** A ticket's message with some of its blocks exchanged for others. */
function exchanged(message: Shows | undefined, gone: readonly string[], blocks: KnownBlock[]): Message {
  const left = (message?.blocks ?? []).filter(({ block_id }) => !gone.includes(String(block_id)));
  return { text: message?.text ?? '', blocks: [...left, ...blocks] };
}
