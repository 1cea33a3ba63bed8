import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import { type NewRun, scheduledRuns } from './runs.ts';

/** An issue that Jira has created. */
export type Issue = { id: string; key: string };

/** Jira's answer for one issue that it was asked to create: the issue, or the reason why it was not created. */
export type Created = Issue | { refused: string };

/** What the run `by` has found of a create whose end was unknown, and has to tell. */
export type Late = { by: string; keys: readonly string[] };

/**
 * How a create ended. `unknown`: there may be issues that Maro did not find; `found` are those that it did, each in its place.
 * Reasons are sentences for people; `fields` has them by the ids of Jira's fields, as far as they are about one.
 */
export type Settled =
  | { state: 'created'; created: readonly Created[]; late?: Late }
  | { state: 'refused'; reason: string; fields?: Readonly<Record<string, string>> }
  | { state: 'unknown'; reason: string; found?: readonly (Issue | null)[]; late?: Late };

/**
 * `ours`: to be sent now, by this call alone. `sending`: another call began to send it so many milliseconds ago, by the
 * database's clock, and its end is not known.
 */
export type Standing = { state: 'ours' } | { state: 'sending'; ageMs: number } | Settled;

/** Which create. Its id is that of the operation that asks for it. */
export type CreateId = { tenant: string; id: string };

/**
 * Says that Jira is about to be asked, before it is. Only the call that gets `ours` may ask, and only once: a create is never
 * sent again. Repeated with the same claim, this answers as before. One statement.
 */
export async function beginCreate(
  database: Database,
  { tenant, id, claim }: CreateId & { claim: string },
): Promise<Standing> {
  const [row] = await database.run<Row & { ours: boolean; age_ms: number }>(sql`
    insert into creates as known (tenant_id, create_id, state, sent_by, sent_at)
    values (${tenant}, ${id}, 'sending', ${claim}, now())
    on conflict (tenant_id, create_id) do update set state = known.state
    returning state, outcome, sent_by = ${claim} as ours, (extract(epoch from now() - sent_at) * 1000)::float8 as age_ms`);
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  if (row.state === 'sending') return row.ours ? { state: 'ours' } : { state: 'sending', ageMs: row.age_ms };
  return settled(row);
}

/** What became of a create, and how long ago it was begun; undefined when it never was. One statement. */
export async function findCreate(
  database: Database,
  { tenant, id }: CreateId,
): Promise<(({ state: 'sending' } | Settled) & { ageMs: number }) | undefined> {
  const [row] = await database.run<Row & { age_ms: number }>(sql`
    select state, outcome, (extract(epoch from now() - sent_at) * 1000)::float8 as age_ms
    from creates where tenant_id = ${tenant} and create_id = ${id}`);
  if (row === undefined) return undefined;
  const ageMs = row.age_ms;
  return row.state === 'sending' ? { state: 'sending', ageMs } : { ...settled(row), ageMs };
}

/** An index takes a while, and a queue may hold an issue back; after half an hour nothing comes any more. */
const LOOK_AGAIN_MINUTES = [1, 5, 30];

/**
 * Stores how a create ended, and returns the end that counts: the first that is certain. What was unknown may be found later:
 * runs that `look` for it are stored as well, due after 1, 5 and 30 minutes. One statement.
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
  const [row] = await database.run<Row>(sql`
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
 * Stores what was found late of a create, unless another run has found it since it was read: `before` is that run's id then.
 * @returns whether it was stored. One statement.
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

type Row = {
  state: 'sending' | Settled['state'];
  outcome: {
    created?: Created[];
    reason?: string;
    fields?: Record<string, string>;
    found?: (Issue | null)[];
    late?: Late;
  } | null;
};

function settled({ state, outcome }: Row): Settled {
  const { created = [], reason = '', fields, found, late } = outcome ?? {};
  const more = { ...(late && { late }) };
  if (state === 'created') return { state, created, ...more };
  if (state === 'refused') return { state, reason, ...(fields && { fields }) };
  if (state === 'unknown') return { state, reason, ...(found && { found }), ...more };
  throw new Error(`a create that is ${state} is not settled`);
}

/** What is asked of Jira that must not be done twice, of one tenant. Each throws DatabaseTrouble. */
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
