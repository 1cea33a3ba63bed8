/** Search text is cut to this many UTF-16 code units. Nobody types that many. */
const LONGEST_QUERY = 100;

/** What a person typed to search for a project, a person, or an issue, as Jira gets it. */
export function wordsOf(query: string): string {
  return query.trim().slice(0, LONGEST_QUERY).toWellFormed();
}
