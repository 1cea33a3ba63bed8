import { showBoard } from '../src/boards/show.ts';
import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import { refresh } from '../src/issues/refresh.ts';
import type { BoardAnswer } from '../src/messages/board.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';

const declaration = DefineFunction({
  callback_id: 'board',
  title: 'Show the board of a channel',
  description: 'Pin a list of a channel’s Jira issues that updates itself.',
  source_file: 'functions/board.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel whose board to show. Maro must be in it.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person whose time zone says when a day ends.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['channel_id'],
  },
  output_parameters: {
    properties: {
      shown: {
        type: Schema.types.boolean,
        title: 'Shown',
        description: 'True if the channel has a board that is up to date.',
      },
      board_link: { type: Schema.types.string, title: 'Board link', description: 'A link to the board.' },
      is_new: {
        type: Schema.types.boolean,
        title: 'New',
        description: 'True if the channel had no board before.',
      },
      skipped: {
        type: Schema.types.string,
        title: 'Skipped',
        description: 'Why the board isn’t pinned or has no bookmark.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why there is no board. Empty if the step succeeded.',
      },
    },
    required: ['shown'],
  },
});

export const Board = slackFunction(declaration, board);

/** Shows a channel's board. A channel that has one keeps it, and its issues are read from Jira again. */
async function board(
  { channel_id: channel, user_id: user }: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, BoardAnswer>> {
  const news = (await context.services.tracker.hasBoard({ tenant: context.tenant, channel }))
    ? [await refresh(channel, context)]
    : [];
  const shown = await showBoard({ channel, user }, context);
  if (shown.state === 'not shown') return { error: shown.sentence, detail: undefined };
  const { link, isNew, notes } = shown;
  return {
    outputs: { shown: true, board_link: link, is_new: isNew, skipped: notes.join(' '), error: '' },
    detail: { link, isNew, notes, news },
  };
}
