-- Orders, lines, the ranges of codes their lines took, idempotency, lanes. Partitioned by month on the time-ordered id.
-- No foreign keys among these: they are written together by one statement, and `commissary check` proves it.

create schema orders;
grant usage on schema orders to commissary_app, commissary_vault, commissary_report;

create table orders.orders (
  home_id bigint not null,
  id bigint not null,
  buyer_id bigint not null,
  account_id bigint not null,
  key_id text not null default '',     -- which credential bought; empty for people
  channel text not null default 'api',
  shop_id bigint,
  attribution_id bigint,
  client_order_no text not null,
  amount_e4 bigint not null check (amount_e4 >= 0),
  currency text not null,
  state text not null,                 -- orders.types.OrderState
  reason text not null default '',
  verdict text not null,
  decision_id bigint not null,
  quote_id bigint,
  ip text,                             -- of the end user, as told by the buyer
  device_id text,
  callback_url text,
  events smallint not null,            -- number of the last event published about this order
  placed_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (home_id, id)
) partition by range (id);
create index orders_buyer on orders.orders (home_id, buyer_id, id);
select base.declare_distributed('orders.orders');

create table orders.line (
  home_id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  sku_id bigint not null,
  sku_version integer not null,        -- the snapshot: catalog.sku_version
  bundle_id bigint,                    -- the bundle SKU this line is a part of
  quantity integer not null check (quantity > 0),
  delivered integer not null default 0 check (delivered between 0 and quantity),
  unit_price_e4 bigint not null check (unit_price_e4 >= 0),
  amount_e4 bigint not null check (amount_e4 >= 0),
  returned_e4 bigint not null default 0 check (returned_e4 between 0 and amount_e4),
  cost_e4 bigint not null default 0,
  price_source text not null,          -- book, rung, or quote: why this price
  tax_category text not null,
  fund_mode text not null,
  mode text not null check (mode in ('stock', 'manual')),
  state text not null,                 -- orders.types.LineState
  reason text not null default '',
  release_at timestamptz,
  hold_id bigint,
  offer_id bigint,                     -- the supplier's offer, when bought for this line
  period_from timestamptz,
  period_to timestamptz,
  seats integer,
  fields bytea,                        -- top-up fields, encrypted
  target_index bytea,                  -- blind index of the account to be topped up
  target_last text,                    -- its last digits
  primary key (home_id, order_id, line_no)
) partition by range (order_id);
create index line_waiting on orders.line (home_id, state, release_at) where state in ('review', 'scheduled', 'waiting', 'working');
select base.declare_distributed('orders.line');

create table orders.take (
  home_id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  n smallint not null,
  lot_id bigint not null,
  batch_id bigint not null,
  first_seq integer not null,
  last_seq integer not null,
  unit_cost_e4 bigint not null,
  shared boolean not null default false,
  primary key (home_id, order_id, line_no, n),
  check (last_seq >= first_seq)
) partition by range (order_id);
create index take_batch on orders.take (home_id, batch_id, first_seq);
select base.declare_distributed('orders.take');

create table orders.orders_default partition of orders.orders default;
create table orders.line_default partition of orders.line default;
create table orders.take_default partition of orders.take default;

-- What was delivered outside the vault (by hand): encrypted like codes.
create table orders.delivery (
  home_id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  n smallint not null,
  quantity integer not null check (quantity > 0),
  content bytea,                       -- encrypted: number and secret, or a receipt; null for a plain top-up
  receipt text not null default '',
  at timestamptz not null,
  primary key (home_id, order_id, line_no, n)
);
select base.declare_distributed('orders.delivery');

