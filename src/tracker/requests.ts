import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import { CLAIM_SECONDS } from './executions.ts';
import { addJob, taskName } from './jobs.ts';

/** Which request. Ids are Slack's or our own, but tenants may share a database. */
export type WhichRequest = { tenant: string; request: string };

/** Something that a person asks for and that Maro runs itself. */
export type Ask = WhichRequest & {
  /** What runs it: a workflow's callback_id. */
  kind: string;
  inputs: Readonly<Record<string, unknown>>;
  /** Through which door it came. */
  door: string;
  /** Names this call, so that a repeated statement recognises its own claim. */
  claim: string;
};

/** What Jira made of one thing that it was asked to create: an issue, or why there is none. */
export type Created = { id: string; key: string } | { refused: string };

/**
 * What a create came to. `unknown`: there may be a ticket that nobody found. Reasons are sentences for people; `fields` has
 * them by the ids of Jira's fields, as far as they are about one.
 */
export type Settled =
  | { state: 'created'; created: readonly Created[] }
  | { state: 'refused'; reason: string; fields?: Readonly<Record<string, string>> }
  | { state: 'unknown'; reason: string };

/** `ours`: to be sent now, by this call alone. `sending`: another one began to send it, and what came of it is not known yet. */
export type Standing = { state: 'ours' } | { state: 'sending'; sentAt: Date } | Settled;

/** Whose the request is: ours to run, still another one's, or done with, so that it is not run again. */
export type Turn = 'ours' | 'running' | 'done';

/** The task that runs what another process began; its payload is `{ request }`. */
export const RUN_REQUEST = 'run_request';
/** When somebody looks whether a request was finished: once its claim no longer counts. */
const LOOK_AFTER_SECONDS = CLAIM_SECONDS + 5;

const EXPIRED = sql`request.finished_at is null and request.claimed_at < now() - make_interval(secs => ${CLAIM_SECONDS})`;
/** Nothing came of it, so whoever asks again, perhaps for something else, is heard. */
const VAIN = sql`request.finished_at is not null and request.state in ('accepted', 'refused')`;

function requestKey({ tenant, request }: WhichRequest): string {
  return `${tenant} ${request}`;
}

/**
 * Stores a request, or takes it up again when whoever had it did not finish in time or nothing came of it, and leaves a job
 * behind that runs it should this process die. A request that created something, or may have, is done with. One statement.
 */
export async function acceptRequest(database: Database, ask: Ask): Promise<Turn> {
  const { tenant, request, kind, inputs, door, claim } = ask;
  const job = addJob({
    task: taskName(RUN_REQUEST, tenant),
    key: requestKey(ask),
    payload: { request },
    afterSeconds: LOOK_AFTER_SECONDS,
  });
  const [row] = await database.run<{ ours: boolean; finished: boolean }>(
    sql`
      with accepted as (
        insert into requests as request (
          tenant_id, request_id, kind, inputs, door, state, claimed_by, claimed_at, accepted_at
        )
        values (${tenant}, ${request}, ${kind}, ${inputs}, ${door}, 'accepted', ${claim}, now(), now())
        on conflict (tenant_id, request_id) do update set
          kind = case when ${VAIN} then excluded.kind else request.kind end,
          inputs = case when ${VAIN} then excluded.inputs else request.inputs end,
          door = case when ${VAIN} then excluded.door else request.door end,
          state = case when ${VAIN} then excluded.state else request.state end,
          outcome = case when ${VAIN} then null else request.outcome end,
          finished_at = case when ${VAIN} then null else request.finished_at end,
          claimed_by = case when ${VAIN} or ${EXPIRED} then excluded.claimed_by else request.claimed_by end,
          claimed_at = case when ${VAIN} or ${EXPIRED} then excluded.claimed_at else request.claimed_at end
        returning claimed_by = ${claim} as ours, finished_at is not null as finished
      )
      select ours, finished, case when ours and not finished then (${job}).id end as job_id from accepted`,
  );
  return turnOf(row);
}

