-- Whether a channel is archived and whether Maro is in it are told by different events, which come in any order. An event is
-- late only if a later one of its own kind came before. Each kind has the time of its last event, by Slack's clock.
alter table channel_states rename column changed_at to archive_changed_at;
alter table channel_states
  alter column archive_changed_at drop not null,
  add column membership_changed_at timestamptz;
update channel_states set membership_changed_at = archive_changed_at;
