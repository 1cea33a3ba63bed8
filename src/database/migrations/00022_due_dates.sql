-- Jira's due date, which has no time. Null until Maro reads the issue again, which the sweep does within about an hour.
alter table jira_issues add column due_date date;

-- remember_jira_site moves the new column, too.
do $$ begin
  execute replace(
    pg_get_functiondef('remember_jira_site'::regproc), 'assignee, assignee_id, type,', 'assignee, assignee_id, due_date, type,'
  );
end $$;

alter table issue_changes
  drop constraint issue_changes_what_check,
  add constraint issue_changes_what_check check (what in (
    'status', 'assignee', 'priority', 'summary', 'due date', 'flagged', 'comment', 'comment edited', 'comment deleted', 'moved',
    'deleted', 'hidden', 'visible'
  ));
