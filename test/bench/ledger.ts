import postgres from 'postgres';
import { createDatabase, dropDatabase } from '../../sandbox/postgres.ts';
import { acceptRun, finishRun, markTold } from '../../src/ledger/runs.ts';
import { together } from '../../src/together.ts';
import { openDatabaseAt } from '../tracker.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';

/** Steps under way at once, each with its next statement when it has the answer to the one before. */
const AT_ONCE = 16;
const CONNECTIONS = 10;
/** As long as the ledger itself waits. */
const MARK_WITHIN_MS = 20;

/**
 * What the ledger costs a step in the database alone: it is accepted, its outcome is stored, and it is marked as told. Beside it two
 * upserts into a table of the same shape, by the same driver, over as many connections.
 */
export async function ledger({ server, rounds, short }: Bench): Promise<Line[]> {
  const databaseUrl = await createDatabase(server);
  const database = await openDatabaseAt(`${databaseUrl}?max=${CONNECTIONS}`);
  const sql = postgres(databaseUrl, { max: CONNECTIONS, fetch_types: false });
  await sql`create table bare_runs (like runs including all)`;
  const count = short ? 1_000 : 5_000;
  const inputs = { callback_id: 'track', inputs: { channel_id: 'C1', issue_keys: 'PLAT-1', user_id: 'U0ADA' } };
  const outcome = { outputs: { tracked: true, count: 1, issue_keys: 'PLAT-1', skipped: '', error: '' } };
  const tenant = 'T0ACME';
  const mark = together<{ id: string; claim: string }>(MARK_WITHIN_MS, (runs) => markTold(database, { tenant, runs }));

  // In Maro, nobody waits for the mark; here a round ends when all are stored.
  const marks: Promise<void>[] = [];
  async function ours(id: string, claim: string): Promise<void> {
    await acceptRun(database, { tenant, id, kind: 'step', door: 'step', inputs, claim });
    const finish = { outcome, failed: false, told: false, alongside: undefined };
    await finishRun(database, { tenant, id, claim }, finish);
    marks.push(mark({ id, claim }));
  }

  async function bare(id: string, claim: string): Promise<void> {
    const stored = [null, outcome].map((outcome) => outcome && sql.json(outcome));
    for (const value of stored) {
      await sql`
        insert into bare_runs (tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, outcome)
        values (${tenant}, ${id}, 'step', 'step', ${sql.json(inputs)}, now(), 1, ${claim}, ${value})
        on conflict (tenant_id, run_id) do update set outcome = excluded.outcome`;
    }
  }

  const perSecond = (step: (id: string, claim: string) => Promise<unknown>) => async () => {
    await sql`truncate runs, bare_runs`;
    let begun = 0;
    const from = performance.now();
    async function keepStepping(): Promise<void> {
      while (begun < count) {
        const id = `Fx${begun++}`;
        await step(id, `claim of ${id}`);
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, keepStepping));
    await Promise.all(marks.splice(0));
    return (count * 1000) / (performance.now() - from);
  };

  try {
    const tasks = { ours: perSecond(ours), bare: perSecond(bare) };
    await inTurn(1, tasks);
    const figures = await inTurn(rounds, tasks);
    const baseline = { what: 'two upserts', figures: figures.bare };
    const what = 'steps: accepted, finished, and told, SQL alone';
    return [{ what, unit: 'steps/s', ours: figures.ours, baseline, target: 0.6, limit: 0.3 }];
  } finally {
    await Promise.all([database.close(), sql.end()]);
    await dropDatabase(databaseUrl);
  }
}
