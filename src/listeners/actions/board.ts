import { showBoard } from '../../boards/show.ts';
import { refresh } from '../../issues/refresh.ts';
import { listShown } from '../../issues/visible.ts';
import { decodeView, listMessage, PAGE } from '../../messages/list.ts';
import { noticeMessage } from '../../messages/notice.ts';
import type { Pressed, Shown } from './pressed.ts';

/** Reads the channel's issues from Jira again, and draws the board anew for everybody. */
export async function refreshBoard({ channel, user, context }: Pressed): Promise<Shown> {
  const news = await refresh(channel, context);
  const shown = await showBoard({ channel, user }, context);
  return { show: noticeMessage({ text: shown.state === 'shown' ? news : shown.sentence }) };
}

/** Shows the list to the person who pressed a button of the board, which stays as it is. */
export async function openList({ value, channel, user, context }: Pressed): Promise<Shown> {
  const { tenant, services } = context;
  const view = decodeView(value);
  await services.tracker.lookAtBoard({ tenant, channel });
  return {
    show: listMessage(await listShown({ tenant, channel, ...view, limit: PAGE, visitor: user }, services), view),
  };
}