-- The caller's key, hashed with its buyer, to the order it made. Kept at least 30 days.
create table orders.idempotency (
  home_id bigint not null,
  key bytea not null check (length(key) = 16),
  body bytea not null check (length(body) = 16),
  order_id bigint not null,
  primary key (home_id, key)
) partition by hash (key);
select base.declare_distributed('orders.idempotency');
create table orders.idempotency_0 partition of orders.idempotency for values with (modulus 8, remainder 0);
create table orders.idempotency_1 partition of orders.idempotency for values with (modulus 8, remainder 1);
create table orders.idempotency_2 partition of orders.idempotency for values with (modulus 8, remainder 2);
create table orders.idempotency_3 partition of orders.idempotency for values with (modulus 8, remainder 3);
create table orders.idempotency_4 partition of orders.idempotency for values with (modulus 8, remainder 4);
create table orders.idempotency_5 partition of orders.idempotency for values with (modulus 8, remainder 5);
create table orders.idempotency_6 partition of orders.idempotency for values with (modulus 8, remainder 6);
create table orders.idempotency_7 partition of orders.idempotency for values with (modulus 8, remainder 7);

-- Commands after placement that came with a key, hashed with who gave them: the same again changes nothing.
create table orders.command (
  home_id bigint not null,
  key bytea not null check (length(key) = 16),
  body bytea not null check (length(body) = 16),
  subject_id bigint not null,          -- the order, or the order file
  at timestamptz not null,
  primary key (home_id, key)
);
select base.declare_distributed('orders.command');

-- One placing process per home: whoever holds the row with the highest fence. Commit checks it.
create table orders.lane (
  home_id bigint not null primary key,
  holder text not null,
  address text not null,               -- where other processes forward orders to
  fence bigint not null,
  expires_at timestamptz not null
) with (fillfactor = 40);
select base.declare_distributed('orders.lane');

-- Bulk purchases by file: the file's lines and how far we are.
create table orders.sheet (
  home_id bigint not null,
  id bigint not null,
  buyer_id bigint not null,
  file_name text not null,
  file_sha256 bytea not null,
  account_id bigint not null,          -- who pays
  key_id text not null default '',     -- which credential uploaded it; empty for people
  state text not null check (state in ('running', 'done', 'cancelled')),
  lines integer not null,
  done integer not null default 0,
  accepted integer not null default 0,
  refused integer not null default 0,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (home_id, id)
);
select base.declare_distributed('orders.sheet');

create table orders.sheet_line (
  home_id bigint not null,
  sheet_id bigint not null,
  row_no integer not null,
  request bytea not null,              -- the order as asked, encrypted: it may hold personal data
  order_id bigint,
  refusal text,
  detail text,
  primary key (home_id, sheet_id, row_no)
);
create index sheet_running on orders.sheet (home_id, id) where state = 'running';
create index sheet_line_open on orders.sheet_line (home_id, sheet_id, row_no) where order_id is null and refusal is null;
select base.declare_distributed('orders.sheet_line');

-- Month partitions from the month of p_from on, p_months of them. Owner's right, so that the runtime needs no DDL.
create function orders.make_partitions(p_from timestamptz, p_months integer) returns integer
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
  v_month timestamptz := pg_catalog.date_trunc('month', p_from);
  v_name text; v_low bigint; v_high bigint; v_made integer := 0; v_table text;
begin
  for i in 1 .. p_months loop
    v_low := ((extract(epoch from v_month) * 1000)::bigint - 1735689600000) << 22;
    v_high := ((extract(epoch from v_month + interval '1 month') * 1000)::bigint - 1735689600000) << 22;
    foreach v_table in array array['orders', 'line', 'take'] loop
      v_name := v_table || '_' || pg_catalog.to_char(v_month, 'YYYYMM');
      if pg_catalog.to_regclass('orders.' || v_name) is null then
        execute pg_catalog.format('create table orders.%I partition of orders.%I for values from (%s) to (%s)',
          v_name, v_table, v_low, v_high);
        v_made := v_made + 1;
      end if;
    end loop;
    v_month := v_month + interval '1 month';
  end loop;
  return v_made;
end $$;
revoke all on function orders.make_partitions(timestamptz, integer) from public;
grant execute on function orders.make_partitions(timestamptz, integer) to commissary_app;

-- A partitioned table is never analysed by itself, and its young partitions grow from nothing to millions in a day.
create function orders.refresh_statistics() returns void
language plpgsql security definer set search_path = '' as $$
begin
  analyze orders.orders;
  analyze orders.line;
  analyze orders.take;
  analyze orders.idempotency;
