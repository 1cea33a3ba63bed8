import type { IssueKey } from '../key.ts';
import type { Context } from '../services.ts';
import { personOf } from './account.ts';
import { subjectOf, unacted } from './act.ts';

/** Jira notifies the watchers of an issue about its changes. */
export type Watching = 'watch' | 'unwatch';

const DONE = { watch: 'watched', unwatch: 'unwatched' } as const;

/**
 * Makes the person's own Jira account start or stop watching the issue that `typed` names. Doing it twice does no harm.
 * @returns the issue's key, or whole sentences that say why it was not done, or that it may or may not have been done.
 */
export async function setWatching(
  watching: Watching,
  typed: string,
  user: string,
  context: Pick<Context, 'tenant' | 'services'>,
): Promise<IssueKey | { because: string }> {
  const { jira } = context.services;
  const nothing = `Nothing was ${DONE[watching]}.`;
  const [subject, person] = await Promise.all([subjectOf(typed, context), personOf(user, context.services)]);
  if ('because' in subject) return { because: `${nothing} ${subject.because}` };
  if (person.state === 'trouble') return { because: `${nothing} ${person.trouble.message}` };
  if (person.value === null) {
    return { because: `${nothing} Maro finds no Jira account with your email address in Slack.` };
  }
  const { key } = subject;
  const { accountId } = person.value;
  const written = await (watching === 'watch' ? jira.watch(key, accountId) : jira.unwatch(key, accountId));
  return written.state === 'done' ? key : { because: unacted(key, DONE[watching], written).error };
}

/** A sentence that confirms it. `issue` is the key, or a link to the issue. */
export function watchingWords(watching: Watching, issue: string): string {
  return watching === 'watch'
    ? `You now watch ${issue}. Jira tells you about its changes.`
    : `You no longer watch ${issue}.`;
}
