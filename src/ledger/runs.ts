import type { Database } from '../database/pool.ts';
import { type Json, type Statement, sql } from '../database/statement.ts';

/** Identifies a run. Ids come from Slack or from Maro. They are unique within a tenant only; tenants may share a database. */
export type RunId = { tenant: string; id: string };

/** Work that Maro has promised to a person or to Slack. */
export type Run = {
  id: string;
  /** The name of the `Kind` that carries out the run and tells its outcome. */
  kind: string;
  /** The kind of interaction that the request came from; see `Door` in `services.ts`. */
  door: string;
  inputs: Json;
  /** How many times the run was started, including this time. */
  attempts: number;
  /** Milliseconds since the run was accepted, by the database's clock. */
  ageMs: number;
};

/** A run that has not been accepted yet. */
export type NewRun = Omit<Run, 'attempts' | 'ageMs'>;

/** A run that one process has claimed. No other process changes it while the claim lasts. */
export type ClaimedRun = Run & {
  claim: string;
  /** The outcome of an earlier attempt. If it is set, the outcome only has to be told. */
  outcome: Json | undefined;
  /** How many times telling the outcome has failed. */
  tellings: number;
};

export type StoredAcceptance =
  | { state: 'ours'; attempts: number; ageMs: number }
  /** Another delivery or another process is carrying it out. */
  | { state: 'running' }
  | { state: 'finished'; outcome: Json };

/**
 * How long a claim lasts unless it is renewed. The time is short, so that
 * another process finishes a dead process's runs less than a minute later.
 */
export const CLAIM_SECONDS = 20;

/** The suffixes that follow the run's id in the ids of its creates. */
const CREATE_ID_SUFFIXES = ['', ' epic'];

const AGE_MS = sql`(extract(epoch from now() - accepted_at) * 1000)::float8`;
const EXPIRED = sql`run.finished_at is null and run.due_at <= now()`;
/** The run failed and created nothing in Jira, so the same id may be used for another try. */
const VAIN = sql`run.vain`;
/** The process that holds the claim repeats its acceptance. The claim then lasts CLAIM_SECONDS from now. */
const SAME_CLAIM = sql`run.finished_at is null and run.claimed_by = excluded.claimed_by`;

/**
 * Stores a run and claims it. A run that is already stored is claimed if its claim has expired, and started again with these
 * inputs if it was vain. Repeating this with the same claim gives the same answer. One statement, which
 * always writes: `on conflict do nothing` and then a select would miss a row that a concurrent delivery has just inserted.
 */
export async function acceptRun(
  database: Database,
  { tenant, id, kind, door, inputs, claim }: RunId & NewRun & { claim: string },
): Promise<StoredAcceptance> {
  const [row] = await database.run<{ ours: boolean; attempts: number; age_ms: number; outcome: Json | null }>(sql`
    insert into runs as run (
      tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, due_at
    )
    values (
      ${tenant}, ${id}, ${kind}, ${door}, ${inputs}, now(), 1, ${claim}, now() + make_interval(secs => ${CLAIM_SECONDS})
    )
    on conflict (tenant_id, run_id) do update set
      kind = case when ${VAIN} then excluded.kind else run.kind end,
      door = case when ${VAIN} then excluded.door else run.door end,
      inputs = case when ${VAIN} then excluded.inputs else run.inputs end,
      attempts = case
        when ${VAIN} then 1
        when ${EXPIRED} and run.claimed_by <> excluded.claimed_by then run.attempts + 1
        else run.attempts end,
      claimed_by = case when ${VAIN} or ${EXPIRED} then excluded.claimed_by else run.claimed_by end,
      due_at = case when ${VAIN} or ${EXPIRED} or ${SAME_CLAIM} then excluded.due_at else run.due_at end,
      outcome = case when ${VAIN} then null else run.outcome end,
      finished_at = case when ${VAIN} then null else run.finished_at end,
      told_at = case when ${VAIN} then null else run.told_at end,
      tellings = case when ${VAIN} then 0 else run.tellings end,
      vain = false
    returning claimed_by = ${claim} as ours, attempts, ${AGE_MS} as age_ms, outcome`);
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  if (row.outcome !== null) return { state: 'finished', outcome: row.outcome };
  return row.ours ? { state: 'ours', attempts: row.attempts, ageMs: row.age_ms } : { state: 'running' };
}

/**
 * Stores the failure of a run that was never accepted, after Slack was told of the failure. Does nothing if the run has been
 * accepted meanwhile. A later delivery of the run gets the same outcome. One statement.
 */
export async function refuseRun(
  database: Database,
  { tenant, id, kind, door, inputs }: RunId & NewRun,
  outcome: Json,
): Promise<void> {
  await database.run(sql`
    insert into runs (
      tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, outcome, finished_at, told_at
    )
    values (${tenant}, ${id}, ${kind}, ${door}, ${inputs}, now(), 0, '', ${outcome}, now(), now())
    on conflict do nothing`);
}

/**
 * Claims runs of a tenant that are due: runs whose claim has expired or was released, scheduled runs, and runs whose
 * outcome has to be told again. Runs of kinds not in `kinds` are left to a newer version of Maro. The runs that have
 * been due longest come first. Two processes that do this at the same time get different runs. Each run's claim starts with `claim`. One statement.
 */
