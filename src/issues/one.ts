import type { Issue } from '../issue.ts';
import type { Jira } from '../jira/client.ts';
import { NOT_FOUND } from '../jira/reading.ts';
import type { JiraTrouble } from '../jira/trouble.ts';
import { type IssueKey, parseKeys } from '../key.ts';
import { inWords, MOST_KEYS, resolve, unreadAnswer } from './answer.ts';

/** The key of the one issue that `typed` names by its key or by a link, or whole sentences that say why there is none. */
export async function oneKey(typed: string, jira: Jira): Promise<{ key: IssueKey } | { because: string }> {
  const keys = parseKeys(typed);
  // More than the limit may take as many questions to Jira about other addresses of its site.
  const resolved = keys.length > MOST_KEYS ? [] : await resolve(keys, jira);
  const [key] = resolved;
  if (keys.length > MOST_KEYS || resolved.length > 1) return { because: onlyOne(resolved.length || keys.length) };
  if (key === undefined) return { because: 'Add an issue key, such as PLAT-12.' };
  return typeof key === 'string' ? { key } : { because: inWords([key]) };
}

/**
 * Reads the one issue that `typed` names by its key or by a link. `because` is whole sentences that say why
 * there is no issue. `trouble` is set if Jira could not be asked.
 */
export async function readOne(
  typed: string,
  jira: Jira,
): Promise<{ issue: Issue } | { because: string; trouble?: JiraTrouble | undefined }> {
  const one = await oneKey(typed, jira);
  if ('because' in one) return one;
  const { key } = one;
  const reading = (await jira.read([key])).get(key) ?? NOT_FOUND;
  if (reading.state === 'shown') return { issue: reading.issue };
  if (reading.state === 'trouble') return { because: reading.trouble.message, trouble: reading.trouble };
  return { because: inWords([unreadAnswer(key, reading)]) };
}

function onlyOne(count: number): string {
  return `That’s ${count.toLocaleString('en')} issues, and this takes one.`;
}
