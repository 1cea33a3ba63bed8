import type { SyncCheckup } from '../tracker/checkup.ts';
import type { DatabaseFacts } from './facts.ts';
import { type Finding, inWords } from './finding.ts';

/** The delta runs every minute, and the sweep every ten. */
const LATE_DELTA_SECONDS = 5 * 60;
const LATE_SWEEP_SECONDS = 35 * 60;
/** The longest that a run or a job that is due waits. */
const LONGEST_WAIT_SECONDS = 5 * 60;
const OLDEST_POSTGRES = 15;
const JOBS_ADVICE = 'Check that a Maro process runs, and its log for "jobs cannot run now"';

/** What is to be said about the sync with Jira, and about work that waits. */
export function syncFindings(database: DatabaseFacts): Finding[] {
  const tables = database.state === 'answers' ? database.tables : undefined;
  if (tables === undefined) return [];
  return [
    ...(tables.sync === undefined ? [neverSynced] : findingsOf(tables.sync)),
    followFinding(tables),
    queueFinding(tables),
  ];
}

const neverSynced: Finding = {
  ...{ topic: 'Delta', state: 'note', code: 'no_sync' },
  says: 'Maro has not read changes from Jira yet',
  advice: `Wait a minute after the first start. ${JOBS_ADVICE}`,
};

function findingsOf(sync: SyncCheckup): Finding[] {
  return [webhookFinding(sync), deltaFinding(sync), sweepFinding(sync), leftOutFinding(sync)];
}

function webhookFinding({ webhookSeconds, webhookIsQuiet }: SyncCheckup): Finding {
  const topic = 'Webhook';
  if (webhookSeconds === undefined) {
    return { topic, state: 'ok', says: 'No webhook event has come, so changes come within about a minute' };
  }
  const says = `The last webhook event came ${inWords(webhookSeconds)} ago`;
  if (!webhookIsQuiet) return { topic, state: 'ok', says };
  const advice = "Check the webhook in Jira's settings, its secret, and the way from Jira to Maro";
  return { topic, state: 'note', code: 'webhook_quiet', says: `${says}, although issues changed since`, advice };
}

function deltaFinding({ deltaSeconds, failing }: SyncCheckup): Finding {
  const topic = 'Delta';
  if (failing !== undefined) {
    const says = `Maro has not been able to read changes from Jira for ${inWords(failing.seconds)}`;
    const advice = 'See the lines about Jira above, and "trouble" in Maro\'s log';
    return { topic, state: 'wrong', code: failing.trouble, says, detail: failing.trouble, advice };
  }
  if (deltaSeconds === undefined) return neverSynced;
  const says = `Maro read changes from Jira ${inWords(deltaSeconds)} ago`;
  if (deltaSeconds < LATE_DELTA_SECONDS) return { topic, state: 'ok', says };
  return { topic, state: 'wrong', code: 'delta_late', says, advice: JOBS_ADVICE };
}

function sweepFinding({ sweepSeconds }: SyncCheckup): Finding {
  const topic = 'Sweep';
  if (sweepSeconds === undefined)
    return { topic, state: 'ok', says: 'No sweep has run yet. The first comes within ten minutes' };
  const says = `Maro read old issues again ${inWords(sweepSeconds)} ago`;
  if (sweepSeconds < LATE_SWEEP_SECONDS) return { topic, state: 'ok', says };
  return { topic, state: 'wrong', code: 'sweep_late', says, advice: JOBS_ADVICE };
}

function leftOutFinding({ leftOut }: SyncCheckup): Finding {
  const topic = 'Projects left out';
  if (leftOut.length === 0) return { topic, state: 'ok', says: 'Jira lets Maro search all projects of tracked issues' };
  const says = `Jira refuses to search ${leftOut.length === 1 ? '1 project' : `${leftOut.length} projects`}, whose lists are up to an hour behind`;
  const advice = "Give Maro's account access to them. Maro tries again every hour";
  return { topic, state: 'wrong', code: 'project_left_out', says, detail: leftOut.join(', '), advice };
}

type Tables = NonNullable<Extract<DatabaseFacts, { state: 'answers' }>['tables']>;

function followFinding({ follows: { count, refused } }: Tables): Finding {
  const topic = 'Followed queries';
  if (refused === 0) {
    const all = count === 1 ? 'the query that a channel follows' : `all ${count} queries that channels follow`;
    return { topic, state: 'ok', says: count === 0 ? 'No channel follows a query' : `Jira answers ${all}` };
  }
  const says = `${refused === 1 ? '1 query' : `${refused} queries`} of ${count} cannot be followed, so the lists keep the issues that they had`;
  const advice = 'Ask the channels to look at "follow", which says why, and to stop it or to follow another query';
  return { topic, state: 'note', code: 'follow_refused', says, advice };
}

function queueFinding({ runs, jobs, failedJobs }: Tables): Finding {
  const topic = 'Queue';
  const oldest = Math.max(runs.oldestSeconds, jobs.oldestSeconds);
  const detail = `${runs.count} runs and ${jobs.count} jobs are due, the oldest for ${inWords(oldest)}`;
  if (oldest > LONGEST_WAIT_SECONDS) {
    return {
      topic,
      state: 'wrong',
      code: 'queue',
      says: 'Work waits for longer than it should',
      detail,
      advice: JOBS_ADVICE,
    };
  }
  if (failedJobs > 0) {
    const says = failedJobs === 1 ? '1 job was given up' : `${failedJobs} jobs were given up`;
    const advice = 'See last_error in graphile_worker.jobs, and report it';
    return { topic, state: 'wrong', code: 'jobs_failed', says, detail, advice };
  }
  return { topic, state: 'ok', says: 'No work waits for long', detail };
}

/** What is to be said about the database. */
export function databaseFindings(database: DatabaseFacts): Finding[] {
  const topic = 'Database';
  if (database.state === 'trouble') {
    const detail = database.code === undefined ? {} : { detail: database.code };
    const advice = 'Check that PostgreSQL runs, and DATABASE_URL';
    return [{ topic, state: 'wrong', code: 'database', says: 'The database cannot be used', ...detail, advice }];
  }
  const { server, schema } = database;
  const detail = `PostgreSQL ${server.postgres}, schema ${schema.database ?? 'missing'}, and this program has schema ${schema.program}`;
  if (server.postgres < OLDEST_POSTGRES) {
    const advice = `Use PostgreSQL ${OLDEST_POSTGRES} or newer`;
    return [{ topic, state: 'wrong', code: 'postgres', says: 'PostgreSQL is too old', detail, advice }];
  }
  if (schema.database !== schema.program) {
    const isNewer = (schema.database ?? 0) > schema.program;
    const says = isNewer ? 'The database is newer than this Maro' : 'The database is older than this Maro';
    const advice = isNewer ? 'Run the newer Maro' : 'Start this Maro, which migrates the database';
    return [{ topic, state: 'wrong', code: 'schema', says, detail, advice }];
  }
  return [{ topic, state: 'ok', says: 'The database answers', detail }];
}
