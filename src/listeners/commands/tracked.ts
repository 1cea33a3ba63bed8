import { listShown } from '../../issues/visible.ts';
import { listMessage, PAGE } from '../../messages/list.ts';
import { parseFilter } from '../filter.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';
import { misunderstood } from './misunderstood.ts';
import { parseCommand } from './parse-command.ts';

/** Shows the channel's list, or the part of it that the person named. */
export const tracked: Answers = async (_rest, { channel, user, command, text }, context) => {
  const { tenant, services } = context;
  const part = parseFilter(parseCommand(text).rest, user);
  if (part.state !== 'understood') return misunderstood(part, `${command} tracked`);
  const { category, filter } = part;
  return guarded('tracked', context, async () => {
    const listing = { tenant, channel, category, filter, limit: PAGE, offset: 0, visitor: user };
    return listMessage(await listShown(listing, services), { category, filter, offset: 0 });
  });
};