/** A request that was accepted some time ago, for whoever runs it now; undefined when nobody accepted it. One statement. */
export async function claimRequest(
  database: Database,
  { tenant, request, claim }: WhichRequest & Pick<Ask, 'claim'>,
): Promise<({ turn: Turn } & Pick<Ask, 'kind' | 'inputs' | 'door'>) | undefined> {
  const [row] = await database.run<{
    ours: boolean;
    finished: boolean;
    kind: string;
    inputs: Record<string, unknown> | null;
    door: string | null;
  }>(
    sql`
      update requests as request set
        claimed_by = case when ${EXPIRED} then ${claim} else claimed_by end,
        claimed_at = case when ${EXPIRED} then now() else claimed_at end
      where tenant_id = ${tenant} and request_id = ${request}
      returning claimed_by = ${claim} as ours, finished_at is not null as finished, kind, inputs, door`,
  );
  return row && { turn: turnOf(row), kind: row.kind, inputs: row.inputs ?? {}, door: row.door ?? 'step' };
}

/**
 * Says that Jira is about to be asked, before it is. Only the call that gets `ours` may ask, and only once: a create is
 * never sent again. One statement; also for a request that nobody accepted here, since Slack's steps are accepted as such.
 */
export async function sendRequest(
  database: Database,
  { tenant, request, kind, claim }: Omit<Ask, 'inputs' | 'door'>,
): Promise<Standing> {
  const [row] = await database.run<Row & { ours: boolean; sent_at: Date }>(
    sql`
      insert into requests as request (
        tenant_id, request_id, kind, state, claimed_by, claimed_at, accepted_at, sent_by, sent_at
      )
      values (${tenant}, ${request}, ${kind}, 'sending', ${claim}, now(), now(), ${claim}, now())
      on conflict (tenant_id, request_id) do update set
        state = case when request.state = 'accepted' then excluded.state else request.state end,
        sent_by = case when request.state = 'accepted' then excluded.sent_by else request.sent_by end,
        sent_at = case when request.state = 'accepted' then excluded.sent_at else request.sent_at end
      returning state, outcome, sent_by = ${claim} as ours, sent_at`,
  );
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  if (row.state === 'sending') return row.ours ? { state: 'ours' } : { state: 'sending', sentAt: row.sent_at };
  return settled(row);
}

/**
 * Keeps what a create came to, and returns what counts: the first that is certain. What was unknown may be found later. One
 * statement.
 */
export async function settleRequest(
  database: Database,
  { tenant, request }: WhichRequest,
  { state, ...outcome }: Settled,
): Promise<Settled> {
  const [row] = await database.run<Row>(
    sql`
      update requests set
        state = case when state in ('sending', 'unknown') then ${state} else state end,
        outcome = case when state in ('sending', 'unknown') then ${outcome} else outcome end
      where tenant_id = ${tenant} and request_id = ${request}
      returning state, outcome`,
  );
  return row === undefined ? ({ state, ...outcome } as Settled) : settled(row);
}

/**
 * Says that a request has run to its end, and takes its job back; one whose create is still in doubt keeps it. The channel
 * remembers the project and the type of what was created. One statement.
 */
export async function finishRequest(database: Database, which: WhichRequest): Promise<void> {
  await database.run(
    sql`
      with finished as (
        update requests set finished_at = coalesce(finished_at, now())
        where tenant_id = ${which.tenant} and request_id = ${which.request} and state <> 'sending'
        returning request_id, state, inputs
      ), remembered as (
        insert into channels (tenant_id, channel_id, project, issue_type)
        select ${which.tenant}, inputs ->> 'channel_id', inputs ->> 'project', inputs ->> 'issue_type'
        from finished
        where state = 'created' and inputs ->> 'channel_id' <> '' and inputs ->> 'project' <> ''
        on conflict (tenant_id, channel_id) do update set
          project = excluded.project,
          issue_type = excluded.issue_type
      )
      select graphile_worker.remove_job(${requestKey(which)}) from finished`,
  );
}

type Row = {
  state: 'accepted' | 'sending' | Settled['state'];
  outcome: { created?: Created[]; reason?: string; fields?: Record<string, string> } | null;
};

function settled({ state, outcome }: Row): Settled {
  if (state === 'created') return { state, created: outcome?.created ?? [] };
  const reason = outcome?.reason ?? '';
  if (state === 'refused') return { state, reason, ...(outcome?.fields ? { fields: outcome.fields } : {}) };
  if (state === 'unknown') return { state, reason };
  throw new Error(`a request that is ${state} is not settled`);
}

function turnOf(row: { ours: boolean; finished: boolean } | undefined): Turn {
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  if (row.finished) return 'done';
  return row.ours ? 'ours' : 'running';
}
