import type { Config } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { type Database, openDatabase } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import { type LastTicket, lastTicket } from './channel.ts';
import { clean } from './clean.ts';
import { type Acceptance, accept, type Claim, claim, finish, type Outcome, type Whose } from './executions.ts';
import { alive, done, type Job, later } from './jobs.ts';
import { type Listing, list, type TrackedIssues } from './list.ts';
import {
  type Ask,
  acceptRequest,
  claimRequest,
  finishRequest,
  type Settled,
  type Standing,
  sendRequest,
  settleRequest,
  type Turn,
  type WhichRequest,
} from './requests.ts';
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
  accept(acceptance: Acceptance): Promise<Claim>;
  claim(whose: Parameters<typeof claim>[1]): ReturnType<typeof claim>;
  finish(whose: Whose, outcome: Outcome): Promise<Outcome>;
  acceptRequest(ask: Ask): Promise<Turn>;
  claimRequest(which: Parameters<typeof claimRequest>[1]): ReturnType<typeof claimRequest>;
  sendRequest(which: Omit<Ask, 'inputs' | 'door'>): Promise<Standing>;
  settleRequest(which: WhichRequest, settled: Settled): Promise<Settled>;
  finishRequest(which: WhichRequest): Promise<void>;
  lastTicket(of: { tenant: string; channel: string }): Promise<LastTicket | undefined>;
  isNewest(act: WhichView & { actionTs: string }): Promise<boolean>;
  supersede(which: WhichView): Promise<void>;
  later(job: Job): Promise<void>;
  done(key: string): Promise<void>;
  alive(workers: readonly string[]): Promise<void>;
  clean(): ReturnType<typeof clean>;
  /** Whether the database answers within `deadlineMs`. */
  answers(deadlineMs: number): Promise<boolean>;
  close(): Promise<void>;
};

/** Brings the database up to this program's version, and opens it. @throws when it cannot, with a sentence. */
export async function openTracker({ url, directUrl }: Config['database']): Promise<Tracker> {
  await migrate(directUrl);
  return tracker(openDatabase(url));
}

function tracker(database: Database): Tracker {
  return {
    track: (tracking) => track(database, tracking),
    untrack: (untracking) => untrack(database, untracking),
    restore: (restoring) => restore(database, restoring),
    list: (listing) => list(database, listing),
    tracked: (which) => tracked(database, which),
    update: (knowledge) => update(database, knowledge),
    accept: (acceptance) => accept(database, acceptance),
    claim: (whose) => claim(database, whose),
    finish: (whose, outcome) => finish(database, whose, outcome),
    acceptRequest: (ask) => acceptRequest(database, ask),
    claimRequest: (which) => claimRequest(database, which),
    sendRequest: (which) => sendRequest(database, which),
    settleRequest: (which, settled) => settleRequest(database, which, settled),
    finishRequest: (which) => finishRequest(database, which),
    lastTicket: (of) => lastTicket(database, of),
    isNewest: (act) => isNewest(database, act),
    supersede: (which) => supersede(database, which),
    later: (job) => later(database, job),
    done: (key) => done(database, key),
    alive: (workers) => alive(database, workers),
    clean: () => clean(database),
    answers: (deadlineMs) =>
      database
        .run(sql`select`, { deadlineMs })
        .then(() => true)
        .catch(() => false),
    close: () => database.close(),
  };
}
