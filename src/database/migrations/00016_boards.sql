-- The board of a channel: a message that shows the channel's list. post_id names the message in its metadata, and posting_at is when
-- Maro began to post it, so that it is found if Slack's answer was lost. zone: the time zone whose day "today" is. content: a hash of
-- what the message shows. marks counts the changes that concern the board; wanted_at and marked_at are the times of the first
-- change that it does not show and of the last one. stale_at: when to look at it again without a change. silent_since: since when
-- Jira had not answered when it was drawn. Only `holder` may write the message, until held_until.
create table boards (
  tenant_id text not null,
  channel_id text not null,
  state text not null default 'shown' check (state in ('shown', 'hidden')),
  zone text not null,
  post_id text not null,
  posting_at timestamptz,
  message_ts text,
  bookmark_id text,
  content text,
  drawn_at timestamptz,
  stale_at timestamptz,
  silent_since timestamptz,
  marks bigint not null default 0,
  wanted_at timestamptz,
  marked_at timestamptz,
  looked_at timestamptz not null,
  holder text,
  held_until timestamptz,
  not_before timestamptz,
  primary key (tenant_id, channel_id)
);
