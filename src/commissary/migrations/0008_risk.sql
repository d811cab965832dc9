-- Rules, lists and caps as data; verdicts that were not a plain yes, with their evidence.

create schema risk;
grant usage on schema risk to commissary_app, commissary_vault, commissary_report;

create table risk.rule (
  mall_id bigint not null,
  id bigint not null,
  name_zh text not null,
  name_en text not null,
  kind text not null check (kind in ('velocity', 'cap', 'list')),
  params jsonb not null,               -- typed by risk.types per kind
  action text not null check (action in ('refuse', 'review', 'observe')),
  enabled boolean not null default true,
  updated_at timestamptz not null,
  primary key (mall_id, id)
);
select base.declare_mall('risk.rule', 'reference');

create table risk.entry (
  mall_id bigint not null,
  id bigint not null,
  list text not null check (list in ('deny', 'allow', 'watch')),
  subject text not null check (subject in ('ip', 'buyer', 'key', 'device', 'target')),
  value text not null,                 -- cidr, id, or the hex blind index of a target account: never the account itself
  reason text not null default '',
  expires_at timestamptz,
  created_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, list, subject, value)
);
select base.declare_mall('risk.entry', 'reference');

create table risk.decision (
  home_id bigint not null,
  id bigint not null,
  order_id bigint,
  client_order_no text not null,
  buyer_id bigint not null,
  verdict text not null check (verdict in ('allow', 'review', 'refuse')),
  evidence jsonb not null,             -- which rules ran, what they saw, why
  at timestamptz not null,
  primary key (home_id, id)
);
create index decision_order on risk.decision (home_id, order_id);
select base.declare_distributed('risk.decision');

grant select on risk.rule, risk.entry, risk.decision to commissary_app, commissary_vault, commissary_report;
grant insert, update on risk.rule to commissary_app;
grant insert, update, delete on risk.entry to commissary_app;
grant insert on risk.decision to commissary_app, commissary_vault;
