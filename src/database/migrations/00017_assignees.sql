-- Jira's id of the assignee's account. Null until Maro reads the issue again, which the sweep does within about an hour.
alter table jira_issues add column assignee_id text;

-- remember_jira_site moves the new column, too.
do $$ begin
  execute replace(pg_get_functiondef('remember_jira_site'::regproc), 'assignee, type,', 'assignee, assignee_id, type,');
end $$;
