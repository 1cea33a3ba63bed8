import { matchingOf } from '../../issues/filter.ts';
import { reread } from '../../issues/refresh.ts';
import { listShown } from '../../issues/visible.ts';
import { decodeView } from '../../messages/list.ts';
import { decodeShare, MOST_SHARED, type Share, sharedMessage } from '../../messages/share.ts';
import type { Context } from '../../services.ts';
import type { Pressed, Shown } from './pressed.ts';

/** Shares the list as Jira has it now. If Jira does not answer, the list says how old it is. */
export async function share({ value, channel, user, context }: Pressed): Promise<Shown> {
  const { category, filter } = decodeView(value);
  const shared = { category, filter, user };
  const { tracked } = await readShared(channel, shared, context);
  if (tracked.issues.length === 0) return { error: 'The list is empty now, so nothing was shared.' };
  return { post: sharedMessage(tracked, shared) };
}

/** Draws a shared list as Jira has it now, for everybody, in the name of the person who shared it. */
export async function refreshShared({ value, channel, context }: Pressed): Promise<Shown> {
  const { view, user } = decodeShare(value);
  const { category, filter } = decodeView(view);
  const shared = { category, filter, user };
  const { tracked, trouble } = await readShared(channel, shared, context);
  return trouble === undefined
    ? { replace: sharedMessage(tracked, shared) }
    : { error: trouble.with('The shared list is unchanged.') };
}

/** Reads the issues of a shared list from Jira, and lists them. `trouble`: why no issue could be read. */
async function readShared(channel: string, { category, filter }: Share, context: Context) {
  const { tenant, services } = context;
  const listing = { tenant, channel, category, limit: MOST_SHARED, offset: 0 };
  const matching = filter && (await matchingOf(filter, services));
  const { issues } = await (matching === undefined
    ? services.tracker.list(listing)
    : services.tracker.filtered({ ...listing, matching }));
  const { isRead, trouble } = await reread(issues, context);
  return { tracked: await listShown({ ...listing, filter }, services), trouble: isRead ? undefined : trouble };
}
