-- Buying for the shelf before it is empty: by policy, within a budget, above a limit with a person's word. Its purchases
-- are supply.attempt rows like any other: order_id is the plan's id, and line_no is −1, −2, … for its parts; no order's
-- line has a number below 1.

-- What the whole mall may spend; without a row nothing is bought for the shelf.
create table fulfilment.restock_limits (
  home_id bigint not null,
  monthly_budget_e4 bigint not null check (monthly_budget_e4 >= 0),
  approval_e4 bigint not null check (approval_e4 >= 0),     -- a plan above it waits for a person, whatever its policy says
  version integer not null default 1,
  set_by text not null,
  set_at timestamptz not null,
  primary key (home_id)
);
select base.declare_distributed('fulfilment.restock_limits');

create table fulfilment.restock_policy (
  home_id bigint not null,
  sku_id bigint not null,
  active boolean not null,
  reorder_at integer check (reorder_at >= 0),               -- pieces
  reorder_days smallint check (reorder_days between 1 and 365),
  cover_days smallint not null check (cover_days between 1 and 365),
  most_pieces integer not null check (most_pieces > 0),     -- of one plan
  most_unit_e4 bigint not null check (most_unit_e4 >= 0),
  monthly_budget_e4 bigint not null check (monthly_budget_e4 >= 0),
  approval_e4 bigint not null check (approval_e4 >= 0),
  version integer not null default 1,
  set_by text not null,                                     -- the maker of its plans: he approves none of them
  set_at timestamptz not null,
  sold_7 bigint not null default 0,                         -- pieces ordered in the last days, as last counted
  sold_28 bigint not null default 0,
  counted_at timestamptz,
  note text not null default '',                            -- why nothing was proposed when it was last looked at
  primary key (home_id, sku_id),
  check (reorder_at is not null or reorder_days is not null)
);
select base.declare_distributed('fulfilment.restock_policy');

create table fulfilment.restock (
  home_id bigint not null,
  id bigint not null,
  sku_id bigint not null,
  quantity integer not null check (quantity > 0),
  unit_cost_e4 bigint not null check (unit_cost_e4 >= 0),   -- as proposed: no piece is bought dearer
  currency text not null,
  offer_id bigint not null,
  supplier_id bigint not null,
  why jsonb not null,                                       -- what was seen: stock, sales, and every offer with its score
  payload bytea not null check (length(payload) = 32),      -- hash of what a person approves
  made_by text not null,
  state text not null check (state in ('proposed', 'going', 'done', 'failed', 'refused', 'lapsed')),
  reason text not null default '',
  received integer not null default 0 check (received >= 0),
  decided_by text not null default '',
  proposed_at timestamptz not null,
  decided_at timestamptz,
  ended_at timestamptz,
  primary key (home_id, id),
  check ((state in ('proposed', 'going')) = (ended_at is null))
);
-- One plan at a time for a SKU, whoever proposes.
create unique index restock_open on fulfilment.restock (home_id, sku_id) where state in ('proposed', 'going');
create index restock_sku on fulfilment.restock (home_id, sku_id, id);
select base.declare_distributed('fulfilment.restock');

-- One purchase of a plan. `committed_e4` is taken from the budget of `month` while it is being bought.
create table fulfilment.restock_part (
  home_id bigint not null,
  restock_id bigint not null,
  part_no smallint not null check (part_no > 0),
  sku_id bigint not null,
  quantity integer not null check (quantity > 0),
  state text not null check (state in ('waiting', 'buying', 'done', 'failed', 'reversing', 'reversed')),
  reason text not null default '',
  month date,
  committed_e4 bigint not null default 0 check (committed_e4 >= 0),
  cost_e4 bigint not null default 0 check (cost_e4 >= 0),   -- spent, less what came back
  received integer not null default 0 check (received >= 0),
  attempt_id bigint,
  batch_id bigint,
  next_at timestamptz,                                      -- when somebody is to look at it
  primary key (home_id, restock_id, part_no),
  foreign key (home_id, restock_id) references fulfilment.restock (home_id, id),
  check (state = 'buying' or committed_e4 = 0),
  check (state in ('waiting', 'reversing') or next_at is null)
);
create index restock_part_due on fulfilment.restock_part (home_id, next_at) where next_at is not null;
create index restock_part_month on fulfilment.restock_part (home_id, month, sku_id) where month is not null;
select base.declare_distributed('fulfilment.restock_part');

-- The budget of one month, counted down in the transaction that begins a purchase; sku_id 0: the whole mall. `limit_e4`
-- never lies below what is used. `late_e4`: purchases that turned out to be made after their money had been given back,
-- as far as the budget had no room for them any more: the one thing that nobody can refuse.
create table fulfilment.restock_month (
  home_id bigint not null,
  sku_id bigint not null,
  month date not null,
  limit_e4 bigint not null check (limit_e4 >= 0),
  committed_e4 bigint not null default 0 check (committed_e4 >= 0),
  spent_e4 bigint not null default 0 check (spent_e4 >= 0),
  late_e4 bigint not null default 0 check (late_e4 >= 0),
  primary key (home_id, sku_id, month),
  check (committed_e4 + spent_e4 <= limit_e4)
);
select base.declare_distributed('fulfilment.restock_month');

grant select on fulfilment.restock_limits, fulfilment.restock_policy, fulfilment.restock, fulfilment.restock_part,
  fulfilment.restock_month to commissary_app, commissary_vault, commissary_report;
grant insert, update on fulfilment.restock_limits, fulfilment.restock_policy to commissary_app;
grant insert on fulfilment.restock, fulfilment.restock_part to commissary_app;
-- What was proposed is what is approved is what is bought.
grant update (state, reason, received, decided_by, decided_at, ended_at) on fulfilment.restock to commissary_app, commissary_vault;
grant update (state, reason, month, committed_e4, cost_e4, received, attempt_id, batch_id, next_at)
  on fulfilment.restock_part to commissary_app, commissary_vault;
grant insert, update on fulfilment.restock_month to commissary_vault;
