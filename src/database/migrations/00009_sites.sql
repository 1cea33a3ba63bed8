-- The Jira sites that each tenant has used. `site` identifies a site in every table, and never changes: it is the address by
-- which Maro first knew the site, or the cloud id if another site was first known by that address. url is the address for
-- links. addresses are all that the site has had, and what identified the sites that were merged into it. No address belongs
-- to two sites of a tenant.
create table jira_sites (
  tenant_id text not null,
  site text not null,
  cloud_id text,
  url text not null,
  addresses text[] not null,
  primary key (tenant_id, site)
);
create unique index jira_sites_cloud on jira_sites (tenant_id, cloud_id);

-- An older Maro that still runs identifies a site by its address, so the sites that there are keep theirs.
insert into jira_sites (tenant_id, site, url, addresses)
  select tenant_id, site, site, array[site]
  from (
    select tenant_id, site from tracked_issues
    union
    select tenant_id, site from untracked_issues
    union
    select tenant_id, site from jira_issues
  ) as used;

-- Finds the site that Jira reports, or inserts it, and stores its addresses. own: the address of the site's API, first the one
-- that Jira reports. Two sites cannot have the same one. others: custom domains, which can move from one site to another, so
-- that they do not identify a site. Sites that turn out to be one become one, and so do their issues: a call moves at most
-- most_issues of each, and says whether it has moved any, so that the caller can call again.
create function remember_jira_site(
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
      jira_updated_at, synced_at, gone_at
    )
    select tenant_id, mine.site, issue_id, issue_key, former_keys, summary, status, status_category, assignee, type, priority,
      jira_updated_at, synced_at, gone_at
    from moved
    on conflict (tenant_id, site, issue_id) do update set (
      issue_key, former_keys, summary, status, status_category, assignee, type, priority, jira_updated_at, synced_at, gone_at
    ) = (
      select issue_key, array(
        select distinct key
        from unnest(kept.former_keys || kept.issue_key || excluded.former_keys || excluded.issue_key) as key
        where key <> newest.issue_key
      ), summary, status, status_category, assignee, type, priority, jira_updated_at, synced_at, gone_at
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
      tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
    )
    select tenant_id, channel_id, mine.site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
    from moved
    on conflict (tenant_id, channel_id, site, issue_id) do update set (
      tracked_at, tracked_by, door, message_link, operation_id
    ) = (
      select tracked_at, tracked_by, door, coalesce(message_link, kept.message_link, excluded.message_link), operation_id
      from (select kept.* union all select excluded.*) as newest order by tracked_at desc limit 1
    );

    with moved as (
      delete from untracked_issues where tenant_id = given_tenant and site = stray and issue_id = any (ids) returning *
    )
    insert into untracked_issues as kept (
      tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id,
      untracked_at, untracked_in, restored_in
    )
    select tenant_id, channel_id, mine.site, issue_id, tracked_at, tracked_by, door, message_link, operation_id,
      untracked_at, untracked_in, restored_in
    from moved
    on conflict (tenant_id, channel_id, untracked_in, site, issue_id) do update set (
      tracked_at, tracked_by, door, message_link, operation_id, untracked_at, restored_in
    ) = (
      select tracked_at, tracked_by, door, coalesce(message_link, kept.message_link, excluded.message_link), operation_id,
        untracked_at, coalesce(restored_in, kept.restored_in, excluded.restored_in)
      from (select kept.* union all select excluded.*) as newest order by tracked_at desc limit 1
    );
  end loop;
end
$$;
