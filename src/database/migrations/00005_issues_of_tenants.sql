-- Each tenant has its own rows, because a tenant must not see what another tenant's Jira account may read. Each old row is
-- copied to every tenant that tracks the issue or can restore it.
alter table jira_issues rename to known_to_all;
create table jira_issues (
  tenant_id text not null,
  site text not null,
  issue_id text not null,
  issue_key text not null,
  former_keys text[] not null default '{}',
  summary text not null,
  status text not null,
  status_category text not null check (status_category in ('new', 'indeterminate', 'done')),
  assignee text,
  type text,
  priority text,
  jira_updated_at timestamptz,
  synced_at timestamptz not null,
  gone_at timestamptz
);
insert into jira_issues
  select tenant_id, known_to_all.*
  from (
    select tenant_id, site, issue_id from tracked_issues
    union
    select tenant_id, site, issue_id from untracked_issues
  ) as of_tenant join known_to_all using (site, issue_id);
drop table known_to_all;
alter table jira_issues add primary key (tenant_id, site, issue_id) include (status_category);
-- Of an issue that Jira no longer shows, Maro deletes the summary, status, assignee, type, and priority.
update jira_issues set summary = '', status = '', assignee = null, type = null, priority = null where gone_at is not null;

drop index tracked_issues_where;
create index tracked_issues_where on tracked_issues (tenant_id, site, issue_id);
drop index untracked_issues_where;
create index untracked_issues_where on untracked_issues (tenant_id, site, issue_id);
