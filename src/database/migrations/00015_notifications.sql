-- What Maro posts by itself in a channel. A channel without a row gets nothing. next_at: when the next digest is due. told_to: up to
-- when changes were told, by the time at which Maro stored them. weekday is counted from Sunday, which is 0, and minutes from midnight.
create table notifications (
  tenant_id text not null,
  channel_id text not null,
  kind text not null check (kind in ('daily', 'weekly')),
  events text[] not null,
  zone text not null,
  weekday int not null check (weekday between 0 and 6),
  minutes int not null check (minutes between 0 and 1439),
  next_at timestamptz not null,
  told_to timestamptz not null,
  set_by text not null,
  primary key (tenant_id, channel_id)
);
create index notifications_due on notifications (next_at);

-- The spans of the digests that steps have put out, so that the next one begins where the last one ended.
create table digests (
  tenant_id text not null,
  channel_id text not null,
  operation_id text not null,
  since_at timestamptz not null,
  until_at timestamptz not null,
  primary key (tenant_id, channel_id, operation_id)
);
create index digests_age on digests (until_at);
