import type { Database } from '../database/pool.ts';
import { storeActed, storedByKey } from './acted.ts';
import {
  boardDrawn,
  forgetBoard,
  hasBoard,
  keepPins,
  lookAtBoard,
  nextBoard,
  postingBoard,
  queueBoards,
  releaseBoard,
  takeBoard,
} from './boards.ts';
import { changes, lastChange } from './changes.ts';
import { lastTicket } from './channel.ts';
import {
  forgetChannel,
  forgetUninstalled,
  markInstalled,
  markUninstalled,
  moveChannel,
  setChannelState,
} from './channel-life.ts';
import { checkup, schema, server } from './checkup.ts';
import { announceQuestion, choose, questionPosted, waitForChoice } from './choices.ts';
import { clean } from './clean.ts';
import { digest } from './digest.ts';
import { filtered } from './filtered.ts';
import { followRead } from './follow-read.ts';
import { dueFollows, follows, followUnread, startFollow, stopFollow } from './follows.ts';
import { health } from './health.ts';
import { home } from './home.ts';
import { nextHome } from './home-openings.ts';
import { hideChecklist, showsChecklist } from './installation.ts';
import { storedIssue } from './issue.ts';
import { alive } from './jobs.ts';
import { list } from './list.ts';
import { dueNotifications, endNotifications, notifications, setNotifications } from './notifications.ts';
import { restore } from './restore.ts';
import { rememberSite } from './site.ts';
import { suggest } from './suggest.ts';
import { deltaDone, nextToSweep, planDelta, stored, swept, syncFailed } from './sync.ts';
import { track } from './track.ts';
import { tracked } from './tracked.ts';
import { untrack } from './untrack.ts';
import { update } from './update.ts';
import { recordAction, supersedeActions } from './view.ts';
import { waitForIssue, waitOf } from './waits.ts';
import { where } from './where.ts';

/**
 * The operations on tracked issues, followed queries, sites, channels, views, notifications, and worker pools. Each is one statement and
 * one round trip, and can be repeated safely. Unless its docstring says otherwise, each throws
 * DatabaseTrouble within two seconds if the database is unreachable or does not answer.
 */
const operations = {
  track,
  untrack,
  restore,
  list,
  filtered,
  tracked,
  update,
  storeActed,
  lastChange,
  storedByKey,
  storedIssue,
  changes,
  setChannelState,
  moveChannel,
  forgetChannel,
  markInstalled,
  markUninstalled,
  forgetUninstalled,
  takeBoard,
  nextBoard,
  postingBoard,
  boardDrawn,
  releaseBoard,
  forgetBoard,
  hasBoard,
  keepPins,
  queueBoards,
  lookAtBoard,
  home,
  nextHome,
  where,
  hideChecklist,
  showsChecklist,
  lastTicket,
  rememberSite,
  recordAction,
  supersedeActions,
  planDelta,
  deltaDone,
  syncFailed,
  nextToSweep,
  stored,
  swept,
  startFollow,
  follows,
  stopFollow,
  dueFollows,
  followRead,
  followUnread,
  notifications,
  setNotifications,
  endNotifications,
  dueNotifications,
  waitForIssue,
  waitOf,
  waitForChoice,
  questionPosted,
  announceQuestion,
  choose,
  suggest,
  digest,
  alive,
  clean,
  health,
  server,
  schema,
  checkup,
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
