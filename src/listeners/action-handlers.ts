import { OPEN_LIST, REFRESH_BOARD } from '../messages/board.ts';
import { TRACK_FOUND } from '../messages/found.ts';
import { noticeMessage } from '../messages/notice.ts';
import { PICK, PICK_MENU } from '../messages/pick.ts';
import { BOARD_ROW, LIST_ROW } from '../messages/row.ts';
import { openList, refreshBoard } from './actions/board.ts';
import { trackFound } from './actions/find.ts';
import { importIssues, startFollow, stopFollow } from './actions/follow.ts';
import {
  chooseInRow,
  chooseOnBoard,
  exportShown,
  refreshList,
  show,
  showChanges,
  undo,
  untrackMany,
} from './actions/list.ts';
import { pick } from './actions/pick.ts';
import type { PressHandler } from './actions/pressed.ts';
import { refreshShared, share } from './actions/share.ts';
import { trackTicket, untrackTicket } from './actions/ticket.ts';

/**
 * Actions that are safe to repeat, by action_id. They post nothing to a channel and do not change which issues are tracked. The first choice of
 * a question counts, however often it is made.
 */
export const repeatableActions: Readonly<Record<string, PressHandler>> = {
  'list:newer': show,
  'list:older': show,
  'list:category': show,
  'list:done': show,
  'list:unfilter': show,
  'changes:show': showChanges,
  'list:refresh': refreshList,
  'list:export': exportShown,
  'share:refresh': refreshShared,
  [REFRESH_BOARD]: refreshBoard,
  [OPEN_LIST]: openList,
  'follow:cancel': async () => ({ replace: noticeMessage({ text: 'Nothing changed.' }) }),
  [PICK]: pick,
  [PICK_MENU]: pick,
  'untrack:keep': async () => ({ replace: noticeMessage({ text: 'Nothing was untracked.' }) }),
};

/** Actions that change which issues are tracked, or post a message, by action_id. The ledger runs each press once. */
export const onceOnlyActions: Readonly<Record<string, PressHandler>> = {
  'list:share': share,
  [LIST_ROW]: chooseInRow,
  [BOARD_ROW]: chooseOnBoard,
  'list:undo': undo,
  'ticket:track': trackTicket,
  'ticket:untrack': untrackTicket,
  'untrack:all': untrackMany,
  [TRACK_FOUND]: trackFound,
  'follow:start': startFollow,
  'follow:import': importIssues,
  'follow:stop': stopFollow,
};
