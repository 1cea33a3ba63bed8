import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import postgres from 'postgres';
import { type Database, openDatabase } from '../../../src/database/pool.ts';
import type { Json, Statement } from '../../../src/database/statement.ts';
import { readDatabaseUrl } from '../../../src/database-url.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import type { Matching } from '../../../src/tracker/matching.ts';
import { update } from '../../../src/tracker/update.ts';
import { connect, issues, knowledge, listing, makeDatabase, open, SITE, withQuery } from './example.ts';

const ISSUES = 100_000;
const CHANNELS = 100;
const FOLLOWED = 'project = PLAT';
/** PostgreSQL plans a prepared statement anew for its first five calls. */
const CALLS = 7;
const MATCHING: Matching = {
  ...{ filter: { assignee: { kind: 'nobody' }, type: undefined, staleDays: undefined, phrases: ['summary', 'of'] } },
  ...{ account: undefined, projects: ['PLAT'] },
};

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
    await sql`
      insert into follows (tenant_id, channel_id, follow_id, site, kind, words, jql, followed_by, since_at, operation_id)
      select 'T1', 'C' || n, 'f', ${SITE}, 'jql', ${FOLLOWED}, ${FOLLOWED}, 'U1', now(), 'o' from generate_series(1, 10) as n`;
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
    [
      'lists a page with a filter',
      (tracker) => tracker.filtered({ ...listing({ ...WHERE, limit: 15 }), matching: MATCHING }),
    ],
    [
      'untracks with a filter',
      (tracker) =>
        tracker.untrack({ ...WHERE, which: { category: 'new', matching: MATCHING }, operation: randomUUID() }),
    ],
    [
      'reads a query that ten channels follow',
      async (tracker, n) => {
        const follows = Array.from({ length: 10 }, (_, c) => ({ channel: `C${c + 1}`, id: 'f', reads: n }));
        const query = { jql: FOLLOWED, follows, changedTo: undefined };
        const ids = Array.from({ length: 500 }, (_, i) => String(50_000 + n * 10 + i));
        const read = { tenant: 'T1', site: SITE, query, ids, issues: [], operation: randomUUID() };
        const { joined, left } = await tracker.followRead(read);
        assert.ok(n === 0 ? joined > 4_000 : joined > 0 && left > 0, `${joined} ${left}`);
      },
    ],
    ['lists everything', (tracker) => tracker.list(listing(WHERE))],
    ['sums up a channel', (tracker) => tracker.digest({ ...WHERE, span: { kind: 'days', days: 7 }, projects: [] })],
    [
      'shows a Home tab',
      (tracker) => {
        const most = { issues: 20, changes: 10, channels: 30 };
        const { tenant, channel } = WHERE;
        const opening = { user: 'U1', team: undefined, isOpened: true };
        return tracker.home({
          tenant,
          opening,
          channels: [channel],
          account: 'a',
          category: undefined,
          projects: [],
          most,
        });
      },
    ],
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
    await update(overheard, knowledge(issues(3), { gone: ['10004'] }));
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
