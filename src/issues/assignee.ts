import type { Person } from '../jira/people.ts';
import type { IssueKey } from '../key.ts';
import type { Services } from '../services.ts';
import { harmless, truncate } from '../slack/text.ts';
import { personOf } from './account.ts';
import { reasonOf } from './act.ts';

/** Whom a person names: somebody in Slack by the id, or somebody in Jira by the words of a name. */
export type Named = { user: string } | { words: string };

/** The most people that a sentence lists, and the most characters of a name that it repeats. */
const MOST_LISTED = 10;
const LONGEST_NAME = 80;

/**
 * Finds the one person to whom an issue can be assigned: by the email address in Slack, else by the name. `because` is whole
 * sentences that say why there is no one person. At most two calls to Jira, and none for an address that Maro knows.
 */
export async function assigneeOf(
  named: Named,
  key: IssueKey,
  services: Pick<Services, 'jira' | 'slack'>,
): Promise<Person | { because: string }> {
  const { jira, slack } = services;
  if ('user' in named) {
    const person = await personOf(named.user, services);
    if (person.state === 'trouble') return { because: person.trouble.message };
    if (person.value !== null) return person.value;
  }
  const words = 'words' in named ? named.words.trim().replace(/^@/, '') : await nameOf(named.user, slack);
  if (words === undefined) return { because: 'Slack doesn’t say who this is. Write the name as Jira shows it.' };
  const found = await jira.assignableTo(key, words);
  if (found.state !== 'known') return { because: reasonOf(found) };
  const { compare } = new Intl.Collator(undefined, { sensitivity: 'base' });
  const same = found.value.filter(({ displayName }) => compare(displayName, words) === 0);
  const [person, ...others] = same.length > 0 ? same : found.value;
  const shown = harmless(truncate(words, LONGEST_NAME));
  if (person === undefined) {
    return {
      because:
        'words' in named
          ? `Jira has nobody named “${shown}” who can be the assignee.`
          : `Jira has nobody named “${shown}”, or with this person’s email address in Slack, who can be the assignee. Type the name as Jira shows it.`,
    };
  }
  if (others.length === 0) return person;
  const names = [person, ...others].slice(0, MOST_LISTED).map(({ displayName }) => harmless(displayName));
  return {
    because: `“${shown}” can be ${names.join(', ')}${others.length >= MOST_LISTED ? ', and more' : ''}. Write more of the name.`,
  };
}

/** Whether the words ask for no assignee. */
export function isNobody(words: string): boolean {
  return /^@?nobody$/i.test(words);
}

async function nameOf(user: string, slack: Services['slack']): Promise<string | undefined> {
  return (await slack.names([user])).get(user);
}
