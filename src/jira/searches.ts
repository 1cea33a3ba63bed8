import type { Issue } from '../issue.ts';
import type { Connection } from './connection.ts';
import type { FoundBy } from './find.ts';
import type { Suggestion } from './picker.ts';
import { wordsOf } from './query.ts';
import { type Known, known } from './reading.ts';

/** How Maro looks for issues. No operation throws for a problem with Jira. Jira's search can be some seconds behind. */
export function createSearches(connection: Connection) {
  return {
    /**
     * Up to forty issues whose key or summary Jira finds for what was typed. They may be out of date, so read an issue
     * before it is used. One call.
     */
    async picker(query: string): Promise<Known<readonly Suggestion[]>> {
      const { suggest } = await import('./picker.ts');
      const words = wordsOf(query);
      return words === '' ? { state: 'known', value: [] } : await known(suggest(connection, words));
    },

    /**
     * About how many issues a JQL query finds, those of projects that JIRA_PROJECTS leaves out among them. `refused`: Jira
     * does not understand the query, or does not know something that it names. One call.
     */
    async count(jql: string): Promise<FoundBy<number>> {
      const { count } = await import('./find.ts');
      return await count(connection, jql);
    },

    /**
     * The first `most` issues that a JQL query finds, in its order, without those of projects that JIRA_PROJECTS leaves out.
     * `isComplete`: Jira finds no more than these. `refused`: see `count`. One call per hundred issues.
     */
    async find(jql: string, most: number): Promise<FoundBy<{ issues: readonly Issue[]; isComplete: boolean }>> {
      const { find } = await import('./find.ts');
      return await find(connection, jql, most);
    },

    /**
     * The ids of the first `most` issues that a JQL query finds, also of those that JIRA_PROJECTS leaves out. Usually one call.
     * For the rest, see `find`.
     */
    async ids(jql: string, most: number): Promise<FoundBy<{ ids: readonly string[]; isComplete: boolean }>> {
      const { findIds } = await import('./ids.ts');
      return await findIds(connection, jql, most);
    },

    /** The names of up to fifty saved filters that are shared with Maro's account and whose name contains `name`. One call. */
    async filters(name: string): Promise<Known<readonly string[]>> {
      const { findFilters } = await import('./filters.ts');
      return await known(findFilters(connection, wordsOf(name)));
    },
  };
}
