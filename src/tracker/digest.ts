import type { Database } from '../database/pool.ts';
import { type Statement, sql } from '../database/statement.ts';
import type { ChannelSpan, DigestChange, DigestIssue, Span } from '../digest.ts';
import type { StatusCategory } from '../issue.ts';
import { isIn, KNOWN } from './known.ts';
import { TOLD_TO } from './notifications.ts';

/** How far back the first digest goes. */
const FIRST_DAYS = 7;

/**
 * Which span a digest covers. `last`: from the end of the channel's last digest of this kind until now; the operation with this id gets the same span
 * however often it asks. `days`: so many days until now.
 */
export type AskedSpan =
  | ({ kind: 'span' } & Span)
  | { kind: 'days'; days: number }
  | { kind: 'last'; operation: string };

export type AskedDigest = {
  tenant: string;
  channel: string;
  span: AskedSpan;
  /** Keys of the projects whose issues may be shown. Empty: all. */
  projects: readonly string[];
};

/**
 * A channel's issues with what changed in them since the span began, and those that left followed queries in the span, without those
 * that are not visible to Maro. Sorted by key. The
 * time zone is the one that people set for what the channel gets by itself, or UTC. One statement.
 */
export async function digest(
  database: Database,
  { tenant, channel, span, projects }: AskedDigest,
): Promise<{ span: ChannelSpan; issues: DigestIssue[] }> {
  const shown = isIn(projects);
  const rows = await database.run<Times & (Row | { [column in keyof Row]: null })>(sql`
      with span as (
        ${spanOf(span, { tenant, channel })}
      ), issue as (
        select known.site, known.issue_key, known.summary, known.status, known.status_category, known.assignee,
          known.due_date::text as due_date, known.jira_updated_at, tracked.added_at, tracked.added_by,
          tracked.added_via, tracked.message_link, change.changes, null::timestamptz as left_at, null as left_via
        from span cross join tracked_issues as tracked cross join ${KNOWN} as known
        cross join lateral (
          select json_agg(json_build_object(
            'what', what, 'from', from_text, 'to', to_text, 'fromCategory', from_category, 'author', author, 'byMaro', by_maro, 'recordedAt', recorded_at
          ) order by changed_at, change_id) as changes
          from (
            -- The times are compared outside, or PostgreSQL might read all changes since then for each issue.
            select * from issue_changes as c
            where (c.tenant_id, c.site, c.issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id)
            offset 0
          ) as c
          where c.what in ('status', 'assignee', 'due date', 'flagged') and c.recorded_at > span.since_at and c.changed_at > tracked.added_at
        ) as change
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and known.gone_at is null and ${shown}
        union all
        (select distinct on (known.site, known.issue_id) known.site, known.issue_key, known.summary, known.status,
          known.status_category, known.assignee, known.due_date::text, known.jira_updated_at, tracked.added_at, tracked.added_by,
          tracked.added_via, tracked.message_link, null::json, tracked.untracked_at, tracked.left_via
        from span cross join untracked_issues as tracked cross join ${KNOWN} as known
        where tracked.tenant_id = ${tenant} and tracked.channel_id = ${channel} and known.gone_at is null and ${shown}
          and tracked.left_via is not null and tracked.restored_in is null
          and tracked.untracked_at > span.since_at and tracked.untracked_at <= span.until_at
          and (
            select true from tracked_issues as again
            where (again.tenant_id, again.channel_id, again.site, again.issue_id)
              = (tracked.tenant_id, tracked.channel_id, tracked.site, tracked.issue_id)
            limit 1
          ) is null
        order by known.site, known.issue_id, tracked.added_at)
      )
      select span.since_at, span.until_at, coalesce(
          (select zone from notifications where (tenant_id, channel_id) = (${tenant}, ${channel})), 'UTC'
        ) as zone, issue.*, jira_sites.url as site_url
      from span left join issue on true
      left join jira_sites on (jira_sites.tenant_id, jira_sites.site) = (${tenant}, issue.site)
      order by split_part(issue_key, '-', 1), split_part(issue_key, '-', 2)::bigint, issue.site`);
  const [first] = rows;
  if (first === undefined) throw new Error('The digest of a channel has no row.');
  return {
    span: { since: first.since_at, until: first.until_at, zone: first.zone },
    issues: rows.filter((row) => row.issue_key !== null).map(digestIssue),
  };
}

/** A query for one row with the times between which things happened. A digest since the last one is stored. */
function spanOf(asked: AskedSpan, { tenant, channel }: { tenant: string; channel: string }): Statement {
  if (asked.kind === 'span') {
    return sql`select ${asked.since}::timestamptz as since_at, ${asked.until}::timestamptz as until_at`;
  }
  if (asked.kind === 'days') {
    return sql`select ${TOLD_TO} - make_interval(days => ${asked.days}) as since_at, ${TOLD_TO} as until_at`;
  }
  return sql`
    insert into digests (tenant_id, channel_id, operation_id, since_at, until_at)
    select ${tenant}, ${channel}, ${asked.operation}, coalesce(
      (select max(until_at) from digests where tenant_id = ${tenant} and channel_id = ${channel}),
      ${TOLD_TO} - make_interval(days => ${FIRST_DAYS})
    ), ${TOLD_TO}
    on conflict (tenant_id, channel_id, operation_id) do update set operation_id = excluded.operation_id
    returning since_at, until_at`;
}

type Times = { since_at: Date; until_at: Date; zone: string };

type Row = {
  site: string;
  site_url: string | null;
  issue_key: string;
  summary: string;
  status: string;
  status_category: StatusCategory;
  assignee: string | null;
  due_date: string | null;
  jira_updated_at: Date | null;
  added_at: Date;
  added_by: string | null;
  added_via: string | null;
  message_link: string | null;
  changes: readonly ChangeRow[] | null;
  left_at: Date | null;
  left_via: string | null;
};

type ChangeRow = {
  what: DigestChange['what'];
  from: string | null;
  to: string | null;
  fromCategory: StatusCategory | null;
  author: string | null;
  byMaro: boolean;
  recordedAt: string;
};

function digestIssue(row: Row): DigestIssue {
  return {
    key: row.issue_key,
    summary: row.summary,
    site: row.site_url ?? row.site,
    status: row.status,
    category: row.status_category,
    assignee: row.assignee ?? undefined,
    dueDate: row.due_date ?? undefined,
    updatedAt: row.jira_updated_at ?? undefined,
    addedAt: row.added_at,
    addedBy: row.added_by ?? undefined,
    addedVia: row.added_via ?? undefined,
    ...(row.left_at === null ? {} : { left: { at: row.left_at, via: row.left_via ?? '' } }),
    messageLink: row.message_link ?? undefined,
    changes: (row.changes ?? []).map(({ what, from, to, fromCategory, author, byMaro, recordedAt }) => ({
      what,
      from: from ?? undefined,
      to: to ?? undefined,
      fromCategory: fromCategory ?? undefined,
      author: author ?? undefined,
      byMaro,
      recordedAt: new Date(recordedAt),
    })),
  };
}
