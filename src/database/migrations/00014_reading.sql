-- Since when the delta reads what changes in the project, without a gap. Null: it does not read the project.
alter table jira_projects add column read_from timestamptz;
