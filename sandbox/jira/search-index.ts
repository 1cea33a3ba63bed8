import { adfText } from './adf.ts';
import type { Issue } from './issues.ts';
import type { Sprint } from './seed.ts';
import { sprintOf } from './sprint.ts';

/** An issue as the search knows it, which may be how it was some seconds ago. */
export type Indexed = Pick<Issue, 'id' | 'project' | 'type' | 'status' | 'created' | 'updated'> & {
  parentId: string | undefined;
  sprint: Sprint | undefined;
  words: Set<string>;
};

/**
 * What the search knows. REST API v3, "Search for issues using JQL enhanced search": "Recent updates might not be immediately
 * visible in the returned search results."
 */
export type SearchIndex = {
  /** How late it hears of a change, in milliseconds; undefined: two to five seconds, at random. */
  lagMs: number | undefined;
  /** An issue is new, or not as it was. */
  note(issue: Issue): void;
  /** Knows everything that was noted until now. */
  catchUp(): void;
  all(): Indexed[];
};

/** `now` is Jira's time, in milliseconds since 1970. */
export function createSearchIndex(now: () => number): SearchIndex {
  const known = new Map<string, Indexed>();
  let waiting: { due: number; entry: Indexed }[] = [];

  function takeIn(until: number): void {
    for (const { due, entry } of waiting) if (due <= until) take(entry);
    waiting = waiting.filter(({ due }) => due > until);
  }

  /** What was noted before may come later, and does not undo what is known since. */
  function take(entry: Indexed): void {
    const before = known.get(entry.id);
    if (before === undefined || before.updated <= entry.updated) known.set(entry.id, entry);
  }

  const index: SearchIndex = {
    lagMs: undefined,
    note(issue) {
      const { id, project, type, status, created, updated, summary, description, parent } = issue;
      const lagMs = index.lagMs ?? 2_000 + Math.random() * 3_000;
      const words = new Set(wordsOf(`${summary} ${adfText(description)}`));
      const places = { parentId: parent?.id, sprint: sprintOf(issue) };
      const entry = { id, project, type, status, created, updated, words, ...places };
      waiting.push({ due: now() + lagMs, entry });
    },
    catchUp: () => takeIn(Number.POSITIVE_INFINITY),
    all() {
      takeIn(now());
      return [...known.values()];
    },
  };
  return index;
}

/** The words of a text as an index has them: without marks, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
