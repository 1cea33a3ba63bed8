import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import { type LastTicket, lastTicket } from './channel.ts';
import { clean } from './clean.ts';
import { alive } from './jobs.ts';
import { type Listing, list, type TrackedIssues } from './list.ts';
import { type Restoring, restore } from './restore.ts';
import { type Tracking, track } from './track.ts';
import { tracked } from './tracked.ts';
import { type Untracked, type Untracking, untrack } from './untrack.ts';
import { type Change, type Knowledge, update } from './update.ts';
import { isNewest, supersede, type WhichView } from './view.ts';

/**
 * All that Maro keeps. Each operation is one statement, so one round trip, and safe to repeat; each throws DatabaseTrouble
 * within two seconds when the database is away or silent.
 */
export type Tracker = {
  track(tracking: Tracking): Promise<Set<string>>;
  untrack(untracking: Untracking): Promise<Untracked[]>;
  restore(restoring: Restoring): Promise<number>;
  list(listing: Listing): Promise<TrackedIssues>;
  tracked(which: Parameters<typeof tracked>[1]): ReturnType<typeof tracked>;
  update(knowledge: Knowledge): Promise<Change[]>;
  lastTicket(of: { tenant: string; channel: string }): Promise<LastTicket | undefined>;
  isNewest(act: WhichView & { actionTs: string }): Promise<boolean>;
  supersede(which: WhichView): Promise<void>;
  alive(workers: readonly string[], ended: readonly string[]): Promise<void>;
  clean(): ReturnType<typeof clean>;
  /** Whether the database answers within `deadlineMs`. */
  answers(deadlineMs: number): Promise<boolean>;
};

/** The tracker on a database that was brought up to this program's version. */
export function createTracker(database: Database): Tracker {
  return {
    track: (tracking) => track(database, tracking),
    untrack: (untracking) => untrack(database, untracking),
    restore: (restoring) => restore(database, restoring),
    list: (listing) => list(database, listing),
    tracked: (which) => tracked(database, which),
    update: (knowledge) => update(database, knowledge),
    lastTicket: (of) => lastTicket(database, of),
    isNewest: (act) => isNewest(database, act),
    supersede: (which) => supersede(database, which),
    alive: (workers, ended) => alive(database, workers, ended),
    clean: () => clean(database),
    answers: (deadlineMs) =>
      database
        .run(sql`select`, { deadlineMs })
        .then(() => true)
        .catch(() => false),
  };
}
