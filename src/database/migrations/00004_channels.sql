-- The project and issue type of the last ticket from a channel, which the next form starts with.
create table channels (
  tenant_id text not null,
  channel_id text not null,
  project text not null,
  issue_type text,
  primary key (tenant_id, channel_id)
);
