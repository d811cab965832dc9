-- Accounts, transfers, holds, credit lines, statements. A transfer is one row with two sides: double entry by
-- construction. Balances are credits minus debits; over a home and currency they sum to zero.

create schema ledger;
grant usage on schema ledger to commissary_app, commissary_vault, commissary_report;

create table ledger.account (
  home_id bigint not null,
  id bigint not null,
  owner_id bigint not null,            -- organisation
  sub text not null default '',        -- department or purpose within the owner
  kind text not null check (kind in ('wallet', 'revenue', 'cash', 'payable', 'prepaid', 'clearing', 'debt', 'fees', 'adjustment',
    'split', 'agent')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  balance_e4 bigint not null default 0,
  held_e4 bigint not null default 0 check (held_e4 >= 0),
  floor_e4 bigint,                     -- null: a system account without a floor
  limit_e4 bigint not null default 0 check (limit_e4 >= 0),
  state text not null default 'open' check (state in ('open', 'locked', 'closed')),
  lock_reason text not null default '',
  updated_at timestamptz not null,
  primary key (home_id, id),
  unique (home_id, owner_id, sub, kind, currency),
  -- Free money never falls under the floor: not by orders, not by holds.
  constraint account_floor check (floor_e4 is null or balance_e4 - held_e4 >= floor_e4),
  check (floor_e4 is null or floor_e4 <= 0),
  check (kind <> 'wallet' or floor_e4 is not null),
  -- Money that a payment provider splits for a principal who is not us: `split` is what the provider holds, `agent` a
  -- supplier's share. Their ids are negative, and no transfer joins a negative id with a positive one (below): our cash,
  -- our revenue and our buyers' wallets have no way to an agent supplier, whoever writes the row.
  constraint account_books check ((kind in ('split', 'agent')) = (id < 0))
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
select base.declare_distributed('ledger.account');

create table ledger.transfer (
  home_id bigint not null,
  id bigint not null,
  dr_id bigint not null,
  cr_id bigint not null,
  amount_e4 bigint not null check (amount_e4 > 0),
  currency text not null,
  kind smallint not null,              -- ledger.types.TransferKind
  order_id bigint,
  memo text,
  at timestamptz not null,
  primary key (home_id, id),
  check (dr_id <> cr_id),
  constraint transfer_within_books check ((dr_id < 0) = (cr_id < 0))
);
create index transfer_dr on ledger.transfer (home_id, dr_id, id);
create index transfer_cr on ledger.transfer (home_id, cr_id, id);
select base.declare_distributed('ledger.transfer');

-- Money promised to a line that is not delivered yet. Captured in part or whole, the rest released; never both twice.
create table ledger.hold (
  home_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  to_id bigint not null,
  amount_e4 bigint not null check (amount_e4 > 0),
  captured_e4 bigint not null default 0 check (captured_e4 >= 0),
  released_e4 bigint not null default 0 check (released_e4 >= 0),
  order_id bigint,
  at timestamptz not null,
  primary key (home_id, id),
  check (captured_e4 + released_e4 <= amount_e4)
);
create index hold_open on ledger.hold (home_id, account_id) where captured_e4 + released_e4 < amount_e4;
select base.declare_distributed('ledger.hold');

create table ledger.credit_line (
  home_id bigint not null,
  account_id bigint not null,
  limit_e4 bigint not null check (limit_e4 >= 0),
  terms_days smallint not null check (terms_days between 0 and 365),   -- from a statement's end to its due date
  grace_days smallint not null default 0 check (grace_days between 0 and 90),
  updated_at timestamptz not null,
  primary key (home_id, account_id),
  foreign key (home_id, account_id) references ledger.account (home_id, id)
);
select base.declare_distributed('ledger.credit_line');

create table ledger.statement (
  home_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  opening_e4 bigint not null,
  closing_e4 bigint not null,
  debits_e4 bigint not null,
  credits_e4 bigint not null,
  transfers integer not null,
  due_e4 bigint not null check (due_e4 >= 0),
  due_at timestamptz,
  paid_at timestamptz,
  made_at timestamptz not null,
  primary key (home_id, id),
  unique (home_id, account_id, from_at),
  foreign key (home_id, account_id) references ledger.account (home_id, id),
  check (closing_e4 = opening_e4 - debits_e4 + credits_e4),
  check (to_at > from_at)
);
create index statement_due on ledger.statement (home_id, due_at) where paid_at is null and due_e4 > 0;
select base.declare_distributed('ledger.statement');

-- Whoever moves money from outside names it once: a bank's line, a payment's id, an adjustment's ticket.
create table ledger.reference (
  home_id bigint not null,
  kind smallint not null,              -- ledger.types.TransferKind
  reference text not null check (length(reference) between 1 and 120),
  account_id bigint not null,
  amount_e4 bigint not null,
  transfer_id bigint not null,
  returns text,                        -- of a withdrawal: the recharge whose payer gets it back
  at timestamptz not null,
  primary key (home_id, kind, reference)
);
select base.declare_distributed('ledger.reference');

-- How much of a transfer was turned back, part by part; together never more than the transfer. Written under the
-- locks of its accounts.
create table ledger.reversal (
  home_id bigint not null,
  transfer_id bigint not null,
  id bigint not null,
  amount_e4 bigint not null check (amount_e4 > 0),
  at timestamptz not null,
  primary key (home_id, transfer_id, id)
);
select base.declare_distributed('ledger.reversal');

-- Wallets whose owner was told that little is left, so that he is told once; gone when the balance is back.
create table ledger.low_balance (
  home_id bigint not null,
  account_id bigint not null,
  told_at timestamptz not null,
  primary key (home_id, account_id)
);
select base.declare_distributed('ledger.low_balance');

-- Every door below locks accounts in id order.
create function ledger.lock_accounts(p_home bigint, p_ids bigint[])
returns table (id bigint, balance_e4 bigint, held_e4 bigint, floor_e4 bigint, state text, currency text)
language plpgsql as $$
begin
  return query
  select a.id, a.balance_e4, a.held_e4, a.floor_e4, a.state, a.currency
  from ledger.account a
  where a.home_id = p_home and a.id = any (p_ids)
  order by a.id
  for no key update;
end $$;

-- Moves balances and holds once per account, then writes the transfers. Returns how many accounts it changed, which
-- the caller compares with how many it named.
create function ledger.post_batch(
  p_home bigint, p_at timestamptz,
  p_accounts bigint[], p_deltas bigint[], p_held_deltas bigint[],
  p_ids bigint[], p_drs bigint[], p_crs bigint[], p_amounts bigint[], p_kinds smallint[], p_orders bigint[],
  p_currency text, p_memo text
) returns integer language plpgsql as $$
declare v_changed integer;
begin
  update ledger.account a
    set balance_e4 = a.balance_e4 + d.delta, held_e4 = a.held_e4 + d.held, updated_at = p_at
    from unnest(p_accounts, p_deltas, p_held_deltas) as d (id, delta, held)
    where a.home_id = p_home and a.id = d.id and a.currency = p_currency and a.state <> 'closed';
  get diagnostics v_changed = row_count;
  insert into ledger.transfer (home_id, id, dr_id, cr_id, amount_e4, currency, kind, order_id, memo, at)
    select p_home, t.id, t.dr, t.cr, t.amount, p_currency, t.kind, t.order_id, p_memo, p_at
    from unnest(p_ids, p_drs, p_crs, p_amounts, p_kinds, p_orders) as t (id, dr, cr, amount, kind, order_id);
  return v_changed;
end $$;

create function ledger.open_holds(
  p_home bigint, p_at timestamptz, p_ids bigint[], p_accounts bigint[], p_tos bigint[], p_amounts bigint[], p_orders bigint[]
) returns void language plpgsql as $$
begin
  insert into ledger.hold (home_id, id, account_id, to_id, amount_e4, order_id, at)
  select p_home, h.id, h.account, h.to_id, h.amount, h.order_id, p_at
  from unnest(p_ids, p_accounts, p_tos, p_amounts, p_orders) as h (id, account, to_id, amount, order_id);
end $$;

-- Posted transfers are immutable: the runtime roles may add, never change or remove.
grant select, insert on ledger.transfer to commissary_app, commissary_vault;
grant select, insert on ledger.account to commissary_app, commissary_vault;
grant update (balance_e4, held_e4, floor_e4, limit_e4, state, lock_reason, updated_at) on ledger.account to commissary_app, commissary_vault;
grant select, insert on ledger.reference, ledger.reversal to commissary_app, commissary_vault;
grant select, insert, delete on ledger.low_balance to commissary_app;
grant select on ledger.low_balance to commissary_vault;
grant select on ledger.reference, ledger.reversal, ledger.low_balance to commissary_report;
grant select, insert on ledger.hold to commissary_app, commissary_vault;
grant update (captured_e4, released_e4) on ledger.hold to commissary_app, commissary_vault;
grant select, insert, update on ledger.credit_line to commissary_app;
grant select, insert on ledger.statement to commissary_app;
grant update (paid_at) on ledger.statement to commissary_app, commissary_vault;
grant select on ledger.credit_line, ledger.statement to commissary_vault;
grant select on ledger.account, ledger.transfer, ledger.hold, ledger.credit_line, ledger.statement to commissary_report;
