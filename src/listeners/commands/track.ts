import { functions } from '../../../functions/index.ts';
import { call } from '../../function.ts';
import type { Answer } from '../../issues/answer.ts';
import { listShown } from '../../issues/visible.ts';
import { parseKeys } from '../../key.ts';
import { answersMessage } from '../../messages/blocks.ts';
import { untrackManyMessage } from '../../messages/untrack.ts';
import type { Context } from '../../services.ts';
import type { Message } from '../../slack/message.ts';
import { escapeText } from '../../slack/text.ts';
import { type AskedPart, parseFilter } from '../filter.ts';
import type { Answers, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { misunderstood } from './misunderstood.ts';
import { parseCommand } from './parse-command.ts';

/** Tracks issues in the channel. */
export const track: Answers = async (rest, command, context) =>
  answers(await call(functions.track, { ...inputs(rest, command), message_link: undefined }, context));

/** Untracks issues, or asks whether to untrack the part of the list that the person named. */
export const untrack: Answers = async (rest, command, context) => {
  const part = parseFilter(parseCommand(command.text).rest, command.user);
  const hasKeys = parseKeys(rest).some(({ key }) => key !== undefined);
  if (part.state === 'understood' && !part.isEmpty) return askUntrackMany(command.channel, part, context);
  const isFilter = part.state !== 'unknown' || (part.isPartlyKnown && !hasKeys);
  if (part.state !== 'understood' && isFilter) return misunderstood(part, `${command.command} untrack`);
  return answers(await call(functions.untrack, inputs(rest, command), context), context.operation);
};

function inputs(issue_keys: string, { channel, user }: Command) {
  return { channel_id: channel, issue_keys, user_id: user, continue_on_error: false };
}

function answers(
  result: { detail: Answer[] | undefined } | { error: string; detail: undefined },
  operation?: string,
): Message {
  const { detail } = result;
  if (detail === undefined || detail.length === 0) return { text: escapeText('error' in result ? result.error : '') };
  const undo = detail.some(({ phrase }) => phrase === 'no longer tracked') ? operation : undefined;
  return answersMessage(detail, undo);
}

/** Asks for confirmation and says how many issues there are, so that nobody untracks many issues by mistake. */
function askUntrackMany(channel: string, { category, filter }: AskedPart, context: Context): Promise<Message> {
  const { tenant, services } = context;
  return guarded('untrack', context, async () => {
    const shown = await listShown({ tenant, channel, category, filter, limit: 0, offset: 0 }, services);
    return untrackManyMessage(shown, { category, filter });
  });
}
