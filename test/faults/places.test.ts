import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import type postgres from 'postgres';
import { type Issue, STATUS_CATEGORIES } from '../../src/issue.ts';
import type { Tracker } from '../../src/tracker/index.ts';
import {
  connect,
  issue,
  issues,
  knowledge,
  listing,
  makeDatabase,
  open,
  SITE,
  tracking,
} from '../src/tracker/example.ts';

const CHANNELS = ['C1', 'C2', 'C3'];
const ISSUES = 8;
/** The operations whose untracking a later step may undo. */
const OPERATIONS = ['first', 'second', 'third'];
const AT_ONCE = 6;

const step = fc.record({
  kind: fc.constantFrom(
    ...(['track', 'track', 'update', 'update', 'gone', 'untrack', 'untrack category', 'restore'] as const),
    ...(['read a query', 'read a query', 'stop following'] as const),
  ),
  numbers: fc.uniqueArray(fc.integer({ min: 1, max: ISSUES }), { minLength: 1 }),
  channel: fc.constantFrom(...CHANNELS),
  category: fc.constantFrom(...STATUS_CATEGORIES),
  /** Jira's answers come late: an earlier one after a later one. */
  second: fc.integer({ min: 1, max: 30 }),
  operation: fc.constantFrom(...OPERATIONS),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('the places by which a channel’s list is sorted and counted', () => {
  let sql: postgres.Sql;
  let trackers: [Tracker, Tracker];
  before(async () => {
    const url = await makeDatabase();
    sql = connect(url);
    trackers = [await open(url), await open(url)];
  });

  /** Does a step in an order of issues of its own, for which the tracker is not to blame. */
  async function act(tracker: Tracker, { kind, numbers, channel, category, second, operation }: Step, tenant: string) {
    const updatedAt = new Date(Date.UTC(2026, 0, 2, 3, 4, second));
    const given: Issue[] = numbers.map((n) => issue(n, { category, updatedAt }));
    const keys = given.map(({ key }) => key);
    const run = `${tenant} ${operation}`;
    if (kind === 'track') return tracker.track({ ...tracking(given, { channel }), tenant });
    if (kind === 'update') return tracker.update({ ...knowledge(given), tenant });
    if (kind === 'gone') return tracker.update({ ...knowledge([], { gone: given.map(({ id }) => id) }), tenant });
    if (kind === 'untrack') return tracker.untrack({ tenant, channel, which: { keys }, operation: run });
    if (kind === 'untrack category') return tracker.untrack({ tenant, channel, which: { category }, operation: run });
    if (kind === 'stop following') {
      for (const { id } of await tracker.follows({ tenant, channel })) {
        await tracker.stopFollow({ tenant, channel, id, by: 'U1', operation: `${run} stop` });
      }
      return;
    }
    if (kind === 'read a query') return readQuery(tracker, given, { tenant, channel, operation: `${run} read` });
    return tracker.restore({ tenant, channel, untrackedIn: run, operation: `${run} ${second}` });
  }

  /** Jira says that all channels' query has these issues. */
  async function readQuery(
    tracker: Tracker,
    given: Issue[],
    { tenant, channel, operation }: { tenant: string; channel: string; operation: string },
  ) {
    const query = { kind: 'sprint' as const, words: 'A' };
    await tracker.startFollow({ tenant, channel, site: SITE, query, jql: 'sprint = "A"', by: 'U1', operation });
    await sql`update follows set asked_at = null where tenant_id = ${tenant}`;
    for (const due of await tracker.dueFollows({ tenant, site: SITE })) {
      const read = { tenant, site: SITE, query: due, ids: given.map(({ id }) => id), operation };
      const { missing } = await tracker.followRead({ ...read, issues: [] });
      await tracker.followRead({ ...read, issues: given.filter(({ id }) => missing.includes(id)) });
    }
  }

  /** With a board in each channel, whose row is locked as well. */
  async function boards(tenant: string) {
    for (const channel of CHANNELS) {
      await sql`insert into boards (tenant_id, channel_id, zone, post_id, looked_at) values (${tenant}, ${channel}, 'UTC', ${channel}, now())`;
    }
  }

  const wrong = () => sql`
    select * from tracked_issues as tracked left join jira_issues as known using (tenant_id, site, issue_id)
    where place is distinct from array_position(array['indeterminate', 'new', 'done'], status_category) - 1`;

  async function deadlocks(): Promise<number> {
    const [row] = await sql`select deadlocks::int as count from pg_stat_database where datname = current_database()`;
    return row?.count;
  }

  let tenants = 0;
  test('agree with the categories after any history of concurrent changes, without a deadlock', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const tenant = `T-${++tenants}`;
        await boards(tenant);
        const left = steps.values();
        await Promise.all(
          Array.from({ length: AT_ONCE }, async (_, n) => {
            for (const next of left) await act(trackers[n % 2 ? 1 : 0], next, tenant);
          }),
        );
        assert.deepEqual([...(await wrong())], []);
        for (const channel of CHANNELS) {
          const { issues: listed, counts } = await trackers[0].list(listing({ tenant, channel }));
          for (const category of STATUS_CATEGORIES) {
            const of = listed.filter((issue) => issue.category === category);
            assert.equal(counts[category], of.length);
            const page = await trackers[0].list(listing({ tenant, channel, category }));
            assert.deepEqual(page.issues, of);
          }
        }
      }),
      { numRuns: 15 },
    );
    assert.equal(await deadlocks(), 0);
  });

  test('follow a hundred issues that change category at once, while channels untrack and track them', async () => {
    const tenant = 'T-hundred';
    const at = (second: number) => ({ updatedAt: new Date(Date.UTC(2026, 0, 2, 3, 4, second)) });
    const track = (channel: string, of: Issue[]) => trackers[1].track({ ...tracking(of, { channel }), tenant });
    await boards(tenant);
    for (const channel of CHANNELS) await track(channel, issues(100));
    const keys = issues(100).map(({ key }) => key);
    for (const [n, category] of STATUS_CATEGORIES.entries()) {
      const changed = issues(100, { category, ...at(10 + n) });
      await Promise.all([
        trackers[0].update({ ...knowledge(changed), tenant }),
        trackers[1].untrack({ tenant, channel: 'C1', which: { keys }, operation: `away ${n}` }),
        track('C1', changed.toReversed()),
      ]);
    }
    assert.deepEqual([...(await wrong())], []);
    assert.equal(await deadlocks(), 0);
  });

  test('are found for issues that a channel tracked before Maro knew them', async () => {
    const tenant = 'T-older';
    const { site, id } = issue(1);
    await sql`
      insert into tracked_issues (tenant_id, channel_id, site, issue_id, tracked_at, door, operation_id)
      values (${tenant}, 'C1', ${site}, ${id}, now(), 'command', 'older')`;
    assert.deepEqual((await trackers[0].list(listing({ tenant }))).counts, { new: 0, indeterminate: 0, done: 0 });
    await trackers[0].track({ ...tracking([issue(1, { category: 'done' })], { channel: 'C2' }), tenant });
    assert.deepEqual((await trackers[0].list(listing({ tenant }))).counts, { new: 0, indeterminate: 0, done: 1 });
  });
});
