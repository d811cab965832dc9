-- Buying: our accounts with suppliers, what they offer for our SKUs, and every purchase from before its first byte.

create schema supply;
grant usage on schema supply to commissary_app, commissary_vault, commissary_report;

-- One account with one supplier, spoken to by one protocol.
create table supply.connection (
  mall_id bigint not null,
  id bigint not null,
  supplier_id bigint not null,
  name text not null check (length(name) between 1 and 80),
  protocol text not null,              -- supply.connectors.TABLE
  base_url text not null,
  account text not null,
  secret bytea not null,               -- sealed; never shown
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  settings jsonb not null default '{}',
  callback_token text not null,        -- the address that its callbacks come to
  quiet_s integer check (quiet_s between 0 and 86400),        -- null: the protocol's own
  at_once smallint not null default 16 check (at_once between 1 and 512),   -- purchases on their way at the same time
  state text not null default 'on' check (state in ('on', 'paused', 'off')),
  reason text not null default '',     -- why it is not on
  state_at timestamptz not null,
  balance_e4 bigint,                   -- as last told
  balance_at timestamptz,
  low_balance_e4 bigint,
  version integer not null default 1,
  created_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, name),
  foreign key (mall_id, supplier_id) references partners.supplier (mall_id, id)
);
create unique index connection_token on supply.connection (mall_id, callback_token);
select base.declare_mall('supply.connection', 'reference');

-- Callbacks come without a mall: whose token it is.
create function supply.connection_of_token(p_token text) returns table (mall_id bigint, id bigint)
language sql stable security definer set search_path = '' as
$$ select c.mall_id, c.id from supply.connection c where c.callback_token = p_token and length(p_token) >= 32 $$;
revoke all on function supply.connection_of_token(text) from public;
grant execute on function supply.connection_of_token(text) to commissary_app;
create index connection_by_token on supply.connection (callback_token);

-- A supplier's article that serves one of our SKUs. Never removed: attempts point here.
create table supply.offer (
  mall_id bigint not null,
  id bigint not null,
  connection_id bigint not null,
  good_id text not null check (length(good_id) between 1 and 120),
  sku_id bigint not null,
  good_name text not null default '',
  kind text not null check (kind in ('code', 'topup')),
  unit_cost_e4 bigint not null check (unit_cost_e4 >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  stock integer check (stock >= 0),    -- null: not told
  on_sale boolean not null default true,
  least integer not null default 1 check (least >= 1),
  most integer check (most >= least),
  field_map jsonb not null default '{}',   -- our field → theirs
  weight smallint not null default 100 check (weight between 0 and 10000),
  canary_bp smallint not null default 0 check (canary_bp between 0 and 10000),
  warranty_hours integer not null default 0 check (warranty_hours >= 0),
  held_cost_e4 bigint check (held_cost_e4 >= 0),   -- a jump that waits for a person; the offer is not bought meanwhile
  state text not null default 'on' check (state in ('on', 'off')),
  rev bigint not null,                 -- the mall's epoch that changed it
  seen_at timestamptz not null,        -- when the supplier last told of it
  created_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, connection_id, good_id, sku_id),
  foreign key (mall_id, connection_id) references supply.connection (mall_id, id),
  foreign key (mall_id, sku_id) references catalog.sku (mall_id, id)
);
create index offer_rev on supply.offer (mall_id, rev);
create index offer_sku on supply.offer (mall_id, sku_id);
select base.declare_mall('supply.offer', 'reference');

-- What placing an order relies on: per SKU a piece's cost at the cheapest offer that can be bought now; null when none
-- can. Made anew for the SKUs that a change touches, in the transaction of the change.
create table supply.shelf (
  mall_id bigint not null,
  sku_id bigint not null,
  unit_cost_e4 bigint,
  rev bigint not null,
  primary key (mall_id, sku_id)
);
select base.declare_mall('supply.shelf', 'reference');

-- How a SKU is bought; without a row: cheapest, three tries, then the money is free again.
create table supply.policy (
  mall_id bigint not null,
  sku_id bigint not null,
  strategy text not null check (strategy in ('cheapest', 'quality', 'weighted', 'sticky')),
  tries smallint not null default 3 check (tries between 1 and 10),
  exhausted text not null default 'fail' check (exhausted in ('fail', 'people')),
  patience_s integer not null default 600 check (patience_s between 0 and 604800),
  rev bigint not null,
  primary key (mall_id, sku_id),
  foreign key (mall_id, sku_id) references catalog.sku (mall_id, id)
);
select base.declare_mall('supply.policy', 'reference');

-- A purchase, committed before its first byte leaves. Its id is the reference that the supplier gets.
create table supply.attempt (
  home_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  n smallint not null,                 -- the how-manieth for this line
  sku_id bigint not null,
  offer_id bigint not null,
  connection_id bigint not null,
  supplier_id bigint not null,
  good_id text not null,
  kind text not null check (kind in ('code', 'topup')),
  quantity integer not null check (quantity > 0),
  most_unit_e4 bigint not null check (most_unit_e4 >= 0),   -- signed into the purchase
  unit_cost_e4 bigint not null,        -- as offered when it was chosen
  currency text not null,
  why bytea not null,                  -- the choice: every offer with its score or what excluded it
  state text not null check (state in ('calling', 'accepted', 'unknown', 'succeeded', 'failed', 'surplus')),
  answer bytea,                        -- codes of an answer that does not fit, sealed, until somebody has decided
  reason text not null default '',
  said text not null default '',
  supplier_ref text not null default '',
  cost_e4 bigint,
  refunded_e4 bigint not null default 0,
  asked smallint not null default 0,   -- how often it was asked about
  missing_since timestamptz,           -- since when the supplier says that it knows no such order
  next_at timestamptz,                 -- when to ask again
  people_at timestamptz,               -- since when it waits for a person
  called_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  primary key (home_id, id),
  check ((state in ('calling', 'accepted', 'unknown')) = (ended_at is null)),
  check (state in ('calling', 'accepted', 'unknown') or next_at is null)
);
-- Whatever anybody does, a line has at most one purchase that may have been made and is not known to have failed.
create unique index attempt_live on supply.attempt (home_id, order_id, line_no)
  where state in ('calling', 'accepted', 'unknown', 'succeeded');
create index attempt_line on supply.attempt (home_id, order_id, line_no, n);
create index attempt_due on supply.attempt (home_id, next_at) where next_at is not null;
create index attempt_people on supply.attempt (home_id, people_at) where people_at is not null;
create index attempt_connection on supply.attempt (home_id, connection_id, id);
select base.declare_distributed('supply.attempt');

grant select on supply.connection, supply.offer, supply.policy, supply.shelf to commissary_app, commissary_vault, commissary_report;
grant select on supply.attempt to commissary_vault;
-- The web role and reports see purchases, never the codes of an answer.
grant select (home_id, id, order_id, line_no, n, sku_id, offer_id, connection_id, supplier_id, good_id, kind, quantity,
  most_unit_e4, unit_cost_e4, currency, why, state, reason, said, supplier_ref, cost_e4, refunded_e4, asked, missing_since,
  next_at, people_at, called_at, answered_at, ended_at) on supply.attempt to commissary_app, commissary_report;
grant insert, update on supply.connection, supply.offer, supply.policy, supply.shelf to commissary_app;
grant delete on supply.shelf to commissary_app;
grant insert on supply.attempt to commissary_vault;
grant update (state, reason, said, supplier_ref, cost_e4, refunded_e4, asked, missing_since, next_at, people_at,
  answered_at, ended_at, answer) on supply.attempt to commissary_vault;
