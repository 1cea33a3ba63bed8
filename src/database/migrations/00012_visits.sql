-- When each person last looked at a channel's list or its changes. Looks less than half an hour apart are one visit. since_at: when
-- the visit before ended, null during a person's first visit.
create table visits (
  tenant_id text not null,
  channel_id text not null,
  user_id text not null,
  since_at timestamptz,
  seen_at timestamptz not null,
  primary key (tenant_id, channel_id, user_id)
);
create index visits_age on visits (seen_at);
