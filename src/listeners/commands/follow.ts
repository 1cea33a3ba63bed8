import { nameOf } from '../../follow.ts';
import { preview } from '../../issues/following.ts';
import { followsMessage, previewMessage } from '../../messages/follow.ts';
import { escapeText } from '../../slack/text.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';
import { parseQuery } from './query.ts';

/** Shows what a query would bring if the channel followed it, or what the channel follows. */
export const follow: Answers = async (rest, { channel, command }, context) => {
  const { tenant, services } = context;
  return guarded('follow', context, async () => {
    if (rest === '') return followsMessage(await services.tracker.follows({ tenant, channel }), command);
    const query = await parseQuery(rest, { command, does: 'follow' }, context);
    if ('error' in query) return { text: escapeText(query.error) };
    return previewMessage(await preview(query, context), 'follow');
  });
};

/** Shows what a query would bring if its issues were tracked once. */
export const importOnce: Answers = async (rest, { command }, context) =>
  guarded('import', context, async () => {
    const query = await parseQuery(rest, { command, does: 'import' }, context);
    if ('error' in query) return { text: escapeText(query.error) };
    return previewMessage(await preview(query, context), 'import');
  });

/** Offers to stop following a query, or any of them. */
export const unfollow: Answers = async (rest, { channel, command }, context) => {
  const { tenant, services } = context;
  return guarded('unfollow', context, async () => {
    const follows = await services.tracker.follows({ tenant, channel });
    if (rest === '') return followsMessage(follows, command);
    const query = await parseQuery(rest, { command, does: 'unfollow' }, context);
    if ('error' in query) return { text: escapeText(query.error) };
    const meant = follows.filter((each) => nameOf(each).toLowerCase() === nameOf(query).toLowerCase());
    return followsMessage(meant.length === 0 ? follows : meant, command, meant.length === 0 ? query : undefined);
  });
};
