-- The message of the board that Maro has pinned. A person may have unpinned it since.
alter table boards add column pinned_ts text;
