-- Issues that were untracked, with the tracking that an undo restores.
create table untracked_issues (
  tenant_id text not null,
  channel_id text not null,
  site text not null,
  issue_id text not null,
  tracked_at timestamptz not null,
  tracked_by text,
  door text not null,
  message_link text,
  operation_id text not null,
  untracked_at timestamptz not null,
  untracked_in text not null,
  primary key (tenant_id, channel_id, untracked_in, site, issue_id)
);
create index untracked_issues_age on untracked_issues (untracked_at);
create index untracked_issues_where on untracked_issues (site, issue_id);

-- Graphile Worker pools of live processes; worker_id is the pool's id. The jobs of a silent pool are unlocked.
create table replicas (
  worker_id text primary key,
  seen_at timestamptz not null
);

create index step_executions_age on step_executions (accepted_at);
