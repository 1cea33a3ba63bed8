import { keysIn, notes } from '../../runner/receipt.ts';
import type { WorkflowOutcome } from '../../runner/run.ts';
import { channelLink } from '../../slack/permalink.ts';
import { escapeText } from '../../slack/text.ts';
import type { Answers, CommandAnswer } from './command.ts';
import { answerOnce } from './once.ts';

/** Links an issue to the channel and tracks it. The card in the channel is the answer, unless Slack or the database refused something. */
export const link: Answers = async (key, { channel, user }, context, deps) => {
  if (key === '') return { text: 'Nothing was linked. Add an issue key, such as PLAT-12.' };
  const inputs = {
    issue_key: key,
    message_link: channelLink(deps.slack.workspaceUrl(), channel),
    channel_id: channel,
    user_id: user,
  };
  return answerOnce({ workflow: 'link_and_track', inputs }, linked, context, deps);
};

function linked(ran: WorkflowOutcome): CommandAnswer {
  if (notes(ran).length === 0) return 'posted';
  return { text: escapeText([`${keysIn(ran).join(', ')} is linked to this channel.`, ...notes(ran)].join(' ')) };
}
