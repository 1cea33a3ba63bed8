-- The queries that each channel follows. follow_id is a hash of jql, which is the condition that Jira is asked for; kind and words
-- are what a person typed. asked_at: when Jira was last asked. reads counts that, so that an older answer does not replace a newer
-- one. changed_to: the latest change in Jira that the delta had seen before that. trouble: why Jira refused the last time, or
-- 'too many'. operation_id: the operation that began it.
create table follows (
  tenant_id text not null,
  channel_id text not null,
  follow_id text not null,
  site text not null,
  kind text not null check (kind in ('epic', 'sprint', 'filter', 'jql')),
  words text not null,
  jql text not null,
  followed_by text not null,
  since_at timestamptz not null,
  operation_id text not null,
  reads int not null default 0,
  asked_at timestamptz,
  changed_to timestamptz,
  trouble text,
  primary key (tenant_id, channel_id, follow_id)
);

-- The issues that each followed query had when it was last read. An issue that is new here joins the channel's list, and one that
-- is deleted here leaves it, unless another followed query has it or a person tracked it. One that a person untracked stays here.
create table follow_issues (
  tenant_id text not null,
  channel_id text not null,
  site text not null,
  issue_id text not null,
  follow_id text not null,
  primary key (tenant_id, channel_id, site, issue_id, follow_id)
);

-- added_via: the name of the followed query that first brought the issue; null if a person or a workflow tracked it. Of an issue that only
-- queries have brought, door is 'follow'. left_via: the name of the query that the issue left.
alter table tracked_issues add column added_via text;
alter table untracked_issues add column added_via text, add column left_via text;

-- The latest change in Jira that the delta has seen.
alter table jira_syncs add column changed_to timestamptz;

-- remember_jira_site moves the new columns and tables, too.
do $$
declare
  definition text := pg_get_functiondef('remember_jira_site'::regproc);
begin
  definition := replace(definition, 'added_by, door,', 'added_by, added_via, door,');
  definition := replace(definition,
    'case when kept.added_at <= excluded.added_at then kept.added_by else excluded.added_by end, door,',
    'case when kept.added_at <= excluded.added_at then kept.added_by else excluded.added_by end,
        case when kept.added_at <= excluded.added_at then kept.added_via else excluded.added_via end, door,');
  definition := replace(definition, 'untracked_by, untracked_in, restored_in', 'untracked_by, left_via, untracked_in, restored_in');
  definition := replace(definition, 'untracked_by, restored_in', 'untracked_by, left_via, restored_in');
  definition := replace(definition, 'untracked_by, coalesce(restored_in', 'untracked_by, left_via, coalesce(restored_in');
  -- Before the tables are locked, since a statement that reads a followed query locks its row first.
  definition := replace(definition, '  has_moved := false;
', '  has_moved := false;
  update follows as f set site = mine.site
  where f.tenant_id = given_tenant and f.site = any (known_addresses) and f.site <> mine.site
    and not exists (select from jira_sites as s where (s.tenant_id, s.site) = (given_tenant, f.site));
  with moved as (
    delete from follow_issues as f
    where f.tenant_id = given_tenant and f.site = any (known_addresses) and f.site <> mine.site
      and not exists (select from jira_sites as s where (s.tenant_id, s.site) = (given_tenant, f.site))
    returning *
  )
  insert into follow_issues (tenant_id, channel_id, site, issue_id, follow_id)
  select tenant_id, channel_id, mine.site, issue_id, follow_id from moved on conflict do nothing;
');
  execute definition;
end $$;
