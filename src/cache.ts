/** The maximum number of answers in the cache. When there are more, the oldest is dropped. */
const MOST_KEPT = 1_000;

/**
 * Caches answers that rarely change for `lifetimeMs` milliseconds. Concurrent
 * callers with the same name share one request. `undefined` and errors are not
 * cached. The cache is local to the process: another process makes its own requests.
 */
export function createCache(lifetimeMs: number, now: () => number = Date.now) {
  const kept = new Map<string, { until: number; value: Promise<unknown> }>();

  function forget(name: string, value: Promise<unknown>): void {
    if (kept.get(name)?.value === value) kept.delete(name);
  }

  return {
    async get<T>(name: string, ask: () => Promise<T>): Promise<T> {
      const found = kept.get(name);
      if (found !== undefined && found.until > now()) return (await found.value) as T;
      const value = ask();
      kept.delete(name);
      kept.set(name, { until: now() + lifetimeMs, value });
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      try {
        const what = await value;
        if (what === undefined) forget(name, value);
        return what;
      } catch (error) {
        forget(name, value);
        throw error;
      }
    },

    /** Drops every answer whose name starts with `beginning`. */
    forget(beginning: string): void {
      for (const name of kept.keys()) if (name.startsWith(beginning)) kept.delete(name);
    },
  };
}
