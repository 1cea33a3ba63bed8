-- What the steps that wait are waiting for: a change of an issue, or a person's choice. until_at: when a step stops waiting. woken:
-- there may be what the step waits for, so its run is due. The issue's site is not kept, since another site's issue
-- with the same id only makes a step look in vain.
create table waits (
  tenant_id text not null,
  run_id text not null,
  issue_id text,
  until_at timestamptz not null,
  woken boolean not null default false,
  primary key (tenant_id, run_id)
);
create index waits_issue on waits (issue_id) where issue_id is not null;
