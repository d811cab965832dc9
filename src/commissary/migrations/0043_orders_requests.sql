-- An order keeps the id of the request that placed it. The function that writes orders is one of that name with one argument
-- more: the old code goes on calling the other while it still runs.

alter table orders.orders add column request_id text;

create function orders.write_batch(
  p_home bigint, p_at timestamptz, p_currency text,
  p_ids bigint[], p_keys bytea[], p_bodies bytea[], p_buyers bigint[], p_accounts bigint[], p_key_ids text[],
  p_channels text[], p_client_nos text[], p_amounts bigint[], p_states text[], p_reasons text[], p_verdicts text[],
  p_decisions bigint[], p_quotes bigint[], p_ips text[], p_devices text[], p_callbacks text[], p_requests text[],
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
      state, reason, verdict, decision_id, quote_id, ip, device_id, callback_url, request_id, events,
      placed_at, updated_at)
    select p_home, o.id, o.buyer, o.account, o.key_id, o.channel, o.client_no, o.amount, p_currency,
      o.state, o.reason, o.verdict, o.decision, o.quote, o.ip, o.device, o.callback, o.request, 1, p_at, p_at
    from unnest(p_ids, p_buyers, p_accounts, p_key_ids, p_channels, p_client_nos, p_amounts, p_states, p_reasons,
        p_verdicts, p_decisions, p_quotes, p_ips, p_devices, p_callbacks, p_requests)
      as o (id, buyer, account, key_id, channel, client_no, amount, state, reason, verdict, decision, quote, ip, device, callback,
        request);
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
