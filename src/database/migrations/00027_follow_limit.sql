-- Keeps the number of queries that a channel follows within the trigger's argument. Two statements that start at once cannot see
-- each other's rows. The second one waits for the first one here, and then counts with a new snapshot.
create function keep_follow_limit() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('follows ' || new.tenant_id || ' ' || new.channel_id, 0));
  if (
    select count(*) from follows
    where (tenant_id, channel_id) = (new.tenant_id, new.channel_id) and follow_id <> new.follow_id
  ) >= tg_argv[0]::int then
    return null;
  end if;
  return new;
end $$;

create trigger keep_follow_limit before insert on follows for each row execute function keep_follow_limit(10);
