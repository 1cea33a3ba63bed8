-- The last action in each open view, with Slack's time. Only the result of the latest action is shown. Slack does not show an
-- app the current state of a view, so processes coordinate through this table.
create table views (
  tenant_id text not null,
  view_id text not null,
  action_ts numeric not null,
  seen_at timestamptz not null,
  primary key (tenant_id, view_id)
);
create index views_age on views (seen_at);
