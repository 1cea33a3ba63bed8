import postgres from 'postgres';
import { createDatabase, dropDatabase } from '../../sandbox/postgres.ts';
import { PAGE } from '../../src/messages/list.ts';
import { openTrackerAt } from '../tracker.ts';
import type { Bench, Line } from './measurement.ts';
import { selectChannel } from './select.ts';
import { percentile } from './statistics.ts';

const IN_A_CHANNEL = 1_000;

/**
 * Lists a channel of 1,000 issues, chosen at random among as many channels as make a million rows (100,000 in a short run,
 * 10 million of 1,000 workspaces in a large one): the first page with its counts, as `/maro tracked` does, and all 1,000. Beside it a bare select of the
 * same issues by the same driver, which counts nothing. Rows lie as they come in life, those of a channel far apart.
 */
export async function list({ server, rounds, short, large }: Bench): Promise<Line[]> {
  const channels = large ? 10_000 : short ? 100 : 1_000;
  const workspaces = large ? 1_000 : 1;
  const databaseUrl = await createDatabase(server);
  const tracker = await openTrackerAt(databaseUrl);
  const sql = postgres(databaseUrl, { max: 1, fetch_types: false });

  const anyChannel = () => {
    const number = Math.floor(Math.random() * channels);
    return { tenant: `T${number % workspaces}`, channel: `C${number}` };
  };
  const ours = (limit: number) => tracker.list({ ...anyChannel(), category: undefined, limit, offset: 0 });
  const bare = (limit: number) => {
    const { tenant, channel } = anyChannel();
    return selectChannel(sql, tenant, channel, limit);
  };

  async function lines(what: string, limit: number, times: number): Promise<Line[]> {
    const timed = { ours: [] as number[][], bare: [] as number[][] };
    await milliseconds(ours, limit, 20);
    await milliseconds(bare, limit, 20);
    for (let round = 0; round < rounds; round++) {
      timed.ours.push(await milliseconds(ours, limit, times));
      timed.bare.push(await milliseconds(bare, limit, times));
    }
    return [50, 99].map((percent): Line => {
      const [mine, theirs] = [timed.ours, timed.bare].map((all) => all.map((ms) => percentile(ms, percent)));
      const baseline = { what: 'select, no counts', figures: theirs ?? [] };
      const line: Line = { what: `${what}, p${percent}`, unit: 'ms', ours: mine ?? [], baseline };
      return percent === 50 ? { ...line, target: 0.8 } : line;
    });
  }

  try {
    await fill(sql, channels, workspaces);
    const rows = `of ${(channels * IN_A_CHANNEL).toLocaleString('en')} rows`;
    return [
      ...(await lines(`first page ${rows}`, PAGE, short ? 60 : 500)),
      ...(await lines(`a channel's 1,000 ${rows}`, IN_A_CHANNEL, short ? 40 : 200)),
    ];
  } finally {
    await Promise.all([tracker.close(), sql.end()]);
    await dropDatabase(databaseUrl);
  }
}

async function milliseconds(
  task: (limit: number) => Promise<unknown>,
  limit: number,
  times: number,
): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now();
    await task(limit);
    all.push(performance.now() - from);
  }
  return all;
}

async function fill(sql: postgres.Sql, channels: number, workspaces: number): Promise<void> {
  const rows = channels * IN_A_CHANNEL;
  await sql`
    insert into jira_issues (
      tenant_id, site, issue_id, issue_key, summary, status, status_category, assignee, type, priority, jira_updated_at, synced_at
    )
    select 'T' || n % ${channels}::int % ${workspaces}::int, 'https://northwind.atlassian.net', n::text, 'PLAT-' || n, 'Let people find issue ' || n || ' by any part of its text',
      (array['To Do', 'In Progress', 'Done'])[n % 3 + 1], (array['new', 'indeterminate', 'done'])[n % 3 + 1],
      'Mara Lindqvist', 'Story', 'Medium', now(), now()
    from generate_series(1, ${rows}::int) as n`;
  await sql`
    insert into tracked_issues (
      tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, operation_id, place
    )
    select 'T' || n % ${channels}::int % ${workspaces}::int, 'C' || n % ${channels}::int, 'https://northwind.atlassian.net', n::text,
      timestamptz '2026-01-01' + n * interval '1 second', 'U0ADA', 'command', 'operation ' || n,
      -- The trigger would look each of them up.
      (array[1, 0, 2])[n % 3 + 1]
    from generate_series(1, ${rows}::int) as n`;
  await sql`vacuum analyze jira_issues, tracked_issues`;
}