export async function claimDueRuns(
  database: Database,
  { tenant, kinds, limit, claim }: { tenant: string; kinds: readonly string[]; limit: number; claim: string },
): Promise<ClaimedRun[]> {
  const rows = await database.run<RunRow>(sql`
    with due as (
      select run_id from runs where tenant_id = ${tenant} and due_at <= now() and kind = any (${kinds}::text[])
      order by due_at limit ${limit}
      for update skip locked
    )
    update runs as run set
      claimed_by = ${claim} || ' ' || due.run_id,
      due_at = now() + make_interval(secs => ${CLAIM_SECONDS}),
      attempts = case when finished_at is null then attempts + 1 else attempts end
    from due
    where run.tenant_id = ${tenant} and run.run_id = due.run_id
    returning run.run_id as id, kind, door, inputs, attempts, ${AGE_MS} as age_ms, claimed_by as claim, outcome, tellings`);
  return rows.map(({ outcome, age_ms: ageMs, ...run }) => ({ ...run, ageMs, outcome: outcome ?? undefined }));
}

/**
 * Puts off a run that waits: it is due at `until`, or at once if what it waits for may have come meanwhile. The next attempt is
 * its first. One statement.
 */
export async function parkRun(database: Database, { tenant, id, claim }: Claim, until: Date): Promise<void> {
  await database.run(sql`
    with wait as materialized (
      select woken from waits where tenant_id = ${tenant} and run_id = ${id} for update
    )
    update runs set
      due_at = case when exists (select from wait where woken) then now() else ${until} end, attempts = 0, claimed_by = ''
    where tenant_id = ${tenant} and run_id = ${id} and claimed_by = ${claim} and finished_at is null`);
}

type RunRow = Omit<ClaimedRun, 'outcome' | 'ageMs'> & { outcome: Json | null; age_ms: number };
type Claim = RunId & { claim: string };

/** Renews a claim for another CLAIM_SECONDS. One statement. @returns whether this process still had the claim. */
export async function renewClaim(database: Database, { tenant, id, claim }: Claim): Promise<boolean> {
  const rows = await database.run(sql`
    update runs set due_at = now() + make_interval(secs => ${CLAIM_SECONDS})
    where tenant_id = ${tenant} and run_id = ${id} and claimed_by = ${claim} and due_at is not null
    returning run_id`);
  return rows.length > 0;
}

/**
 * Stores the outcome of a run that this process has claimed, unless an outcome is already stored. `failed` marks the run as
 * vain if Jira refused each of its creates, or it has none: its id may then be used for another try, and its refused creates are
 * deleted. `told`: nobody has to be told the outcome any more. `alongside` runs in the same statement, also if
 * the claim is lost, so it must be safe to repeat. One statement.
 * @returns the outcome that counts, which is the first; undefined if another process has the claim by now.
 */
export async function finishRun(
  database: Database,
  { tenant, id, claim }: Claim,
  {
    outcome,
    failed,
    told,
    alongside,
  }: { outcome: Json; failed: boolean; told: boolean; alongside: Statement | undefined },
): Promise<Json | undefined> {
  const ids = sql`${CREATE_ID_SUFFIXES.map((what) => `${id}${what}`)}::text[]`;
  // Most runs succeed, and have no creates to look for.
  const vain = failed
    ? sql`not exists (
          select from creates where tenant_id = ${tenant} and create_id = any (${ids}) and state <> 'refused'
        )`
    : sql`false`;
  const forgetting = sql`
    , forgotten as (
      delete from creates using finished
      where finished.vain and tenant_id = ${tenant} and create_id = any (${ids}) and state = 'refused'
    )`;
  const [row] = await database.run<{ outcome: Json }>(sql`
    with finished as (
      update runs set
        outcome = coalesce(outcome, ${outcome}),
        vain = case when finished_at is null then ${vain} else vain end,
        ${told ? sql`due_at = null, told_at = now(),` : sql``}
        finished_at = coalesce(finished_at, now())
      where tenant_id = ${tenant} and run_id = ${id} and claimed_by = ${claim}
      returning outcome, vain
    )${failed ? forgetting : sql``}${alongside === undefined ? sql`` : sql`, alongside as (${alongside})`}
    select outcome from finished`);
  return row?.outcome;
}

/**
 * Records that the outcomes of runs were told, so nothing is left to do. A run without an outcome stays as it is, and so does one
 * that another process has claimed. One statement. No two processes can wait for each other here, since each has its own claims.
 */
export async function markTold(
  database: Database,
  { tenant, runs }: { tenant: string; runs: readonly { id: string; claim: string }[] },
): Promise<void> {
  await database.run(sql`
    update runs set told_at = now(), due_at = null
    from unnest(${runs.map(({ id }) => id)}::text[], ${runs.map(({ claim }) => claim)}::text[]) as told (id, claim)
    where tenant_id = ${tenant} and run_id = told.id and claimed_by = told.claim and finished_at is not null`);
}

/** Deletes a run that Slack cannot deliver again, after its outcome was told. One statement. */
export async function forgetRun(database: Database, { tenant, id, claim }: Claim): Promise<void> {
  await database.run(sql`
    delete from runs where tenant_id = ${tenant} and run_id = ${id} and claimed_by = ${claim}`);
}

/** Schedules the next try at telling the outcome. `undefined`: no more tries, and the outcome stays untold. One statement. */
export async function postponeTelling(
  database: Database,
  { tenant, id, claim }: Claim,
  afterSeconds: number | undefined,
): Promise<void> {
  await database.run(sql`
    update runs set
      due_at = now() + make_interval(secs => ${afterSeconds ?? null}), tellings = tellings + 1
    where tenant_id = ${tenant} and run_id = ${id} and claimed_by = ${claim}`);
}

/** Releases claims, so that other processes can claim the runs at once. One statement. */
export async function releaseClaims(
  database: Database,
  { tenant, claims }: { tenant: string; claims: readonly string[] },
): Promise<void> {
  await database.run(sql`
    update runs set due_at = now()
    where tenant_id = ${tenant} and claimed_by = any (${claims}::text[]) and due_at is not null`);
}
