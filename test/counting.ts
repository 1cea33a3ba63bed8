import assert from 'node:assert/strict';
import { startMaro, until, type World, world } from './maro.ts';
import { rows } from './rows.ts';
import { openWire } from './wire.ts';

/** The most round trips to PostgreSQL, calls to Jira, and calls to Slack. */
export type Most = readonly [trips: number, jira: number, slack: number];

/** A world in which Maro runs, with counters. */
export type Counted = World & {
  /**
   * Runs `act` and counts its trips and calls, and repeats this until one try is within the limit. The first tries can prepare
   * statements and fill caches. `act` returns when everything that it caused is done. What runs in `uncounted` does not count.
   */
  takesAtMost(most: Most, act: (attempt: number, uncounted: Uncounted) => Promise<unknown>): Promise<void>;
  /** Waits until no run is left to be carried out or told. */
  settled(): Promise<void>;
};

/** Prepares what must exist before the counting. */
export type Uncounted = <T>(prepare: () => Promise<T>) => Promise<T>;

/**
 * The best try counts, since the ledger looks for work every two seconds, which is a trip of its own. A try can take a second, so
 * several in a row may have such a trip.
 */
const TRIES = 10;

/** Starts Maro with one connection to PostgreSQL, whose round trips are counted. */
export async function countedWorld(): Promise<Counted> {
  const w = await world();
  const wire = await openWire(w.databaseUrl);
  w.env.DATABASE_URL = `${wire.url}?max=1`;
  await startMaro(w);
  const now = () => [wire.trips, w.jira.count(), w.slack.calls().length];
  async function settled(): Promise<void> {
    // A step that waits for a person is due when its time is over.
    const open = "select from runs where due_at < now() + interval '10 minutes'";
    await until(async () => (await rows(w.databaseUrl, open)).length === 0, 'no run is left');
  }
  return {
    ...w,
    async takesAtMost(most, act) {
      const tries: string[] = [];
      for (let attempt = 0; attempt <= TRIES; attempt++) {
        let before = now();
        await act(attempt, async (prepare) => {
          const from = now();
          const prepared = await prepare();
          await settled();
          before = now().map((count, kind) => count - (from[kind] ?? 0) + (before[kind] ?? 0));
          return prepared;
        });
        const counts = now().map((count, kind) => count - (before[kind] ?? 0));
        if (counts.every((count, kind) => count <= (most[kind] ?? 0))) return;
        tries.push(counts.join());
      }
      assert.fail(`${tries.join(' and ')} are more than ${most}`);
    },
    settled,
  };
}
