/** Most answers kept; the oldest go first. */
const MOST_KEPT = 1_000;

/**
 * Answers of Jira's that hardly change, kept for a time and shared by everybody who asks. Several who ask at once share one
 * question. Only what `worth` accepts is kept once it is there. In the process, since another replica only has to ask anew.
 */
export function createCache(lifetimeMs: number, now: () => number = Date.now) {
  const kept = new Map<string, { until: number; answer: Promise<unknown> }>();

  function forget(name: string, answer: Promise<unknown>): void {
    if (kept.get(name)?.answer === answer) kept.delete(name);
  }

  return {
    async get<T>(name: string, ask: () => Promise<T>, worth: (answer: T) => boolean): Promise<T> {
      const found = kept.get(name);
      if (found !== undefined && found.until > now()) return (await found.answer) as T;
      const answer = ask();
      kept.delete(name);
      kept.set(name, { until: now() + lifetimeMs, answer });
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      try {
        const what = await answer;
        if (!worth(what)) forget(name, answer);
        return what;
      } catch (error) {
        forget(name, answer);
        throw error;
      }
    },

    /** Forgets every answer whose name begins like this. */
    forget(beginning: string): void {
      for (const name of kept.keys()) if (name.startsWith(beginning)) kept.delete(name);
    },
  };
}
