-- What is known of an issue, once for each issue and not once for each channel. The id stays when the issue moves; the
-- keys that it had before are kept, since people go on using them. The primary key holds the category as well, so that a
-- channel's issues are counted by category from indexes alone.
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

-- Which issues a channel is about. No foreign key to jira_issues: its checks would lock the issue's row for every channel.
-- operation_id is the operation that made the row, by which a repeated statement knows its own earlier write.
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

-- Steps that Slack handed to Maro: accepted before they are acknowledged, so that a replay finds its outcome here.
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
