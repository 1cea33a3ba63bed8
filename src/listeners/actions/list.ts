import type { Answer } from '../../issues/answer.ts';
import { awayManyWords } from '../../issues/away.ts';
import { matchingOf } from '../../issues/filter.ts';
import { refresh } from '../../issues/refresh.ts';
import { changesShown, listShown } from '../../issues/visible.ts';
import { changesMessage, MOST_CHANGES } from '../../messages/changes.ts';
import { decodeView, type ListView, listMessage, PAGE } from '../../messages/list.ts';
import { type Notice, noticeMessage } from '../../messages/notice.ts';
import { exportIssues } from '../export.ts';
import type { Pressed, Shown } from './pressed.ts';
import { untrack } from './untrack.ts';

/** Shows the part of the list that the button names. */
export async function show(pressed: Pressed): Promise<Shown> {
  return draw(pressed, decodeView(pressed.value));
}

/** Draws the list anew in place, with a notice on top. */
async function draw({ channel, user, context }: Pressed, view: ListView, notice?: Notice): Promise<Shown> {
  const { tenant, services } = context;
  const tracked = await listShown({ tenant, channel, ...view, limit: PAGE, visitor: user }, services);
  return { replace: listMessage(tracked, view, notice) };
}

/** Reads the channel's issues from Jira again, and shows the list. */
export async function refreshList(pressed: Pressed): Promise<Shown> {
  return draw(pressed, decodeView(pressed.value), { text: await refresh(pressed.channel, pressed.context) });
}

/** Sends the person the part of the list that the message shows, with all its pages, as a file. */
export async function exportShown(pressed: Pressed): Promise<Shown> {
  return { show: await exportIssues(decodeView(pressed.value), pressed, pressed.context) };
}

/** Replaces the list with what changed since the person's last visit. */
export async function showChanges({ channel, user, context }: Pressed): Promise<Shown> {
  const { tenant, services } = context;
  const asked = { tenant, channel, since: { kind: 'visit' as const, user }, limit: MOST_CHANGES };
  return { replace: changesMessage(await changesShown(asked, services), undefined) };
}

/** Carries out the chosen entry of a row's menu. */
export async function chooseInRow(pressed: Pressed): Promise<Shown> {
  const { value, context } = pressed;
  const [, view = '', key = ''] = /^untrack (\S+) (\S+)$/.exec(value) ?? [];
  if (key === '') return 'nothing';
  const answers = await untrack(key, pressed);
  if ('error' in answers) return answers;
  return draw(pressed, decodeView(view), untrackedNotice(key, answers, `${context.operation} ${view}`));
}

/** Carries out the chosen entry of the menu in a row of the board. A job then redraws the board for everybody. */
export async function chooseOnBoard(pressed: Pressed): Promise<Shown> {
  const { value, context } = pressed;
  const [, key = ''] = /^untrack (\S+)$/.exec(value) ?? [];
  if (key === '') return 'nothing';
  const answers = await untrack(key, pressed);
  if ('error' in answers) return answers;
  return { show: noticeMessage(untrackedNotice(key, answers, context.operation)) };
}

/** Says that an issue is untracked. `undo` is the value of the button that undoes it. */
function untrackedNotice(key: string, answers: readonly Answer[], undo: string): Notice {
  const untracked = answers.find(({ phrase }) => phrase === 'no longer tracked');
  if (untracked === undefined) return { text: `${key} was already untracked.` };
  return { text: [`${key} is no longer tracked.`, untracked.because ?? ''].join(' ').trim(), undo };
}

/**
 * Restores the issues that an operation untracked. The value starts with the operation's
 * id. If the button is in a list, the encoded view of that list follows after a space.
 */
export async function undo(pressed: Pressed): Promise<Shown> {
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

/** Untracks a part of the list, or all of it. */
export async function untrackMany({ value, channel, user, context }: Pressed): Promise<Shown> {
  const { tenant, operation, services } = context;
  const { category, filter } = decodeView(value);
  const which = { category, matching: filter && (await matchingOf(filter, services)) };
  const untracked = await services.tracker.untrack({ tenant, channel, which, operation, by: user });
  const { length } = untracked;
  if (length === 0)
    return { replace: noticeMessage({ text: 'Nothing to untrack: these issues are already untracked.' }) };
  const text =
    length === 1 ? '1 issue is no longer tracked.' : `${length.toLocaleString('en')} issues are no longer tracked.`;
  const away = awayManyWords(untracked);
  return { replace: noticeMessage({ text: [text, ...away].join(' '), undo: operation }) };
}
