-- What is known of a channel beyond its issues: the project and the type of the last ticket that came from it, with which the
-- next form begins.
create table channels (
  tenant_id text not null,
  channel_id text not null,
  project text not null,
  issue_type text,
  primary key (tenant_id, channel_id)
);
