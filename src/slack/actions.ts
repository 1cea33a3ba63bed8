import { randomUUID } from 'node:crypto';
import type { App, BlockAction } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { functions } from '../../functions/index.ts';
import { call, sentenceOf } from '../function.ts';
import { refresh } from '../refresh.ts';
import { type Context, unclaimed } from '../services.ts';
import { listShown } from '../visible.ts';
import type { Message } from './blocks.ts';
import { chooseInForm } from './create/choose.ts';
import { decodeOrigin } from './create/origin.ts';
import type { Values } from './create/values.ts';
import { decodeView, type ListView, listMessage, type Notice, noticeMessage, PAGE } from './list.ts';
import { sharedMessage } from './share.ts';
import { STRANGER } from './strangers.ts';
import type { Deps } from './submission.ts';
import { TRACKED_BLOCKS, trackedBlocks, UNTRACKED_BLOCKS, untrackedBlocks, withoutHidden } from './ticket.ts';
import { sentenceView } from './views.ts';

/** A button or menu entry that somebody chose, and where. */
type Pressed = { value: string; channel: string; user: string; message: Shows | undefined; context: Context };

/** A message as Slack hands it back: what Maro made of it. */
type Shows = { text?: string; blocks?: KnownBlock[] };

/** What a press shows: in place of the message it was made in, for everybody in the channel, or to the person a sentence. */
type Shown = { replace: Message } | { post: Message } | { error: string } | 'nothing';

/** More than a channel of any size needs in one table. */
const MOST_SHARED = 99;

/** What Maro does when a button or menu entry is chosen, by action_id. */
const actions: Readonly<Record<string, (pressed: Pressed) => Promise<Shown>>> = {
  'list:newer': show,
  'list:older': show,
  'list:category': show,
  'list:refresh': async (pressed) =>
    draw(pressed, decodeView(pressed.value), { text: await refresh(pressed.channel, pressed.context) }),
  'list:share': share,
  'list:row': chooseInRow,
  'list:undo': undo,
  'ticket:track': trackTicket,
  'ticket:untrack': untrackTicket,
  'untrack:all': untrackMany,
  'untrack:keep': async () => ({ replace: noticeMessage({ text: 'Nothing was changed.' }) }),
};

/** The one listener for buttons and menus. Whatever they need is in their value, so any process can answer them. */
export function registerActions(app: App, deps: Deps): void {
  const { tenant, slack, services } = deps;
  app.action(/./, async ({ ack, action, body }) => {
    await ack();
    if ('view' in body && body.view !== undefined) return inForm(body as BlockAction, action, deps);
    const { response_url, channel, container, user, message } = body as BlockAction;
    const where = channel?.id ?? container?.channel_id;
    const value = chosen(action);
    if (value === 'open' || value === 'mention') return;
    const context = unclaimed({ tenant, door: 'command', operation: randomUUID(), services });
    const act =
      'action_id' in action && Object.hasOwn(actions, action.action_id) ? actions[action.action_id] : undefined;
    if (act === undefined) services.log.warn({ type: body.type }, 'a button that this Maro does not have');
    const shown: Shown =
      act === undefined || typeof where !== 'string'
        ? { error: STRANGER }
        : await act({ value, channel: where, user: user.id, message: message as Shows, context }).catch(
            (error: unknown) => ({
              error: sentenceOf(error, 'action', context),
            }),
          );
    if (shown === 'nothing') return;
    if ('error' in shown) {
      await slack.respond(response_url, { response_type: 'ephemeral', replace_original: false, text: shown.error });
    } else if ('replace' in shown) {
      await slack.respond(response_url, { replace_original: true, ...shown.replace });
    } else {
      await slack.respond(response_url, { response_type: 'in_channel', replace_original: false, ...shown.post });
    }
  });
}

async function inForm({ view }: BlockAction, action: unknown, deps: Deps): Promise<void> {
  const { action_id = '', action_ts } = action as { action_id?: string; action_ts?: string };
  const origin = decodeOrigin(view?.private_metadata);
  if (view === undefined) return;
  if (origin === undefined || !action_id.startsWith('create:')) {
    deps.services.log.warn({ type: 'block_actions' }, 'a button that this Maro does not have');
    await deps.slack.updateView(view.id, sentenceView(view.title.text, STRANGER));
    return;
  }
  const values = view.state.values as Values;
  const actionTs = /^\d{1,12}\.\d{1,9}$/.exec(String(action_ts))?.[0] ?? '0';
  const act = { viewId: view.id, hash: view.hash, actionTs };
  await chooseInForm({ ...act, action: action_id, value: chosen(action), origin, values }, deps);
}

function chosen(action: unknown): string {
  const { value, selected_option } = action as { value?: unknown; selected_option?: { value?: unknown } | null };
  return String(value ?? selected_option?.value ?? '');
}

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
