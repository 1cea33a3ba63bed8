import { adfText } from './adf.ts';
import type { Issue } from './issues.ts';

/** An issue as the search knows it, which may be how it was some seconds ago. */
export type Indexed = Pick<Issue, 'id' | 'project' | 'type' | 'status' | 'created' | 'updated'> & {
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

export function createSearchIndex(): SearchIndex {
  const known = new Map<string, Indexed>();
  let waiting: { due: number; entry: Indexed }[] = [];

  function takeIn(now: number): void {
    for (const { due, entry } of waiting) if (due <= now) known.set(entry.id, entry);
    waiting = waiting.filter(({ due }) => due > now);
  }

  const index: SearchIndex = {
    lagMs: undefined,
    note({ id, project, type, status, created, updated, summary, description }) {
      const lagMs = index.lagMs ?? 2_000 + Math.random() * 3_000;
      const words = new Set(wordsOf(`${summary} ${adfText(description)}`));
      waiting.push({ due: Date.now() + lagMs, entry: { id, project, type, status, created, updated, words } });
    },
    catchUp: () => takeIn(Number.POSITIVE_INFINITY),
    all() {
      takeIn(Date.now());
      return [...known.values()];
    },
  };
  return index;
}

/** The words of a text as an index has them: without marks, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
