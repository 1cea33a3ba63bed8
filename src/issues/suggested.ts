import { wordsOf } from '../jira/query.ts';
import type { Services } from '../services.ts';
import type { Suggested, Suggesting } from '../tracker/suggest.ts';

/** The issues that Maro has stored and that match what a person typed in a menu. See `suggest` in `src/tracker/suggest.ts`. */
export function suggested(
  query: string,
  asked: Omit<Suggesting, 'words' | 'projects'>,
  { tracker, jira }: Pick<Services, 'tracker' | 'jira'>,
): Promise<Suggested[]> {
  const words = wordsOf(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return tracker.suggest({ ...asked, words, projects: jira.allowedProjects });
}
