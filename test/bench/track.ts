import postgres from 'postgres';
import { createDatabase, dropDatabase } from '../../sandbox/postgres.ts';
import type { Issue } from '../../src/issue.ts';
import { openTrackerAt } from '../tracker.ts';
import { madeUpIssues, tracking } from './issues.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';

const ISSUES = 10_000;

/**
 * Tracks 10,000 issues through the tracker, in calls of 100 and of 1,000: all new, then all again. Beside it the same batches by
 * the same driver in upserts that know nothing of Maro: into one table of the shape of `tracked_issues`, and into both tables
 * that tracking writes.
 */
export async function track({ server, rounds, short }: Bench): Promise<Line[]> {
  const databaseUrl = await createDatabase(server);
  const tracker = await openTrackerAt(databaseUrl);
  const sql = postgres(databaseUrl, { max: 1 });
  await sql`create table bare_tracked (like tracked_issues including all)`;
  await sql`create table bare_issues (like jira_issues including all)`;

  const issues = madeUpIssues(short ? ISSUES / 4 : ISSUES);
  const writers = {
    ours: (batch: Issue[], operation: string) => tracker.track(tracking('C1', batch, operation)),
    one: (batch: Issue[], operation: string) => upsertOne(sql, batch, operation),
    both: (batch: Issue[], operation: string) => upsertBoth(sql, batch, operation),
  };

  async function lines(size: number): Promise<Line[]> {
    const perSecond =
      (write: (batch: Issue[], operation: string) => Promise<unknown>, operation: string) => async () => {
        if (operation === 'new') await sql`truncate tracked_issues, jira_issues, bare_tracked, bare_issues`;
        const from = performance.now();
        for (let at = 0; at < issues.length; at += size) await write(issues.slice(at, at + size), operation);
        return (issues.length * 1000) / (performance.now() - from);
      };
    const tasks = Object.fromEntries(
      Object.entries(writers).flatMap(([name, write]) => [
        [`${name} new`, perSecond(write, 'new')],
        [`${name} again`, perSecond(write, 'again')],
      ]),
    ) as Record<`${keyof typeof writers} ${'new' | 'again'}`, () => Promise<number>>;
    await inTurn(1, tasks);
    const figures = await inTurn(rounds, tasks);
    const what = `track ${issues.length.toLocaleString('en')}, ${size.toLocaleString('en')} a call`;
    const one = { what: 'upsert, one table', figures: figures['one new'] };
    const both = { what: 'upsert, both tables', figures: figures['both new'] };
    const again = { what: 'upsert, both tables', figures: figures['both again'] };
    return [
      { what, unit: 'issues/s', ours: figures['ours new'], baseline: one, target: 0.9 },
      { what, unit: 'issues/s', ours: figures['ours new'], baseline: both, target: 0.9, limit: 0.45 },
      { what: `${what}, again`, unit: 'issues/s', ours: figures['ours again'], baseline: again },
    ];
  }

  try {
    return [...(await lines(100)), ...(await lines(1_000))];
  } finally {
    await Promise.all([tracker.close(), sql.end()]);
    await dropDatabase(databaseUrl);
  }
}

function upsertOne(sql: postgres.Sql, issues: Issue[], operation: string): Promise<unknown> {
  return sql`
    insert into bare_tracked (
      tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
    )
    select 'T0ACME', 'C1', site, issue_id, now(), 'U0ADA', 'command', null, ${operation}
    from unnest(${issues.map(({ site }) => site)}::text[], ${issues.map(({ id }) => id)}::text[]) as given (site, issue_id)
    on conflict (tenant_id, channel_id, site, issue_id) do update set
      tracked_at = excluded.tracked_at, tracked_by = excluded.tracked_by, door = excluded.door,
      message_link = excluded.message_link`;
}

function upsertBoth(sql: postgres.Sql, issues: Issue[], operation: string): Promise<unknown> {
  const column = (of: (issue: Issue) => string | undefined) => issues.map((issue) => of(issue) ?? null);
  return sql`
    with given as (
      select * from unnest(
        ${column(({ site }) => site)}::text[], ${column(({ id }) => id)}::text[], ${column(({ key }) => key)}::text[],
        ${column(({ summary }) => summary)}::text[], ${column(({ status }) => status)}::text[],
        ${column(({ category }) => category)}::text[], ${column(({ assignee }) => assignee)}::text[],
        ${column(({ type }) => type)}::text[], ${column(({ priority }) => priority)}::text[],
        ${column(({ updatedAt }) => updatedAt?.toISOString())}::text[]::timestamptz[]
      ) as given (site, issue_id, issue_key, summary, status, status_category, assignee, type, priority, jira_updated_at)
    ), known as (
      insert into bare_issues (
        tenant_id, site, issue_id, issue_key, summary, status, status_category, assignee, type, priority, jira_updated_at, synced_at
      )
      select 'T0ACME', given.*, now() from given
      on conflict (tenant_id, site, issue_id) do update set
        issue_key = excluded.issue_key, summary = excluded.summary, status = excluded.status,
        status_category = excluded.status_category, assignee = excluded.assignee, type = excluded.type,
        priority = excluded.priority, jira_updated_at = excluded.jira_updated_at, synced_at = excluded.synced_at
    )
    insert into bare_tracked (
      tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
    )
    select 'T0ACME', 'C1', site, issue_id, now(), 'U0ADA', 'command', null, ${operation} from given
    on conflict (tenant_id, channel_id, site, issue_id) do update set
      tracked_at = excluded.tracked_at, tracked_by = excluded.tracked_by, door = excluded.door,
      message_link = excluded.message_link`;
}
