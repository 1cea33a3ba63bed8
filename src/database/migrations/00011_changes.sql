-- What changed in issues since Maro knows them. change_id is made of Jira's own ids, so a change has one row, however often and
-- by whichever way Jira reports it. from_text and to_text: the value before and after. by_maro: made with Maro's Jira account.
create table issue_changes (
  tenant_id text not null,
  site text not null,
  issue_id text not null,
  change_id text not null,
  changed_at timestamptz not null,
  author_id text,
  author text,
  what text not null check (what in (
    'status', 'assignee', 'priority', 'summary', 'comment', 'comment edited', 'comment deleted', 'moved', 'deleted', 'hidden',
    'visible'
  )),
  from_text text,
  to_text text,
  from_category text check (from_category in ('new', 'indeterminate', 'done')),
  to_category text check (to_category in ('new', 'indeterminate', 'done')),
  by_maro boolean not null default false,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, site, issue_id, change_id)
);
create index issue_changes_newest on issue_changes (tenant_id, site, issue_id, changed_at);
create index issue_changes_age on issue_changes (changed_at);
create index issue_changes_recorded on issue_changes (recorded_at);

-- changes_since: what happened in Jira before this time is not a change, since Maro did not know the issue then.
-- history_read_to: when Jira had last updated the issue when Maro read its history.
alter table jira_issues
  add column changes_since timestamptz not null default now(),
  add column history_read_to timestamptz not null default now();
update jira_issues set changes_since = coalesce(jira_updated_at, changes_since), history_read_to = coalesce(jira_updated_at, history_read_to);

-- The projects of all issues. An index on jira_issues for them would attract the plans of other statements while the table is
-- new and has no statistics, and they would read all issues for each.
create table jira_projects (
  tenant_id text not null,
  site text not null,
  project text not null,
  primary key (tenant_id, site, project)
);
insert into jira_projects select distinct tenant_id, site, split_part(issue_key, '-', 1) from jira_issues;

-- When the channel first tracked the issue, and who did that. Tracking the issue again changes neither.
alter table tracked_issues add column added_at timestamptz not null default now(), add column added_by text;
update tracked_issues set added_at = tracked_at, added_by = tracked_by;
alter table untracked_issues
  add column added_at timestamptz not null default now(), add column added_by text, add column untracked_by text;
update untracked_issues set added_at = tracked_at, added_by = tracked_by;

-- How the sync with a site goes. delta_at: up to when the delta has read what changed. failing_since: since when Jira could not
-- be read, and trouble is why. left_out: projects that Jira refuses to search. swept_to: the
-- id of the issue up to which the sweep has come. After the last issue it starts anew.
create table jira_syncs (
  tenant_id text not null,
  site text not null,
  delta_at timestamptz,
  sweep_at timestamptz,
  swept_to text not null default '',
  webhook_at timestamptz,
  failing_since timestamptz,
  trouble text,
  left_out text[] not null default '{}',
  left_out_at timestamptz,
  primary key (tenant_id, site)
);

-- The webhook events that came. Jira sends an event again with the same id.
create table jira_events (
  tenant_id text not null,
  event_id text not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, event_id)
);
create index jira_events_age on jira_events (received_at);

-- As before, with the new columns and tables.
create or replace function remember_jira_site(
  given_tenant text, given_cloud_id text, given_url text, own text[], others text[], most_issues int,
  out known_as text, out known_addresses text[], out has_moved boolean
)
language plpgsql as $$
declare
  cloud text := given_cloud_id;
  mine jira_sites;
  twin jira_sites;
  stray text;
  ids text[];
