-- Background jobs with their progress, and the turns of periodic work.

create schema jobs;
grant usage on schema jobs to commissary_app, commissary_vault, commissary_report;

create table jobs.job (
  mall_id bigint not null references tenancy.mall (id),
  id bigint not null,
  kind text not null check (kind ~ '^[a-z][a-z_.]{0,63}$'),
  payload jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  done bigint not null default 0 check (done >= 0),
  total bigint check (total >= 0),
  unit text not null default '',
  cursor jsonb,                        -- how far it came: where a later try goes on
  result jsonb,
  error text not null default '',      -- a code, never a message: messages quote data
  cancel_asked boolean not null default false,
  attempts smallint not null default 0,
  due_at timestamptz not null,         -- of a running one: when its lease ends
  lease bigint not null default 0,
  created_by text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (mall_id, id),
  check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null))
);
create index job_due on jobs.job (due_at) where state in ('queued', 'running');
create index job_kind on jobs.job (mall_id, kind, id);
select base.declare_mall('jobs.job', 'local');

-- Periodic work of the platform: whoever takes a turn does it, in one process at a time.
create table jobs.turn (
  name text primary key,
  due_at timestamptz not null,
  leased_until timestamptz,
  lease bigint not null default 0,
  last_at timestamptz,
  last_ms integer,
  last_error text not null default ''
);
select base.declare_platform('jobs.turn', 'local');

-- Before any mall is known, hence security definer.
create function jobs.malls_due(p_now timestamptz) returns table (mall_id bigint)
language sql stable security definer set search_path = '' as $$
  select distinct j.mall_id from jobs.job j where j.state in ('queued', 'running') and j.due_at <= p_now
$$;
revoke all on function jobs.malls_due(timestamptz) from public;
grant execute on function jobs.malls_due(timestamptz) to commissary_app;

grant select on jobs.job, jobs.turn to commissary_app, commissary_vault, commissary_report;
grant insert on jobs.job to commissary_app, commissary_vault;
grant update on jobs.job to commissary_app;
grant insert, update on jobs.turn to commissary_app;
