-- One row for each run: a step, form, late command, shortcut, button press, or later look for an issue. due_at is when another
-- process may claim the run, and is null once nothing is left to do. vain: the run failed and created nothing, so its id may be
-- used again.
create table runs (
  tenant_id text not null,
  run_id text not null,
  kind text not null,
  door text not null,
  inputs json not null,
  accepted_at timestamptz not null,
  attempts int not null,
  claimed_by text not null,
  due_at timestamptz,
  outcome json,
  vain boolean not null default false,
  finished_at timestamptz,
  tellings int not null default 0,
  told_at timestamptz,
  primary key (tenant_id, run_id)
);
create index runs_due on runs (tenant_id, due_at) where due_at is not null;
create index runs_age on runs (accepted_at);

-- Create calls to Jira, which must not be repeated. The row is written before the call, so that a process that resumes after a
-- crash knows that there may be an issue. outcome: what was created, or why nothing was.
create table creates (
  tenant_id text not null,
  create_id text not null,
  state text not null check (state in ('sending', 'created', 'refused', 'unknown')),
  outcome json,
  sent_by text not null,
  sent_at timestamptz not null,
  primary key (tenant_id, create_id)
);
create index creates_age on creates (sent_at);

insert into creates
  select tenant_id, request_id, state, outcome, coalesce(sent_by, claimed_by), coalesce(sent_at, accepted_at)
  from requests where state <> 'accepted';

insert into runs (
  tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, due_at, outcome, finished_at, told_at
)
  select tenant_id, function_execution_id, 'step', 'step',
    json_build_object('callback_id', callback_id, 'inputs', inputs), accepted_at, 1, claimed_by,
    case when finished_at is null then claimed_at + interval '20 seconds' end, outcome, finished_at, finished_at
  from step_executions;

-- Requests that Maro ran for a step had no inputs of their own.
insert into runs (
  tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, due_at, outcome, vain, finished_at, told_at
)
  select tenant_id, request_id, 'workflow', door, json_build_object('workflow', kind, 'inputs', inputs), accepted_at, 1,
    claimed_by, case when finished_at is null then claimed_at + interval '20 seconds' end,
    case when finished_at is not null then '{"state":"completed","steps":[]}'::json end,
    finished_at is not null and state in ('accepted', 'refused'), finished_at, finished_at
  from requests where inputs is not null and door is not null
on conflict do nothing;

-- Late commands and shortcuts were jobs.
insert into runs (tenant_id, run_id, kind, door, inputs, accepted_at, attempts, claimed_by, due_at)
  select split_part(task.identifier, ':', 2), job.payload ->> 'operation',
    case split_part(task.identifier, ':', 1) when 'answer_command' then 'command' else 'mentioned' end,
    case split_part(task.identifier, ':', 1) when 'answer_command' then 'command' else 'shortcut' end,
    job.payload, job.created_at, 1, 'an older Maro', job.run_at
  from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id
  where split_part(task.identifier, ':', 1) in ('answer_command', 'track_mentioned')
on conflict do nothing;
delete from graphile_worker._private_jobs
  where task_id in (
    select id from graphile_worker._private_tasks
    where split_part(identifier, ':', 1) in ('answer_command', 'track_mentioned', 'finish_step', 'run_request')
  );

drop table step_executions;
drop table requests;
