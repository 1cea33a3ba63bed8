import type { Services } from '../services.ts';
import { truncate } from '../slack/text.ts';

/** The most filters that the sentence names. */
const MOST_NAMES = 5;
const LONGEST_NAME = 80;

/**
 * A sentence that names the saved filters shared with Maro: those whose name contains `name`, or else any. Empty if Jira cannot be
 * asked. At most two calls to Jira.
 */
export async function filterNames(name: string, { jira }: Pick<Services, 'jira'>): Promise<string> {
  const like = name === '' ? undefined : await jira.filters(name);
  const some = like?.state === 'known' && like.value.length > 0;
  const found = some ? like : await jira.filters('');
  if (found.state !== 'known') return '';
  if (found.value.length === 0) return 'No filters are shared with Maro’s account in Jira.';
  const names = found.value.slice(0, MOST_NAMES).map((each) => `“${truncate(each, LONGEST_NAME)}”`);
  const more = found.value.length > MOST_NAMES ? ', and others' : '';
  return `Filters shared with Maro: ${names.join(', ')}${more}.`;
}
