import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { NewRun } from './runs.ts';
import { scheduledRuns } from './scheduled.ts';

/**
 * An issue that Jira has created. A comment has its own id and its issue's key. An issue that is changed together with others has the
 * id of Jira's task and its own key.
 */
export type CreatedIssue = { id: string; key: string };

/** Jira's answer for one requested issue: the created issue, or the reason for the refusal. */
export type CreateResult = CreatedIssue | { refused: string };

/**
 * The keys of issues that the run `by` found after a create's result was unknown.
 * A later attempt of that run reads them here.
 */
export type Late = { by: string; keys: readonly string[] };

/**
 * The result of a create. `unknown`: Jira may have created issues that Maro did not find; `found`
 * has an entry per requested issue, null for one that Maro did not find. A `reason` is a sentence
 * for people; `fields` has the reasons that concern one field, by the id of Jira's field.
 */
export type Settled =
  | { state: 'created'; created: readonly CreateResult[]; late?: Late }
  | { state: 'refused'; reason: string; fields?: Readonly<Record<string, string>> }
  | { state: 'unknown'; reason: string; found?: readonly (CreatedIssue | null)[]; late?: Late };

/**
 * The state of a create. `ours`: this call, and no other, must send it now. `sending`: another call started to send it `ageMs`
 * milliseconds ago, by the database's clock, and its result is not known.
 */
export type Standing = { state: 'ours' } | { state: 'sending'; ageMs: number } | Settled;

/** Identifies a create. `id` is the id of the operation, which is the request id in the issue's property in Jira. */
export type CreateId = { tenant: string; id: string };

/**
 * Records that Jira is about to be asked to create issues. Call it before calling Jira. Only the caller that gets
 * `ours` may call Jira, and only once, unless Jira has refused the create for certain. Repeating this with the same claim gives the
 * same answer. One statement.
 */
export async function beginCreate(
  database: Database,
  { tenant, id, claim }: CreateId & { claim: string },
): Promise<Standing> {
  const [row] = await database.run<CreateRow & { ours: boolean; age_ms: number }>(sql`
    insert into creates as known (tenant_id, create_id, state, sent_by, sent_at)
    values (${tenant}, ${id}, 'sending', ${claim}, now())
    on conflict (tenant_id, create_id) do update set state = known.state
    returning state, outcome, sent_by = ${claim} as ours, (extract(epoch from now() - sent_at) * 1000)::float8 as age_ms`);
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  if (row.state === 'sending') return row.ours ? { state: 'ours' } : { state: 'sending', ageMs: row.age_ms };
  return settled(row);
}

/**
 * The result of a create, or `sending` while it is not known, and the milliseconds
 * since the create was sent; undefined if it was never sent. One statement.
 */
export async function findCreate(
  database: Database,
  { tenant, id }: CreateId,
): Promise<(({ state: 'sending' } | Settled) & { ageMs: number }) | undefined> {
  const [row] = await database.run<CreateRow & { age_ms: number }>(sql`
    select state, outcome, (extract(epoch from now() - sent_at) * 1000)::float8 as age_ms
    from creates where tenant_id = ${tenant} and create_id = ${id}`);
  if (row === undefined) return undefined;
  const ageMs = row.age_ms;
  return row.state === 'sending' ? { state: 'sending', ageMs } : { ...settled(row), ageMs };
}

/**
 * The minutes after which Maro looks again for an issue. Jira may process a create call minutes after Maro
 * has stopped waiting. After half an hour, Maro expects no issue any more.
 */
const LOOK_AGAIN_MINUTES = [1, 5, 30];

/**
 * Stores the result of a create and returns the result that counts. Once a create is known to be
 * created or refused, its stored result stays. If the result that counts is unknown, this also stores
 * runs from `look`, due after 1, 5, and 30 minutes, which look for the issue again. One statement.
 */
export async function settleCreate(
  database: Database,
  { tenant, id }: CreateId,
  { state, ...outcome }: Settled,
  look?: NewRun,
): Promise<Settled> {
  const isUnknown = sql`exists (select from kept where state = 'unknown')`;
  const again =
    look === undefined ? sql`` : sql`, again as (${scheduledRuns(tenant, look, LOOK_AGAIN_MINUTES, isUnknown)})`;
  const [row] = await database.run<CreateRow>(sql`
    with kept as (
      update creates set
        state = case when state in ('sending', 'unknown') then ${state} else state end,
        outcome = case when state in ('sending', 'unknown') then ${outcome} else outcome end
      where tenant_id = ${tenant} and create_id = ${id}
      returning state, outcome
    )${again}
    select state, outcome from kept`);
  return row === undefined ? ({ state, ...outcome } as Settled) : settled(row);
}

/**
 * Stores issues that were found after a create's result was unknown. Stores nothing if
 * another run has done so since the create was read. `before` is the `late.by` that was read.
 * One statement.
 * @returns whether the result was stored.
 */
export async function adoptLate(
  database: Database,
  { tenant, id }: CreateId,
  { state, ...outcome }: Settled & { late: Late },
  before: string | undefined,
): Promise<boolean> {
  const rows = await database.run(sql`
    update creates set state = ${state}, outcome = ${outcome}
    where tenant_id = ${tenant} and create_id = ${id} and state = 'unknown'
      and outcome -> 'late' ->> 'by' is not distinct from ${before ?? null}
    returning create_id`);
  return rows.length > 0;
}

type CreateRow = {
  state: 'sending' | Settled['state'];
  outcome: {
    created?: CreateResult[];
    reason?: string;
    fields?: Record<string, string>;
    found?: (CreatedIssue | null)[];
    late?: Late;
  } | null;
};

function settled({ state, outcome }: CreateRow): Settled {
  const { created = [], reason = '', fields, found, late } = outcome ?? {};
  const more = { ...(late && { late }) };
  if (state === 'created') return { state, created, ...more };
  if (state === 'refused') return { state, reason, ...(fields && { fields }) };
  if (state === 'unknown') return { state, reason, ...(found && { found }), ...more };
  throw new Error(`a create that is ${state} is not settled`);
}

/** The creates of one tenant, each of which is sent to Jira at most once. Each method throws DatabaseTrouble. */
export type Creates = {
  begin(id: string, claim: string): Promise<Standing>;
  find(id: string): ReturnType<typeof findCreate>;
  settle(id: string, settled: Settled, look?: NewRun): Promise<Settled>;
  adoptLate(id: string, settled: Settled & { late: Late }, before: string | undefined): Promise<boolean>;
};

export function openCreates(database: Database, tenant: string): Creates {
  return {
    begin: (id, claim) => beginCreate(database, { tenant, id, claim }),
    find: (id) => findCreate(database, { tenant, id }),
    settle: (id, settled, look) => settleCreate(database, { tenant, id }, settled, look),
    adoptLate: (id, settled, before) => adoptLate(database, { tenant, id }, settled, before),
  };
}
