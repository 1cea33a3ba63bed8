-- Channels in which Maro has to pause: archived ones, and those from which it was removed. changed_at: Slack's time of the last event
-- about the channel, since events can come late and in any order.
create table channel_states (
  tenant_id text not null,
  channel_id text not null,
  archived_at timestamptz,
  left_at timestamptz,
  changed_at timestamptz not null,
  primary key (tenant_id, channel_id)
);

-- installed_at: when Maro last started with a token that works. uninstalled_at: when the app was uninstalled. A day later, everything
-- that is stored of the tenant is deleted.
alter table installations
  alter column first_user drop not null,
  add column installed_at timestamptz,
  add column uninstalled_at timestamptz;

-- Gives everything of a channel to the id that the channel has now. Where both ids have a row for the same thing, that of the new id
-- stays. Every table with these columns counts, so that a new table needs no change here.
create function move_channel(given_tenant text, former text, current text) returns void
language plpgsql as $$
declare
  each record;
begin
  for each in select * from tables_of_channels() loop
    execute format(
      'update %1$s as mine set channel_id = $3 where mine.tenant_id = $1 and mine.channel_id = $2 and not exists (
         select from %1$s as other where other.tenant_id = $1 and other.channel_id = $3 and %2$s)',
      each.name, each.same
    ) using given_tenant, former, current;
    execute format('delete from %s where tenant_id = $1 and channel_id = $2', each.name) using given_tenant, former;
  end loop;
end
$$;

-- The tables that have a tenant and a channel, and what makes two of their rows the same thing in two channels.
create function tables_of_channels(out name regclass, out same text) returns setof record
language sql as $$
  select key.indrelid::regclass, coalesce(string_agg(format('other.%1$I = mine.%1$I', attname), ' and ')
    filter (where attname not in ('tenant_id', 'channel_id')), 'true')
  from pg_index as key
  join pg_class as class on class.oid = key.indrelid and class.relnamespace = current_schema()::regnamespace
  join pg_attribute as attribute on attribute.attrelid = key.indrelid and attribute.attnum = any (key.indkey)
  where key.indisprimary
  group by key.indrelid
  having count(*) filter (where attname in ('tenant_id', 'channel_id')) = 2
  order by key.indrelid::regclass::text
$$;

-- Deletes everything that is stored of a channel.
create function forget_channel(given_tenant text, channel text) returns void
language plpgsql as $$
declare
  each record;
begin
  for each in select * from tables_of_channels() loop
    execute format('delete from %s where tenant_id = $1 and channel_id = $2', each.name) using given_tenant, channel;
  end loop;
end
$$;

-- Deletes everything that is stored of a tenant.
create function forget_tenant(given_tenant text) returns void
language plpgsql as $$
declare
  name regclass;
begin
  for name in
    select attribute.attrelid from pg_attribute as attribute
    join pg_class as class on class.oid = attribute.attrelid and class.relkind = 'r'
    where class.relnamespace = current_schema()::regnamespace and attribute.attname = 'tenant_id'
    order by attribute.attrelid::regclass::text
  loop
    execute format('delete from %s where tenant_id = $1', name) using given_tenant;
  end loop;
end
$$;
