-- Webhook endpoints, deliveries and their attempts.

create schema notify;
grant usage on schema notify to commissary_app, commissary_vault, commissary_report;

create table notify.endpoint (
  mall_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  url text not null check (length(url) between 1 and 2048),
  events text[] not null,              -- empty: all
  secret bytea not null,               -- sealed
  secret_at timestamptz not null,
  old_secret bytea,
  old_secret_until timestamptz,
  state text not null default 'active' check (state in ('active', 'paused', 'disabled')),
  state_reason text not null default '',
  failures integer not null default 0,
  failing_since timestamptz,
  quiet_until timestamptz,             -- no request before
  paused_at timestamptz,
  created_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id),
  check ((old_secret is null) = (old_secret_until is null)),
  check (state <> 'paused' or paused_at is not null)
) with (fillfactor = 60);
create index endpoint_owner on notify.endpoint (mall_id, organisation_id);
select base.declare_mall('notify.endpoint', 'local');

create table notify.delivery (
  home_id bigint not null,
  id bigint not null,
  endpoint_id bigint not null,
  event_id text not null,              -- webhook-id: receivers dedupe by it
  event text not null,
  subject_id bigint not null,          -- deliveries of one subject go in order of n; 0: on its own
  n integer not null,
  url text,                            -- the order's own callback; null: the endpoint's
  body bytea not null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'delivered', 'dead')),
  reason text not null default '',     -- why it is dead
  attempts smallint not null default 0,
  due_at timestamptz not null,         -- of one being sent: when its lease ends
  lease bigint not null default 0,     -- who is sending it: only he may say what came of it
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (home_id, id),
  unique (home_id, endpoint_id, event_id),
  check ((state in ('delivered', 'dead')) = (ended_at is not null))
);
create index delivery_due on notify.delivery (home_id, due_at) where state in ('waiting', 'sending');
create index delivery_next on notify.delivery (home_id, endpoint_id, due_at, id) where state in ('waiting', 'sending');
create index delivery_order on notify.delivery (home_id, endpoint_id, subject_id, n, id) where state in ('waiting', 'sending');
create index delivery_sending on notify.delivery (home_id, endpoint_id) where state = 'sending';
create index delivery_ended on notify.delivery (home_id, ended_at) where ended_at is not null;
create index delivery_subject on notify.delivery (home_id, subject_id);
select base.declare_distributed('notify.delivery');

create table notify.attempt (
  home_id bigint not null,
  delivery_id bigint not null,
  id bigint not null,
  at timestamptz not null,
  status smallint,                     -- of the answer; null when none came
  error text not null default '',
  elapsed_ms integer not null,
  answer text not null default '',     -- its first characters
  primary key (home_id, delivery_id, id)
);
select base.declare_distributed('notify.attempt');

-- Before any mall is known, hence security definer. A walk from home to home: the backlog of one is not read.
create function notify.homes_due(p_now timestamptz) returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  with recursive h (home) as (
    (select d.home_id from notify.delivery d where d.state in ('waiting', 'sending') order by d.home_id limit 1)
    union all
    select (select d.home_id from notify.delivery d
            where d.state in ('waiting', 'sending') and d.home_id > h.home order by d.home_id limit 1)
    from h where h.home is not null
  )
  select h.home from h
  where h.home is not null and exists (
    select from notify.delivery d where d.home_id = h.home and d.state in ('waiting', 'sending') and d.due_at <= p_now)
$$;

-- For tidying up: homes with deliveries that ended before a time.
create function notify.homes_ended(p_before timestamptz) returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  with recursive h (home) as (
    (select d.home_id from notify.delivery d where d.ended_at is not null order by d.home_id limit 1)
    union all
    select (select d.home_id from notify.delivery d
            where d.ended_at is not null and d.home_id > h.home order by d.home_id limit 1)
    from h where h.home is not null
  )
  select h.home from h
  where h.home is not null and exists (
    select from notify.delivery d where d.home_id = h.home and d.ended_at is not null and d.ended_at < p_before)
$$;
revoke all on function notify.homes_due(timestamptz), notify.homes_ended(timestamptz) from public;
grant execute on function notify.homes_due(timestamptz), notify.homes_ended(timestamptz) to commissary_app;

grant select on notify.endpoint, notify.delivery, notify.attempt to commissary_app, commissary_report;
grant insert, update on notify.endpoint, notify.delivery to commissary_app;
grant insert on notify.attempt to commissary_app;
grant delete on notify.delivery, notify.attempt to commissary_app;
