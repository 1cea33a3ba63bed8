import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { IssueChange } from '../../../src/change.ts';
import { DIGEST_EVENTS, digestOf } from '../../../src/digest.ts';
import type { AskedSpan } from '../../../src/tracker/digest.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { connect, issue, knowledge, makeDatabase, open, tracking } from './example.ts';

const WEEK: AskedSpan = { kind: 'days', days: 7 };

describe('the digest of a channel', () => {
  let sql: postgres.Sql;
  let tracker: Tracker;
  let tenant: string;
  before(async () => {
    const url = await makeDatabase();
    sql = connect(url);
    tracker = await open(url);
  });
  beforeEach(() => {
    tenant = `T-${randomUUID()}`;
  });

  const now = () => new Date();
  async function track(...numbers: number[]): Promise<void> {
    const issues = numbers.map((n) => issue(n, { updatedAt: now() }));
    await tracker.track(tracking(issues, { tenant, operation: randomUUID() }));
    await older(10 * 24 * 60);
  }
  /** Makes everything that is stored so much older. */
  async function older(minutes: number): Promise<void> {
    const by = sql`make_interval(mins => ${minutes})`;
    await sql`update tracked_issues set added_at = added_at - ${by} where tenant_id = ${tenant}`;
    await sql`update issue_changes set changed_at = changed_at - ${by}, recorded_at = recorded_at - ${by} where tenant_id = ${tenant}`;
    await sql`update jira_issues set changes_since = changes_since - ${by} where tenant_id = ${tenant}`;
    await sql`update digests set since_at = since_at - ${by}, until_at = until_at - ${by} where tenant_id = ${tenant}`;
  }
  async function move(n: number, changes: Partial<IssueChange> = {}): Promise<void> {
    const change: IssueChange = {
      ...{ issueId: String(10_000 + n), id: randomUUID(), what: 'status', at: now(), byMaro: false },
      ...{ author: undefined, from: 'To Do', to: 'Done', fromCategory: 'new', toCategory: 'done' },
      ...changes,
    };
    const category = change.toCategory ?? 'done';
    const moved = issue(n, { updatedAt: now(), status: change.to ?? '', category });
    await tracker.update(knowledge([moved], { tenant, changes: [change], from: { kind: 'history' } }));
  }
  async function told(span: AskedSpan, { channel = 'C1', projects = [] as string[] } = {}): Promise<string[]> {
    const digest = await tracker.digest({ tenant, channel, span, projects });
    return digestOf(digest.issues, digest.span, DIGEST_EVENTS).flatMap(({ event, issues }) =>
      issues.map(({ key }) => `${event} ${key}`),
    );
  }

  test('tells what changed in issues of this channel that are visible and allowed', async () => {
    await track(1, 2, 3);
    await tracker.track(tracking([issue(4)], { tenant, channel: 'C2', operation: randomUUID() }));
    for (const n of [1, 2, 3, 4]) await move(n);
    await tracker.update(knowledge([], { tenant, gone: ['10003'] }));
    await older(1);
    assert.deepEqual(await told(WEEK), ['done PLAT-1', 'done PLAT-2']);
    assert.deepEqual(await told(WEEK, { projects: ['SHOP'] }), []);
    assert.deepEqual(await told(WEEK, { projects: ['PLAT'] }), ['done PLAT-1', 'done PLAT-2']);
    assert.deepEqual(await told({ kind: 'days', days: 1 }, { channel: 'C3' }), []);
  });

  test('leaves what is stored while it is read to the next digest', async () => {
    await track(1);
    await move(1);
    assert.deepEqual(await told(WEEK), []);
    await older(1);
    assert.deepEqual(await told(WEEK), ['done PLAT-1']);
  });

  test('begins where the last one ended, also for a change that Jira reported late', async () => {
    await track(1, 2);
    await move(1);
    await older(1);
    const first = { kind: 'last', operation: 'first' } as const;
    assert.deepEqual(await told(first), ['done PLAT-1']);
    await move(2, { at: new Date(Date.now() - 3_600_000) });
    await older(1);
    assert.deepEqual(await told({ kind: 'last', operation: 'second' }), ['done PLAT-2']);
    await older(1);
    assert.deepEqual(await told({ kind: 'last', operation: 'third' }), []);
    assert.deepEqual(await told(first), ['done PLAT-1'], 'the same operation asks again');
  });

  test('tells what became overdue by the days of the zone that is set for the channel, and flags', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const due = (days: number) => ({ updatedAt: now(), dueDate: day(days) });
    const issues = [issue(1, due(-3)), issue(2, due(-30)), issue(3, due(3)), issue(4, { updatedAt: now() })];
    await tracker.track(tracking(issues, { tenant, operation: randomUUID() }));
    await older(10 * 24 * 60);
    await move(4, { what: 'flagged', from: undefined, to: 'Impediment', toCategory: 'new' });
    await older(1);
    assert.deepEqual(await told(WEEK), ['blocked PLAT-4', 'overdue PLAT-1']);
    const zone = async () => (await tracker.digest({ tenant, channel: 'C1', span: WEEK, projects: [] })).span.zone;
    assert.equal(await zone(), 'UTC');
    const settings = { kind: 'daily', events: ['done'], zone: 'Asia/Tokyo', weekday: 1, minutes: 540 } as const;
    await tracker.setNotifications({ tenant, channel: 'C1', by: 'U1', nextAt: now(), ...settings });
    assert.equal(await zone(), 'Asia/Tokyo');
  });

  test('tells nothing that happened before the channel tracked the issue', async () => {
    await track(1);
    await move(1);
    await older(60);
    await tracker.track(
      tracking([issue(1, { ...{ status: 'Done', category: 'done' }, updatedAt: now() })], {
        tenant,
        channel: 'C9',
        operation: randomUUID(),
      }),
    );
    await older(1);
    assert.deepEqual(await told(WEEK, { channel: 'C9' }), []);
  });
});
