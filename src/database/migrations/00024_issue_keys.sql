-- A person names an issue by its key, and Maro finds what it has stored of the issue.
create index jira_issues_key on jira_issues (issue_key);
