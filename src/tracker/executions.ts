import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import { addJob, taskName } from './jobs.ts';

/** What a step came to: the outputs that Slack gets, or the sentence with which it fails. */
export type Outcome = { outputs: Readonly<Record<string, string | number | boolean>> } | { error: string };

export type Acceptance = {
  functionExecutionId: string;
  tenant: string;
  callbackId: string;
  inputs: Readonly<Record<string, unknown>>;
  /** Names this delivery, so that a repeated statement recognises its own claim. */
  claim: string;
};

/** Which execution. Slack's ids are its own, but tenants may share a database. */
export type Whose = Pick<Acceptance, 'tenant' | 'functionExecutionId'>;

/** Names the job that looks after an execution. */
export function stepKey({ tenant, functionExecutionId }: Whose): string {
  return `${tenant} ${functionExecutionId}`;
}

/** Whose the execution is: ours to run, another delivery's that is still at it, or finished with this outcome. */
export type Claim = { state: 'ours' } | { state: 'running' } | { state: 'finished'; outcome: Outcome };

/** How long a claim is honoured: longer than any step takes, short enough that a crash is mended within a minute. */
export const CLAIM_SECONDS = 20;
/** When somebody looks whether an execution was finished: once its claim no longer counts. */
const LOOK_AFTER_SECONDS = CLAIM_SECONDS + 5;

/** The task that finishes what another process began; its payload is `{ functionExecutionId }`. */
export const FINISH_STEP = 'finish_step';

const EXPIRED = sql`execution.state = 'accepted' and execution.claimed_at < now() - make_interval(secs => ${CLAIM_SECONDS})`;

/**
 * Stores an execution, or claims the one that is stored when whoever had it did not finish in time, and leaves a job behind that
 * finishes it should this process die. One statement, and one that always writes: `do nothing` with a select behind it does
 * not see what a concurrent delivery has just written.
 */
export async function accept(database: Database, acceptance: Acceptance): Promise<Claim> {
  const { functionExecutionId, tenant, callbackId, inputs, claim } = acceptance;
  const job = addJob({
    task: taskName(FINISH_STEP, tenant),
    key: stepKey(acceptance),
    payload: { functionExecutionId },
    afterSeconds: LOOK_AFTER_SECONDS,
  });
  const [row] = await database.run<{ ours: boolean; outcome: Outcome | null }>(
    sql`
    with accepted as (
      insert into step_executions as execution (
        function_execution_id, tenant_id, callback_id, inputs, state, claimed_by, claimed_at, accepted_at
      )
      values (
        ${functionExecutionId}, ${tenant}, ${callbackId}, ${inputs}, 'accepted', ${claim}, now(), now()
      )
      on conflict (tenant_id, function_execution_id) do update set
        claimed_by = case when ${EXPIRED} then excluded.claimed_by else execution.claimed_by end,
        claimed_at = case when ${EXPIRED} then excluded.claimed_at else execution.claimed_at end
      returning claimed_by = ${claim} as ours, outcome
    )
    select ours, outcome, case when ours and outcome is null then (${job}).id end as job_id from accepted`,
  );
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  if (row.outcome !== null) return { state: 'finished', outcome: row.outcome };
  return row.ours ? { state: 'ours' } : { state: 'running' };
}

/** An execution that was accepted some time ago, for whoever finishes it now; undefined when nobody accepted it. One statement. */
export async function claim(
  database: Database,
  { tenant, functionExecutionId, claim }: Whose & Pick<Acceptance, 'claim'>,
): Promise<(Claim & Pick<Acceptance, 'callbackId' | 'inputs'>) | undefined> {
  const [row] = await database.run<{
    ours: boolean;
    outcome: Outcome | null;
    callback_id: string;
    inputs: Record<string, unknown>;
  }>(
    sql`
    update step_executions as execution set
      claimed_by = case when ${EXPIRED} then ${claim} else claimed_by end,
      claimed_at = case when ${EXPIRED} then now() else claimed_at end
    where tenant_id = ${tenant} and function_execution_id = ${functionExecutionId}
    returning claimed_by = ${claim} as ours, outcome, callback_id, inputs`,
  );
  if (row === undefined) return undefined;
  const execution = { callbackId: row.callback_id, inputs: row.inputs };
  if (row.outcome !== null) return { ...execution, state: 'finished', outcome: row.outcome };
  return row.ours ? { ...execution, state: 'ours' } : { ...execution, state: 'running' };
}

/** Stores a step's outcome unless it has one already, and returns the one that counts: the first. One statement. */
export async function finish(
  database: Database,
  { tenant, functionExecutionId }: Whose,
  outcome: Outcome,
): Promise<Outcome> {
  const [row] = await database.run<{ outcome: Outcome }>(
    sql`
      update step_executions set
        state = 'finished', finished_at = coalesce(finished_at, now()),
        outcome = coalesce(outcome, ${outcome})
      where tenant_id = ${tenant} and function_execution_id = ${functionExecutionId}
      returning outcome`,
  );
  return row?.outcome ?? outcome;
}
