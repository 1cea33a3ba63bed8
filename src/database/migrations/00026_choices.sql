-- A person's choice that a step waits for, who chose, and the question's message: its channel and its timestamp.
alter table waits
  add column choice text,
  add column chosen_by text,
  add column asked_in text,
  add column asked_ts text;
