-- Webhook endpoints, deliveries and their attempts.

create schema notify;
grant usage on schema notify to commissary_app, commissary_vault, commissary_report;

create table notify.endpoint (
  mall_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  url text not null,
  events text[] not null,              -- empty: all
  secret bytea not null,               -- encrypted
  old_secret bytea,
  old_secret_until timestamptz,
  state text not null default 'active' check (state in ('active', 'paused', 'disabled')),
  state_reason text not null default '',
  failures integer not null default 0,
  created_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id)
);
create index endpoint_owner on notify.endpoint (mall_id, organisation_id);
select base.declare_mall('notify.endpoint', 'local');

create table notify.delivery (
  home_id bigint not null,
  id bigint not null,
  endpoint_id bigint not null,
  event_id text not null,              -- webhook-id: receivers dedupe by it
  event text not null,
  subject_id bigint not null,          -- order: deliveries of one subject go in order of n
  n integer not null,
  body bytea not null,
  state text not null default 'due' check (state in ('due', 'delivered', 'dead', 'cancelled')),
  attempts smallint not null default 0,
  due_at timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (home_id, id),
  unique (home_id, endpoint_id, event_id)
);
create index delivery_due on notify.delivery (home_id, due_at) where state = 'due';
create index delivery_order on notify.delivery (home_id, endpoint_id, subject_id, n) where state = 'due';
select base.declare_distributed('notify.delivery');

create table notify.attempt (
  home_id bigint not null,
  delivery_id bigint not null,
  n smallint not null,
  at timestamptz not null,
  status smallint,                     -- of the answer; null when none came
  error text not null default '',
  elapsed_ms integer not null,
  answer text not null default '',     -- first 500 characters
  primary key (home_id, delivery_id, n)
);
select base.declare_distributed('notify.attempt');

create function notify.homes_due(p_now timestamptz) returns table (home_id bigint)
language sql stable security definer set search_path = '' as
$$ select distinct d.home_id from notify.delivery d where d.state = 'due' and d.due_at <= p_now $$;
revoke all on function notify.homes_due(timestamptz) from public;
grant execute on function notify.homes_due(timestamptz) to commissary_app;

grant select on notify.endpoint, notify.delivery, notify.attempt to commissary_app, commissary_report;
grant insert, update on notify.endpoint, notify.delivery to commissary_app;
grant insert on notify.attempt to commissary_app;
