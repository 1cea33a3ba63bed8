import type { Database } from '../database/pool.ts';
import { sql } from '../database/statement.ts';
import type { Wait, Waiting } from './waits.ts';

/**
 * A wait for a person's choice. `question`: the message that asks for it, once it is posted. `isAsking`: Maro may have posted the
 * message, because it stored that it was about to.
 */
export type ChoiceWait = Wait & {
  chosen: Chosen | undefined;
  isAsking: boolean;
  question: { channel: string; ts: string } | undefined;
};

/** What a person chose. */
export type Chosen = { choice: string; by: string };

/** `over`: the time ran out first, or nothing waits for this choice. */
export type ChoiceMade = { state: 'chosen' } | ({ state: 'chosen already' } & Chosen) | { state: 'over' };

type ChoiceRow = {
  until_at: Date;
  is_over: boolean;
  choice: string | null;
  chosen_by: string | null;
  asked_in: string | null;
  asked_ts: string | null;
};

/** Stores that a run waits for a person's choice. Called again, it keeps the first call's time. One statement. */
export async function waitForChoice(
  database: Database,
  { tenant, run, minutes }: Waiting & { minutes: number },
): Promise<ChoiceWait> {
  const [row] = await database.run<ChoiceRow>(sql`
      insert into waits (tenant_id, run_id, until_at)
      values (${tenant}, ${run}, now() + make_interval(mins => ${minutes}))
      on conflict (tenant_id, run_id) do update set woken = false
      returning until_at, until_at <= now() as is_over, choice, chosen_by, asked_in, asked_ts`);
  if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
  const { until_at: until, is_over: isOver, choice, chosen_by: by, asked_in: channel, asked_ts: ts } = row;
  return {
    ...{ until, isOver },
    chosen: choice === null || by === null ? undefined : { choice, by },
    isAsking: channel !== null,
    question: channel === null || ts === null ? undefined : { channel, ts },
  };
}

/** Stores that Maro is about to post the question in direct messages with this person. One statement. */
export async function announceQuestion(
  database: Database,
  { tenant, run, asked }: Waiting & { asked: string },
): Promise<void> {
  await database.run(sql`
      update waits set asked_in = ${asked} where tenant_id = ${tenant} and run_id = ${run} and asked_ts is null`);
}

/** Stores the message that asks for a choice. One statement. */
export async function questionPosted(
  database: Database,
  { tenant, run, channel, ts }: Waiting & { channel: string; ts: string },
): Promise<void> {
  await database.run(sql`
      update waits set asked_in = ${channel}, asked_ts = ${ts} where tenant_id = ${tenant} and run_id = ${run}`);
}

/**
 * Stores a choice if it is the first one, if it is in time, and if the run has not ended. Makes the run due. The rows are locked in the order in which
 * `waking` and `parkRun` lock them. The time is judged when the row is locked, so a run that ended its wait got no choice. One statement.
 */
export async function choose(database: Database, { tenant, run, choice, by }: Waiting & Chosen): Promise<ChoiceMade> {
  const [row] = await database.run<{ choice: string | null; chosen_by: string | null; is_ours: boolean }>(sql`
      with wait as materialized (
        select run_id, choice, chosen_by from waits where tenant_id = ${tenant} and run_id = ${run} for update
      ), chosen as (
        update waits set choice = ${choice}, chosen_by = ${by}, woken = true
        where tenant_id = ${tenant} and run_id = any (array(select run_id from wait))
          and choice is null and until_at > clock_timestamp()
          and not exists (select from runs where (tenant_id, run_id) = (${tenant}, ${run}) and finished_at is not null)
        returning run_id
      ), due as (
        update runs set due_at = case when claimed_by = '' and finished_at is null then now() else due_at end
        where tenant_id = ${tenant} and run_id = any (array(select run_id from chosen))
      )
      select choice, chosen_by, exists (select from chosen) as is_ours from wait`);
  if (row?.is_ours) return { state: 'chosen' };
  if (!row || row.choice === null || row.chosen_by === null) return { state: 'over' };
  const earlier = { choice: row.choice, by: row.chosen_by };
  const isSame = earlier.choice === choice && earlier.by === by;
  return isSame ? { state: 'chosen' } : { state: 'chosen already', ...earlier };
}
