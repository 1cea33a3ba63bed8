-- One row for each create call to Jira, written before the call. After a crash it shows that there may be an issue.
-- inputs and door are set for requests that Maro runs itself; those of Slack's steps are in step_executions.
-- outcome: what was created, or why nothing was.
create table requests (
  tenant_id text not null,
  request_id text not null,
  kind text not null,
  inputs json,
  door text,
  state text not null check (state in ('accepted', 'sending', 'created', 'refused', 'unknown')),
  outcome json,
  claimed_by text not null,
  claimed_at timestamptz not null,
  accepted_at timestamptz not null,
  sent_by text,
  sent_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, request_id)
);
create index requests_age on requests (accepted_at);
