import type { DescribedIssue } from '../jira/described.ts';
import type { Context } from '../services.ts';
import type { ChannelChange } from '../tracker/changes.ts';
import { unreadAnswer } from './answer.ts';
import { oneKey } from './one.ts';

/** An issue with the beginning of its description, and what changed last in it, if Maro knows that. */
export type Described = { described: DescribedIssue; last: LastChange | undefined };

export type LastChange = Pick<ChannelChange, 'what' | 'author' | 'from' | 'to' | 'at'>;

/**
 * Reads the one issue that `typed` names by its key or by a link. `because` is whole sentences that say why there is none. One
 * call to Jira and one trip.
 */
export async function describedBy(
  typed: string,
  { tenant, services: { jira, tracker } }: Pick<Context, 'tenant' | 'services'>,
): Promise<Described | { because: string }> {
  const one = await oneKey(typed, jira);
  if ('because' in one) return one;
  const read = await jira.describe(one.key);
  if (read.state !== 'known') {
    return { because: `Maro can’t show ${one.key}. ${unreadAnswer(one.key, read).because}` };
  }
  const last = await tracker.lastChange({ tenant, siteId: await jira.siteId(), issueId: read.value.issue.id });
  return { described: read.value, last };
}
