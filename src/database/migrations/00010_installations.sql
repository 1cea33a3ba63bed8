-- Who opened Home first in each installation, and whether that person has put away the checklist for admins.
create table installations (
  tenant_id text primary key,
  first_user text not null,
  is_checked boolean not null default false
);
