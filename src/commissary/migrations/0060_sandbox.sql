-- The sandbox: what its supplier, who is inside the process, sells to a test mall, and what was bought from him there. Nothing of it is
-- real; it is kept so that every process answers alike and a restart forgets nothing.

create schema sandbox;
grant usage on schema sandbox to commissary_app, commissary_vault, commissary_report;

create table sandbox.article (
  mall_id bigint not null,
  sku_id bigint not null,                                 -- the article's number at the supplier too
  name text not null check (length(name) between 1 and 200),
  kind text not null check (kind in ('code', 'topup')),
  cost_e4 bigint not null check (cost_e4 >= 0),
  field text not null default '',                         -- of a top-up: which of its fields is the account
  magic text not null default '' check (length(magic) <= 40),   -- how a purchase of it goes: '' as any
  primary key (mall_id, sku_id)
);
select base.declare_mall('sandbox.article', 'reference');

create table sandbox.purchase (
  home_id bigint not null,
  ref text not null check (length(ref) between 1 and 64), -- ours: one purchase under each
  connection_id bigint not null,
  sku_id bigint not null,
  quantity integer not null check (quantity > 0),
  gives integer not null check (gives between 0 and quantity),
  total_e4 bigint not null check (total_e4 >= 0),
  refunded_e4 bigint not null default 0 check (refunded_e4 between 0 and total_e4),
  state text not null check (state in ('doing', 'done', 'failed')),
  placed_at timestamptz not null,                         -- by the mall's own clock, as the next
  due_at timestamptz,                                     -- when it moves on by itself; null: it does not
  account bytea,                                          -- what was topped up, sealed: a callback repeats it
  primary key (home_id, ref)
);
select base.declare_distributed('sandbox.purchase');
create index purchase_due on sandbox.purchase (home_id, due_at) where due_at is not null;

grant select on sandbox.article, sandbox.purchase to commissary_app, commissary_report;
grant insert, update, delete on sandbox.article to commissary_app;
grant insert, update on sandbox.purchase to commissary_app;