begin
  -- Processes that call this at once take turns. Each statement below sees what was committed before it.
  lock table jira_sites in share row exclusive mode;

  select * into mine from jira_sites as s
  where s.tenant_id = given_tenant
    and (s.cloud_id = cloud or s.addresses && own and (cloud is null or s.cloud_id is null))
  order by s.cloud_id = cloud desc nulls last, own[1] = any (s.addresses) desc, s.site
  limit 1;
  if mine.site is null then
    insert into jira_sites (tenant_id, site, cloud_id, url, addresses)
    values (
      given_tenant,
      case when exists (select from jira_sites as s where (s.tenant_id, s.site) = (given_tenant, own[1])) then cloud else own[1] end,
      cloud, given_url, '{}'
    )
    returning * into mine;
  end if;
  cloud := coalesce(cloud, mine.cloud_id);

  known_addresses := mine.addresses;
  for twin in
    select * from jira_sites as s
    where s.tenant_id = given_tenant and s.site <> mine.site
      and s.addresses && own and (cloud is null or s.cloud_id is null)
    order by s.site
  loop
    delete from jira_sites as s where (s.tenant_id, s.site) = (given_tenant, twin.site);
    known_addresses := known_addresses || twin.addresses || twin.site;
    cloud := coalesce(cloud, twin.cloud_id);
  end loop;

  -- An address that another site had is this site's now.
  update jira_sites as s set addresses = left_to_it.addresses,
    url = case when s.url = any (own || others) then coalesce(left_to_it.addresses[1], s.site) else s.url end
  from (
    select t.site, array(
      select address from unnest(t.addresses) with ordinality as of_it (address, n)
      where address <> all (own || others) order by n
    ) as addresses
    from jira_sites as t where t.tenant_id = given_tenant
  ) as left_to_it
  where s.tenant_id = given_tenant and s.site = left_to_it.site and s.site <> mine.site and s.addresses && (own || others);

  known_as := mine.site;
  known_addresses := array(
    select address from unnest(known_addresses || own || others) with ordinality as of_it (address, n)
    group by address order by min(n)
  );
  update jira_sites as s set cloud_id = cloud, url = given_url, addresses = known_addresses
  where (s.tenant_id, s.site) = (given_tenant, mine.site)
    and (s.cloud_id, s.url, s.addresses) is distinct from (cloud, given_url, known_addresses);

  -- Issues that are stored under another address of the site: those of a merged site, and those of an older Maro.
  has_moved := false;
  foreach stray in array known_addresses loop
    continue when exists (select from jira_sites as s where (s.tenant_id, s.site) = (given_tenant, stray));
    continue when not exists (select from jira_issues where tenant_id = given_tenant and site = stray)
      and not exists (select from tracked_issues where tenant_id = given_tenant and site = stray)
      and not exists (select from untracked_issues where tenant_id = given_tenant and site = stray);
    -- Waits for the statements that write under the other address, in the order in which they lock the tables.
    lock table jira_issues, tracked_issues, untracked_issues in share row exclusive mode;
    has_moved := true;
    ids := array(
      (select issue_id from jira_issues where tenant_id = given_tenant and site = stray limit most_issues)
      union
      (select issue_id from tracked_issues where tenant_id = given_tenant and site = stray limit most_issues)
      union
      (select issue_id from untracked_issues where tenant_id = given_tenant and site = stray limit most_issues)
    );

    -- Of two rows for one issue the newer one stays, with what only the other one has.
    with moved as (
      delete from jira_issues where tenant_id = given_tenant and site = stray and issue_id = any (ids) returning *
    )
    insert into jira_issues as kept (
      tenant_id, site, issue_id, issue_key, former_keys, summary, status, status_category, assignee, type, priority,
      jira_updated_at, synced_at, gone_at, changes_since, history_read_to
    )
    select tenant_id, mine.site, issue_id, issue_key, former_keys, summary, status, status_category, assignee, type, priority,
      jira_updated_at, synced_at, gone_at, changes_since, history_read_to
    from moved
    on conflict (tenant_id, site, issue_id) do update set (
      issue_key, former_keys, summary, status, status_category, assignee, type, priority, jira_updated_at, synced_at, gone_at,
      changes_since, history_read_to
    ) = (
      select issue_key, array(
        select distinct key
        from unnest(kept.former_keys || kept.issue_key || excluded.former_keys || excluded.issue_key) as key
        where key <> newest.issue_key
      ), summary, status, status_category, assignee, type, priority, jira_updated_at, synced_at, gone_at,
        least(kept.changes_since, excluded.changes_since), least(kept.history_read_to, excluded.history_read_to)
      from (select kept.* union all select excluded.*) as newest
      order by case
        when kept.gone_at is null and excluded.gone_at is null and kept.jira_updated_at <> excluded.jira_updated_at
        then newest.jira_updated_at end desc, synced_at desc
      limit 1
    );

    with moved as (
      delete from tracked_issues where tenant_id = given_tenant and site = stray and issue_id = any (ids) returning *
    )
    insert into tracked_issues as kept (
      tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, door, message_link, operation_id
    )
    select tenant_id, channel_id, mine.site, issue_id, tracked_at, tracked_by, added_at, added_by, door, message_link,
      operation_id
    from moved
    on conflict (tenant_id, channel_id, site, issue_id) do update set (
      tracked_at, tracked_by, added_at, added_by, door, message_link, operation_id
    ) = (
      select tracked_at, tracked_by, least(kept.added_at, excluded.added_at),
        case when kept.added_at <= excluded.added_at then kept.added_by else excluded.added_by end, door,
        coalesce(message_link, kept.message_link, excluded.message_link), operation_id
      from (select kept.* union all select excluded.*) as newest order by tracked_at desc limit 1
    );

    with moved as (
      delete from untracked_issues where tenant_id = given_tenant and site = stray and issue_id = any (ids) returning *
    )
    insert into untracked_issues as kept (
      tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, added_at, added_by, door, message_link, operation_id,
      untracked_at, untracked_by, untracked_in, restored_in
    )
    select tenant_id, channel_id, mine.site, issue_id, tracked_at, tracked_by, added_at, added_by, door, message_link,
      operation_id, untracked_at, untracked_by, untracked_in, restored_in
    from moved
    on conflict (tenant_id, channel_id, untracked_in, site, issue_id) do update set (
      tracked_at, tracked_by, added_at, added_by, door, message_link, operation_id, untracked_at, untracked_by, restored_in
    ) = (
      select tracked_at, tracked_by, added_at, added_by, door,
        coalesce(message_link, kept.message_link, excluded.message_link), operation_id, untracked_at, untracked_by, coalesce(restored_in, kept.restored_in, excluded.restored_in)
      from (select kept.* union all select excluded.*) as newest order by tracked_at desc limit 1
    );

    with moved as (
      delete from jira_projects where tenant_id = given_tenant and site = stray returning *
    )
    insert into jira_projects select tenant_id, mine.site, project from moved on conflict do nothing;

    with moved as (
      delete from issue_changes where tenant_id = given_tenant and site = stray and issue_id = any (ids) returning *
    )
    insert into issue_changes (
      tenant_id, site, issue_id, change_id, changed_at, author_id, author, what, from_text, to_text, from_category,
      to_category, by_maro, recorded_at
    )
    select tenant_id, mine.site, issue_id, change_id, changed_at, author_id, author, what, from_text, to_text, from_category,
      to_category, by_maro, recorded_at
    from moved
    on conflict do nothing;
  end loop;
end
$$;