end $$;
revoke all on function orders.refresh_statistics() from public;
grant execute on function orders.refresh_statistics() to commissary_app;

-- Who holds the lane. A holder that finds another fence must stop placing for that home.
create function orders.claim_lane(p_home bigint, p_holder text, p_address text, p_now timestamptz, p_until timestamptz)
returns table (holder text, address text, fence bigint) language plpgsql as $$
begin
  insert into orders.lane as l values (p_home, p_holder, p_address, 1, p_until)
    on conflict (home_id) do update
      set holder = p_holder, address = p_address, expires_at = p_until,
          fence = case when l.holder = p_holder then l.fence else l.fence + 1 end
      where l.holder = p_holder or l.expires_at <= p_now;
  return query select l.holder, l.address, l.fence from orders.lane l where l.home_id = p_home;
end $$;

-- The locks of a placement batch and everything it must know, in one call: accounts, then lots, then quotes, each in
-- id order. Rules live in orders/rules.py; nothing is decided here.
create function orders.gather(
  p_home bigint, p_mall bigint, p_holder text, p_fence bigint, p_offset_s bigint,
  p_accounts bigint[], p_skus bigint[], p_wanted bigint[], p_most integer, p_quotes bigint[],
  out now timestamptz, out epoch bigint, out fenced boolean,
  out account_ids bigint[], out balances bigint[], out helds bigint[], out floors bigint[], out states text[],
  out lot_ids bigint[], out lot_skus bigint[], out lot_batches bigint[], out lot_nexts integer[], out lot_ends integer[],
  out lot_costs bigint[], out lot_unlimited boolean[],
  out quote_ids bigint[], out quote_skus bigint[], out quote_buyers bigint[], out quote_expiries timestamptz[],
  out quote_left integer[], out quote_prices bigint[]
) language plpgsql as $$
begin
  select l.holder = p_holder and l.fence = p_fence into fenced
    from orders.lane l where l.home_id = p_home for share;
  select e.value into epoch from tenancy.epoch e where e.mall_id = p_mall;
  select array_agg(a.id), array_agg(a.balance_e4), array_agg(a.held_e4), array_agg(a.floor_e4), array_agg(a.state)
    into account_ids, balances, helds, floors, states
    from ledger.lock_accounts(p_home, p_accounts) a;
  now := clock_timestamp() + p_offset_s * interval '1 second';
  select array_agg(l.id), array_agg(l.sku_id), array_agg(l.batch_id), array_agg(l.next_seq), array_agg(l.end_seq),
      array_agg(l.unit_cost_e4), array_agg(l.unlimited)
    into lot_ids, lot_skus, lot_batches, lot_nexts, lot_ends, lot_costs, lot_unlimited
    from (select * from stock.lock_lots(p_home, p_skus, p_wanted, now, p_most) x order by x.expires_at, x.id) l;
  if cardinality(p_quotes) > 0 then
    select array_agg(q.quote_id), array_agg(q.sku_id), array_agg(q.buyer_id), array_agg(q.expires_at),
        array_agg(q.remaining), array_agg(q.unit_price_e4)
      into quote_ids, quote_skus, quote_buyers, quote_expiries, quote_left, quote_prices
      from pricing.lock_quotes(p_home, p_quotes) q;
  end if;
end $$;

-- After a unique violation: which of these keys and nonces are known already.
create function orders.probe_keys(p_home bigint, p_keys bytea[])
returns table (key bytea, body bytea, order_id bigint) language sql stable as $$
  select i.key, i.body, i.order_id from orders.idempotency i where i.home_id = p_home and i.key = any (p_keys)
$$;

