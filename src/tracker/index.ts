import type { Database } from '../database/pool.ts';
import { answers } from './answers.ts';
import { lastTicket } from './channel.ts';
import { channelCounts } from './channels.ts';
import { clean } from './clean.ts';
import { hideChecklist, showsChecklist } from './installation.ts';
import { alive } from './jobs.ts';
import { list } from './list.ts';
import { restore } from './restore.ts';
import { rememberSite } from './site.ts';
import { track } from './track.ts';
import { tracked } from './tracked.ts';
import { untrack } from './untrack.ts';
import { update } from './update.ts';
import { recordAction, supersedeActions } from './view.ts';

/**
 * The operations on tracked issues, sites, channels, views, and worker pools. Each is one statement and
 * one round trip, and can be repeated safely. Unless its docstring says otherwise, each throws
 * DatabaseTrouble within two seconds if the database is unreachable or does not answer.
 */
const operations = {
  track,
  untrack,
  restore,
  list,
  tracked,
  update,
  channelCounts,
  hideChecklist,
  showsChecklist,
  lastTicket,
  rememberSite,
  recordAction,
  supersedeActions,
  alive,
  clean,
  answers,
};

type Operations = typeof operations;

/** The operations without their first argument, the database. */
export type Tracker = {
  [Name in keyof Operations]: Operations[Name] extends (database: Database, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

/** Creates the tracker. The database must have been migrated to this version of Maro. */
export function createTracker(database: Database): Tracker {
  const all: Readonly<Record<string, (database: Database, ...rest: never[]) => unknown>> = operations;
  const bound = Object.entries(all).map(([name, operation]) => [name, operation.bind(undefined, database)]);
  return Object.fromEntries(bound) as Tracker;
}
