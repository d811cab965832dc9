-- Calls of the partner API, for whoever writes the program that makes them. Beside the order path, in batches: what is in
-- here may be a sample, the counts are not.

create schema insight;
grant usage on schema insight to commissary_app, commissary_vault, commissary_report;

create table insight.call (
  home_id bigint not null,
  id bigint not null,
  at timestamptz not null,
  organisation_id bigint not null,
  key_id text not null,
  method text not null,
  route text not null,                  -- as the documents write it
  path text not null,
  status smallint not null,
  code text not null,                   -- of the refusal; empty: none
  ip text not null,
  idempotency_key text not null,
  elapsed_us integer not null,
  request_id text not null,
  refusal text,                         -- the answer that refused
  request text,                         -- what was asked, without anybody's data
  primary key (home_id, id)
);
create index call_of on insight.call (home_id, organisation_id, id);
select base.declare_distributed('insight.call');

create table insight.call_count (
  home_id bigint not null,
  hour timestamptz not null,
  organisation_id bigint not null,
  route text not null,
  status smallint not null,
  code text not null,
  calls bigint not null check (calls > 0),
  slots bigint[] not null,              -- how many took how long: see insight.rules
  primary key (home_id, hour, organisation_id, route, status, code)
) with (fillfactor = 70);
select base.declare_distributed('insight.call_count');

grant select on insight.call, insight.call_count to commissary_app, commissary_vault, commissary_report;
grant insert, delete on insight.call to commissary_app;
grant insert, update, delete on insight.call_count to commissary_app;
