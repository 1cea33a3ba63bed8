import postgres from 'postgres';
import type { Jira } from '../../sandbox/jira/index.ts';
import { send, signedCommands } from './load.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';
import { start } from './program.ts';
import { inWorld } from './world.ts';

/**
 * `/maro track` of many keys with a Jira that takes its time, beside the way of the Python program that Maro is a port of: a
 * new connection to the database for the command, and for each key, one after the other, a read from Jira and three
 * statements.
 */
export async function keys({ server, rounds, short }: Bench): Promise<Line[]> {
  const { count, ms } = short ? { count: 20, ms: 50 } : { count: 100, ms: 200 };
  return inWorld(server, 'http', async ({ slack, jira, databaseUrl, env }) => {
    const wanted = Array.from({ length: count }, (_, n) => jira.issues.create('PLAT', { summary: `Issue ${n}` }).key);
    const maro = await start('maro', env);
    const sql = postgres(databaseUrl, { max: 1 });
    await sql`create table one_by_one (
      channel_id text, issue_key text, tracked_at timestamptz, tracked_by text, synced_at timestamptz, status text,
      summary text, primary key (channel_id, issue_key))`;
    const deliveries = () => signedCommands(slack.signingSecret, `track ${wanted.join(' ')}`, 1);
    const command = () => send(maro.port, deliveries(), { count: 1, connections: 1, contains: 'now tracked' });
    const forget = () => sql`truncate tracked_issues, jira_issues, one_by_one`;
    // Jira's client is loaded with the first question, or once nobody waits.
    await command();

    jira.trouble('all', { kind: 'latency', ms });
    const figures = await inTurn(rounds, {
      ours: async () => {
        await forget();
        return command();
      },
      original: async () => {
        await forget();
        return oneByOne(databaseUrl, jira, wanted);
      },
    });
    await Promise.all([maro.end(), sql.end()]);
    return [
      {
        what: `\`/maro track\` of ${count} keys, Jira at ${ms} ms`,
        unit: 's',
        ours: figures.ours,
        baseline: { what: 'key by key', figures: figures.original },
      },
    ];
  });
}

/** @returns seconds. */
async function oneByOne(databaseUrl: string, jira: Jira, wanted: readonly string[]): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${jira.email}:${jira.apiToken}`).toString('base64')}`;
  const from = performance.now();
  const sql = postgres(databaseUrl, { max: 1 });
  for (const key of wanted) {
    const response = await fetch(`${jira.url}/rest/api/3/issue/${key}?fields=summary,status`, {
      headers: { authorization, accept: 'application/json' },
    });
    const { fields } = (await response.json()) as { fields: { summary: string; status: { name: string } } };
    await sql`select 1 from one_by_one where channel_id = 'C1' and issue_key = ${key}`;
    await sql`
      insert into one_by_one (channel_id, issue_key, tracked_at, tracked_by) values ('C1', ${key}, now(), 'U0ADA')
      on conflict (channel_id, issue_key) do update set tracked_at = now(), tracked_by = excluded.tracked_by`;
    await sql`
      update one_by_one set synced_at = now(), status = ${fields.status.name}, summary = ${fields.summary}
      where channel_id = 'C1' and issue_key = ${key}`;
  }
  await sql.end();
  return (performance.now() - from) / 1000;
}
