-- The place of an issue's status category in the order of lists: in progress, to do, done.
create function place_of_category(status_category text) returns smallint
language sql immutable as $$
  select case status_category when 'indeterminate' then 0 when 'new' then 1 else 2 end::smallint
$$;

-- place: that of the category in jira_issues, so that a list reads its page and its counts from one index. The triggers below
-- keep it, also for an older Maro that still runs. Null: jira_issues has no row for the issue. A statement locks the rows of
-- jira_issues in the order of their keys before it locks rows of tracked_issues, so two statements cannot deadlock, and the
-- category cannot change between the moment when it is read and the moment when it is stored here.
alter table tracked_issues add column place smallint;
update tracked_issues as tracked set place = place_of_category(known.status_category)
from jira_issues as known
where (known.tenant_id, known.site, known.issue_id) = (tracked.tenant_id, tracked.site, tracked.issue_id);
drop index tracked_issues_newest;
create index tracked_issues_list on tracked_issues (tenant_id, channel_id, place, tracked_at desc, issue_id desc);
create index tracked_issues_unplaced on tracked_issues (issue_id) where place is null;

create function place_tracked_issue() returns trigger
language plpgsql as $$
begin
  select place_of_category(known.status_category) into new.place from jira_issues as known
  where (known.tenant_id, known.site, known.issue_id) = (new.tenant_id, new.site, new.issue_id)
  for no key update;
  return new;
end
$$;
create trigger place before insert on tracked_issues for each row when (new.place is null) execute function place_tracked_issue();

create function follow_category() returns trigger
language plpgsql as $$
begin
  update tracked_issues as tracked set place = place_of_category(new.status_category)
  where (tracked.tenant_id, tracked.site, tracked.issue_id) = (new.tenant_id, new.site, new.issue_id)
    and tracked.place is distinct from place_of_category(new.status_category);
  return null;
end
$$;
create trigger follow_category after update of status_category on jira_issues for each row
  when (new.status_category <> old.status_category) execute function follow_category();

create function place_unplaced() returns trigger
language plpgsql as $$
begin
  update tracked_issues as tracked set place = place_of_category(known.status_category)
  from (select ctid, tenant_id, site, issue_id from tracked_issues where place is null offset 0) as unplaced
  cross join lateral (
    select status_category from jira_issues as k
    where (k.tenant_id, k.site, k.issue_id) = (unplaced.tenant_id, unplaced.site, unplaced.issue_id) limit 1
  ) as known
  where tracked.ctid = unplaced.ctid and tracked.place is null;
  return null;
end
$$;
create trigger place_unplaced after insert on jira_issues for each statement execute function place_unplaced();
