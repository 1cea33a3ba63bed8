import type { Filter } from '../filter.ts';
import type { Services } from '../services.ts';
import type { Matching } from '../tracker/matching.ts';
import { Trouble } from '../trouble.ts';
import { accountOf } from './account.ts';

/** A filter, with the name of the person whose issues it shows; undefined if it names nobody. */
export type NamedFilter = { filter: Filter; name: string | undefined };

/**
 * What the parts of a filter mean. Asks Slack and Jira for the person that it names, at most once in ten minutes, and
 * nobody for a filter without one.
 * @throws {JiraTrouble}
 * @throws {Trouble} if nobody knows the person's Jira account.
 */
export async function matchingOf(
  filter: Filter,
  { slack, jira }: Pick<Services, 'slack' | 'jira'>,
): Promise<Matching & NamedFilter> {
  const matching = { filter, account: undefined, projects: jira.allowedProjects };
  const { assignee } = filter;
  if (assignee?.kind === 'name') return { ...matching, name: assignee.name };
  if (assignee?.kind !== 'person') return { ...matching, name: undefined };
  const { user } = assignee;
  const [names, account] = await Promise.all([slack.names([user]), accountOf(user, { slack, jira })]);
  if (account.state === 'trouble') throw account.trouble;
  const name = names.get(user) ?? 'this person';
  if (account.value === null) {
    throw new Trouble(
      `Maro can’t tell which Jira account is ${name}’s.`,
      'Type the name as Jira has it instead, such as `assignee Ada`.',
    );
  }
  return { ...matching, account: account.value, name };
}
