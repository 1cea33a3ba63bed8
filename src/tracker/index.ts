import { type Bound, bound } from '../bound.ts';
import type { Database } from '../database/pool.ts';
import { answers } from './answers.ts';
import { lastTicket } from './channel.ts';
import { clean } from './clean.ts';
import { alive } from './jobs.ts';
import { list } from './list.ts';
import { restore } from './restore.ts';
import { track } from './track.ts';
import { tracked } from './tracked.ts';
import { untrack } from './untrack.ts';
import { update } from './update.ts';
import { isNewest, supersede } from './view.ts';

/**
 * All that Maro keeps. Each operation is one statement, so one round trip, and safe to repeat; each throws DatabaseTrouble
 * within two seconds when the database is away or silent.
 */
const operations = {
  track,
  untrack,
  restore,
  list,
  tracked,
  update,
  lastTicket,
  isNewest,
  supersede,
  alive,
  clean,
  answers,
};

export type Tracker = Bound<typeof operations>;

/** The tracker on a database that was brought up to this program's version. */
export function createTracker(database: Database): Tracker {
  return bound(operations, database);
}
