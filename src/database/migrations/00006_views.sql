-- When somebody last acted in a view that is open, as Slack tells it. Only the answer to that is drawn. Slack shows an app no view
-- that another call has replaced, so that processes can tell each other only here.
create table views (
  tenant_id text not null,
  view_id text not null,
  action_ts numeric not null,
  seen_at timestamptz not null,
  primary key (tenant_id, view_id)
);
create index views_age on views (seen_at);
