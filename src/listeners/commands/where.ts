import { resolve, unreadAnswer } from '../../issues/answer.ts';
import { parseKeys } from '../../key.ts';
import { answersMessage } from '../../messages/blocks.ts';
import { whereMessage } from '../../messages/where.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';

/** The most channels that are looked at for one issue. */
const MOST_CHANNELS = 1_000;

/** Says which channels track an issue, of those of which the person may know. */
export const where: Answers = async (rest, { command, channel, user, team }, context, { slack }) => {
  const { tenant, services } = context;
  const [typed, ...others] = parseKeys(rest);
  if (typed === undefined || others.length > 0) {
    return { text: `Add one issue key, such as \`${command} where PLAT-1\`.` };
  }
  const [key] = await resolve([typed], services.jira);
  if (typeof key !== 'string') return answersMessage(key === undefined ? [] : [key]);
  if (!services.jira.allows(key)) return answersMessage([unreadAnswer(key, { state: 'not allowed' })]);
  return guarded('where', context, async () => {
    const channels = await services.tracker.where({ tenant, key, limit: MOST_CHANNELS });
    const elsewhere = channels.filter((each) => each !== channel);
    const isHere = elsewhere.length < channels.length;
    return whereMessage({ key, isHere, ...(await slack.visibleTo({ user, team, tenant }, elsewhere)) });
  });
};
