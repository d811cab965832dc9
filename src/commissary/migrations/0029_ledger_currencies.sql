-- What other currencies are worth in the mall's own, as dated data; and what was moved between them, at which rate.

-- How much of the mall's currency one of that currency is worth, × 10^8, from an instant on. Nothing is changed or
-- removed: of two for one instant the later row counts.
create table ledger.rate (
  mall_id bigint not null,
  id bigint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  rate_e8 bigint not null check (rate_e8 between 1 and 10000000000000),
  valid_from timestamptz not null,
  source text not null check (length(source) between 1 and 200),
  set_by text not null,
  set_at timestamptz not null,
  primary key (mall_id, id)
);
create index rate_in_force on ledger.rate (mall_id, currency, valid_from desc, id desc);
select base.declare_mall('ledger.rate', 'reference');

-- Without a row: 48 hours, 20 %.
create table ledger.rate_limits (
  mall_id bigint primary key,
  stale_after_s integer not null check (stale_after_s between 60 and 31536000),   -- then nothing is bought by it
  jump_bp integer not null check (jump_bp between 1 and 100000),                  -- a greater move wants to be confirmed
  set_by text not null,
  set_at timestamptz not null
);
select base.declare_mall('ledger.rate_limits', 'reference');

-- One movement between an account in another currency and the mall's own books. Its id is that of the transfer in the
-- other currency; the sums of a currency are its position.
create table ledger.exchange (
  home_id bigint not null,
  id bigint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  foreign_e4 bigint not null check (foreign_e4 <> 0),   -- what the position gained in that currency,
  home_e4 bigint not null,                              -- and in the mall's: of the other sign
  result_e4 bigint not null default 0,                  -- what rates gained (or lost: below zero) as it closed what stood
  rate_id bigint,                                       -- null: as the bank had it
  rate_e8 bigint,
  home_transfer_id bigint,
  result_transfer_id bigint,
  at timestamptz not null,
  primary key (home_id, id),
  check (home_e4 = 0 or (home_e4 > 0) <> (foreign_e4 > 0)),
  check ((home_e4 = 0) = (home_transfer_id is null)),
  check ((result_e4 = 0) = (result_transfer_id is null))
);
create index exchange_at on ledger.exchange (home_id, currency, at);
select base.declare_distributed('ledger.exchange');

grant select on ledger.rate, ledger.rate_limits, ledger.exchange to commissary_app, commissary_vault, commissary_report;
grant insert on ledger.rate to commissary_app;
grant insert, update on ledger.rate_limits to commissary_app;
grant insert on ledger.exchange to commissary_app, commissary_vault;
