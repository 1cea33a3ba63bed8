import type { JiraTrouble } from './trouble.ts';

/** A call that Jira did not serve. */
export type Failure = {
  trouble: JiraTrouble;
  /** The milliseconds after which a second attempt may succeed; undefined if it would not. */
  retryMs?: number;
  /** What Jira may not serve to other calls either: an endpoint, or `*` for all. Undefined if Jira refused only this call. */
  doubts?: string;
};

/**
 * Asks with one call at a time whether Jira serves again what it did not serve, so that it is not met by all calls at once when
 * a pause ends or an outage is over.
 */
export function createProbes() {
  /** What is in doubt, each with the outcome of the call that asks, if one is under way. */
  const doubtful = new Map<string, Promise<Failure | undefined> | undefined>();

  /**
   * Sends a call to an endpoint. If the endpoint is in doubt, the call is the one that asks. If another call asks already, this
   * one waits for its outcome, and is not sent if Jira does not serve the other.
   */
  async function call<A extends object>(endpoint: string, send: () => Promise<A | Failure>): Promise<A | Failure> {
    const names = ['*', endpoint];
    for (;;) {
      const asking = names.map((name) => doubtful.get(name)).find((outcome) => outcome !== undefined);
      if (asking === undefined) break;
      const failure = await asking;
      if (failure !== undefined) return { ...failure, trouble: failure.trouble.ofUnsent() };
    }
    const asked = names.filter((name) => doubtful.has(name));
    const { promise, resolve } = Promise.withResolvers<Failure | undefined>();
    for (const name of asked) doubtful.set(name, promise);
    let failure: Failure | undefined;
    try {
      const answer = await send();
      failure = 'trouble' in answer && answer.doubts !== undefined ? answer : undefined;
      return answer;
    } finally {
      for (const name of asked) {
        if (failure === undefined) doubtful.delete(name);
        else doubtful.set(name, undefined);
      }
      const doubts = failure?.doubts;
      if (doubts !== undefined && !doubtful.has(doubts)) doubtful.set(doubts, undefined);
      resolve(failure);
    }
  }

  return { call };
}
