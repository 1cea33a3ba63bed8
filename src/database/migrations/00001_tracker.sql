-- One row for each issue, not for each channel. issue_id stays the same when the issue moves. former_keys holds its earlier
-- keys, which people still use. The primary key's index includes status_category, so that a channel's issues can be counted
-- from indexes alone.
create table jira_issues (
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
  gone_at timestamptz,
  primary key (site, issue_id) include (status_category)
);

-- The issues that each channel tracks. No foreign key to jira_issues: its checks would lock the issue's row for every channel.
-- operation_id is the operation that inserted the row. A repeated statement recognizes its own earlier write by it.
create table tracked_issues (
  tenant_id text not null,
  channel_id text not null,
  site text not null,
  issue_id text not null,
  tracked_at timestamptz not null,
  tracked_by text,
  door text not null,
  message_link text,
  operation_id text not null,
  primary key (tenant_id, channel_id, site, issue_id)
);
create index tracked_issues_newest on tracked_issues (tenant_id, channel_id, tracked_at desc, issue_id);
create index tracked_issues_where on tracked_issues (site, issue_id);

-- Steps that Slack delivered. A step is stored before it is acknowledged, so that a repeated delivery finds its outcome.
create table step_executions (
  tenant_id text not null,
  function_execution_id text not null,
  callback_id text not null,
  inputs json not null,
  state text not null check (state in ('accepted', 'finished')),
  outcome json,
  claimed_by text not null,
  claimed_at timestamptz not null,
  accepted_at timestamptz not null,
  finished_at timestamptz,
  primary key (tenant_id, function_execution_id)
);
create index step_executions_unfinished on step_executions (claimed_at) where state = 'accepted';
