import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import postgres from 'postgres';
import { type Database, openDatabase } from '../../../src/database/pool.ts';
import type { Json, Statement } from '../../../src/database/statement.ts';
import { readDatabaseUrl } from '../../../src/database-url.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { update } from '../../../src/tracker/update.ts';
import { connect, issue, issues, listing, makeDatabase, open, SITE, withQuery } from './example.ts';

const ISSUES = 100_000;
const CHANNELS = 100;
/** PostgreSQL plans a prepared statement anew for its first five calls. */
const CALLS = 7;

describe('among a hundred thousand issues, for a channel that tracks a thousand', () => {
  let url: string;
  let sql: postgres.Sql;
  before(async () => {
    url = await makeDatabase();
    await open(url);
    sql = connect(url);
    await sql`
      insert into jira_issues (tenant_id, site, issue_id, issue_key, summary, status, status_category, synced_at)
      select 'T1', ${SITE}, n::text, 'PLAT-' || n, 'Summary of ' || n, 'Done', 'done', now() from generate_series(1, ${ISSUES}::int) as n`;
    await sql`
      insert into tracked_issues (tenant_id, channel_id, site, issue_id, tracked_at, door, operation_id)
      select 'T1', 'C' || n % ${CHANNELS}::int, ${SITE}, n::text, now(), 'command', 'o' from generate_series(1, ${ISSUES}::int) as n`;
    await sql`vacuum analyze jira_issues, tracked_issues`;
  });

  const key = (n: number) => `PLAT-${n * CHANNELS + 1}`;
  for (const [operation, call] of [
    [
      'untracks by key',
      (tracker, n) => tracker.untrack({ ...WHERE, which: { keys: [key(n)] }, operation: randomUUID() }),
    ],
    [
      'untracks by the same operation again',
      (tracker) => tracker.untrack({ ...WHERE, which: { keys: [] }, operation: 'o' }),
    ],
    ['knows what is tracked', (tracker, n) => tracker.tracked({ ...WHERE, keys: [key(n + 10), key(n + 11)] })],
    ['lists a page', (tracker) => tracker.list(listing({ ...WHERE, limit: 15 }))],
    ['lists a page of a category', (tracker) => tracker.list(listing({ ...WHERE, category: 'done', limit: 15 }))],
    ['lists everything', (tracker) => tracker.list(listing(WHERE))],
    [
      'untracks a category',
      (tracker, n) =>
        tracker.untrack({ tenant: 'T1', channel: `C${n + 2}`, which: { category: 'done' }, operation: randomUUID() }),
    ],
  ] as [string, (tracker: Tracker, n: number) => Promise<unknown>][]) {
    test(`${operation} without reading the whole table of issues`, async () => {
      const scans = async () => {
        const [row] = await sql`select seq_scan::int as scans from pg_stat_user_tables where relname = 'jira_issues'`;
        return row?.scans;
      };
      const before = await scans();
      const tracker = await open(withQuery(url, { max: 1 }));
      for (let n = 0; n < CALLS; n++) await call(tracker, n);
      // A connection tells its counts when it ends, at the latest.
      await tracker.close();
      assert.equal(await scans(), before);
    });
  }

  test('updates without comparing one list with another, also by a plan that was made for short lists', async (t) => {
    const [{ version } = { version: 0 }] = await sql<{ version: number }[]>`
      select current_setting('server_version_num')::int as version`;
    if (version < 160_000) return t.skip('PostgreSQL shows such a plan from version 16 on.');
    const statements: Statement[] = [];
    const database = openDatabase(readDatabaseUrl(url));
    const overheard: Database = {
      ...database,
      run: (statement) => {
        statements.push(statement);
        return database.run(statement);
      },
    };
    await update(overheard, { tenant: 'T1', issues: issues(3), gone: [issue(4)] });
    await database.close();
    const [statement] = statements;
    assert.ok(statement);
    const json = { to: 114, from: [114], serialize: JSON.stringify, parse: (text: string): Json => JSON.parse(text) };
    const client = postgres(url, { max: 1, types: { json } });
    const { string } = await statement(client).describe();
    await client.end();
    const [row] = await sql.unsafe<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
      `explain (generic_plan, format json) ${string}`,
    );
    const joins = nodesOf(row?.['QUERY PLAN'][0].Plan).filter((node) => node['Node Type'] === 'Nested Loop');
    assert.ok(joins.length > 0);
    assert.deepEqual(
      joins.filter((node) => node['Join Filter'] !== undefined),
      [],
    );
  });
});

const WHERE = { tenant: 'T1', channel: 'C1' };

type Plan = { 'Node Type': string; 'Join Filter'?: string; Plans?: Plan[] };

function nodesOf(plan: Plan | undefined): Plan[] {
  return plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
