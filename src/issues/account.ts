import type { Person } from '../jira/people.ts';
import type { Known } from '../jira/reading.ts';
import type { Services } from '../services.ts';

/**
 * The Jira account with a person's email address in Slack, or null if Slack tells no address or Jira knows no such person
 * for certain. Never throws for a problem with Slack or Jira.
 */
export async function personOf(
  user: string,
  { slack, jira }: Pick<Services, 'slack' | 'jira'>,
): Promise<Known<Person | null>> {
  const email = await slack.email(user);
  return email === undefined ? { state: 'known', value: null } : jira.person(email);
}

/** The id of that account. */
export async function accountOf(
  user: string,
  services: Pick<Services, 'slack' | 'jira'>,
): Promise<Known<string | null>> {
  const person = await personOf(user, services);
  return person.state === 'known' ? { state: 'known', value: person.value?.accountId ?? null } : person;
}
