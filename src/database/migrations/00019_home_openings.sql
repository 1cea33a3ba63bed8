-- The Home tabs that were opened lately. channels: those that the tab lists, for knowing when to draw it again. category: of which status
-- category it shows the person's issues; null is every one that is not done.
create table home_openings (
  tenant_id text not null,
  user_id text not null,
  team_id text,
  category text check (category in ('new', 'indeterminate', 'done')),
  channels text[] not null,
  opened_at timestamptz not null,
  drawn_at timestamptz not null,
  primary key (tenant_id, user_id)
);
create index home_openings_age on home_openings (opened_at);
