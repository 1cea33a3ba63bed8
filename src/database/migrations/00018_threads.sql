-- threads: replies in the threads from which issues came. next_at is then when Maro looks for changes next.
alter table notifications
  drop constraint notifications_kind_check,
  add constraint notifications_kind_check check (kind in ('daily', 'weekly', 'threads'));
