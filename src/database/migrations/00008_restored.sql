-- The operation that restored the issue, by which a repeated statement recognizes its own earlier write.
alter table untracked_issues add column restored_in text;