create function orders.write_batch(
  p_home bigint, p_at timestamptz, p_currency text,
  p_ids bigint[], p_keys bytea[], p_bodies bytea[], p_buyers bigint[], p_accounts bigint[], p_key_ids text[],
  p_channels text[], p_client_nos text[], p_amounts bigint[], p_states text[], p_reasons text[], p_verdicts text[],
  p_decisions bigint[], p_quotes bigint[], p_ips text[], p_devices text[], p_callbacks text[],
  l_orders bigint[], l_nos smallint[], l_skus bigint[], l_versions integer[], l_bundles bigint[], l_quantities integer[],
  l_delivered integer[], l_prices bigint[], l_amounts bigint[], l_costs bigint[], l_sources text[], l_taxes text[],
  l_funds text[], l_modes text[], l_states text[], l_reasons text[], l_releases timestamptz[], l_holds bigint[],
  l_fields bytea[], l_targets bytea[], l_lasts text[],
  t_orders bigint[], t_nos smallint[], t_ns smallint[], t_lots bigint[], t_batches bigint[], t_firsts integer[],
  t_lasts integer[], t_costs bigint[], t_shared boolean[]
) returns void language plpgsql as $$
begin
  insert into orders.idempotency (home_id, key, body, order_id)
    select p_home, i.key, i.body, i.id from unnest(p_keys, p_bodies, p_ids) as i (key, body, id);
  insert into orders.orders (home_id, id, buyer_id, account_id, key_id, channel, client_order_no, amount_e4, currency,
      state, reason, verdict, decision_id, quote_id, ip, device_id, callback_url, events, placed_at, updated_at)
    select p_home, o.id, o.buyer, o.account, o.key_id, o.channel, o.client_no, o.amount, p_currency,
      o.state, o.reason, o.verdict, o.decision, o.quote, o.ip, o.device, o.callback, 1, p_at, p_at
    from unnest(p_ids, p_buyers, p_accounts, p_key_ids, p_channels, p_client_nos, p_amounts, p_states, p_reasons,
        p_verdicts, p_decisions, p_quotes, p_ips, p_devices, p_callbacks)
      as o (id, buyer, account, key_id, channel, client_no, amount, state, reason, verdict, decision, quote, ip, device, callback);
  insert into orders.line (home_id, order_id, line_no, sku_id, sku_version, bundle_id, quantity, delivered,
      unit_price_e4, amount_e4, cost_e4, price_source, tax_category, fund_mode, mode, state, reason, release_at, hold_id,
      fields, target_index, target_last)
    select p_home, l.order_id, l.no, l.sku, l.version, l.bundle, l.quantity, l.delivered,
      l.price, l.amount, l.cost, l.source, l.tax, l.fund, l.mode, l.state, l.reason, l.release, l.hold,
      l.fields, l.target, l.last
    from unnest(l_orders, l_nos, l_skus, l_versions, l_bundles, l_quantities, l_delivered, l_prices, l_amounts, l_costs,
        l_sources, l_taxes, l_funds, l_modes, l_states, l_reasons, l_releases, l_holds, l_fields, l_targets, l_lasts)
      as l (order_id, no, sku, version, bundle, quantity, delivered, price, amount, cost, source, tax, fund, mode, state,
        reason, release, hold, fields, target, last);
  insert into orders.take (home_id, order_id, line_no, n, lot_id, batch_id, first_seq, last_seq, unit_cost_e4, shared)
    select p_home, t.order_id, t.no, t.n, t.lot, t.batch, t.first, t.last, t.cost, t.shared
    from unnest(t_orders, t_nos, t_ns, t_lots, t_batches, t_firsts, t_lasts, t_costs, t_shared)
      as t (order_id, no, n, lot, batch, first, last, cost, shared);
end $$;

grant select on orders.orders, orders.line, orders.take, orders.delivery, orders.idempotency, orders.lane, orders.sheet,
  orders.sheet_line, orders.command to commissary_app, commissary_vault, commissary_report;
grant insert on orders.orders, orders.line, orders.take, orders.delivery, orders.idempotency to commissary_vault;
grant update (state, reason, events, updated_at) on orders.orders to commissary_vault;
grant update (state, reason, delivered, returned_e4, cost_e4, release_at, hold_id, fields, target_index, target_last)
  on orders.line to commissary_vault;
grant insert, update on orders.lane to commissary_vault;
grant insert, update on orders.sheet, orders.sheet_line to commissary_vault;
grant insert on orders.command to commissary_vault;
grant delete on orders.idempotency, orders.command to commissary_vault;
