/** What a channel's list can follow. */
export const FOLLOW_KINDS = ['epic', 'sprint', 'filter', 'jql'] as const;
export type FollowKind = (typeof FOLLOW_KINDS)[number];

/** A query that a person named: the key of an epic, the name of a sprint or of a saved filter, or JQL without its order. */
export type Query = { kind: FollowKind; words: string };

/** The most issues that a query may have, to be followed or imported. */
export const MOST_ISSUES = 500;
/** The most queries that a channel follows. */
export const MOST_FOLLOWS = 10;

/** What people call a query, such as `epic PLAT-7`, or `Sprint 12` for the sprint of that name. */
export function nameOf({ kind, words }: Query): string {
  if (words.toLowerCase().startsWith(`${kind} `)) return words;
  return `${kind === 'jql' ? 'JQL' : kind} ${words}`;
}
