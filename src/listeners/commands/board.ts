import { functions } from '../../../functions/index.ts';
import { hideBoard } from '../../boards/show.ts';
import { call } from '../../function.ts';
import { boardWords } from '../../messages/board.ts';
import { escapeText } from '../../slack/text.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';

/** Shows the board of the channel or hides it. */
export const board: Answers = async (rest, { channel, user, command }, context) => {
  if (rest.toLowerCase() === 'hide') {
    return guarded('board', context, async () => ({ text: escapeText(await hideBoard({ channel }, context)) }));
  }
  if (rest !== '') return { text: `Maro knows \`${command} board\` and \`${command} board hide\`.` };
  const result = await call(functions.board, { channel_id: channel, user_id: user, continue_on_error: false }, context);
  return { text: 'error' in result ? escapeText(result.error) : boardWords(result.detail) };
};
