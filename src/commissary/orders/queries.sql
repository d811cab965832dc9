-- name: gather
-- The one call that locks and reads; see orders.gather.
select * from orders.gather(%(home)s, %(mall)s, %(holder)s, %(fence)s, %(offset_s)s,
  %(accounts)s, %(skus)s, %(wanted)s, %(most)s, %(quotes)s)

-- name: commit
-- The one call that writes: each domain's own function, in this order. The counts come back to be compared.
select
  orders.write_batch(%(home)s, %(at)s, %(currency)s,
    %(o_ids)s, %(o_keys)s, %(o_bodies)s, %(o_buyers)s, %(o_accounts)s, %(o_key_ids)s, %(o_channels)s,
    %(o_client_nos)s, %(o_amounts)s, %(o_states)s, %(o_reasons)s, %(o_verdicts)s, %(o_decisions)s, %(o_quotes)s,
    %(o_ips)s, %(o_devices)s, %(o_callbacks)s,
    %(l_orders)s, %(l_nos)s, %(l_skus)s, %(l_versions)s, %(l_bundles)s, %(l_quantities)s, %(l_delivered)s,
    %(l_prices)s, %(l_amounts)s, %(l_costs)s, %(l_sources)s, %(l_taxes)s, %(l_funds)s, %(l_modes)s, %(l_states)s,
    %(l_reasons)s, %(l_releases)s, %(l_holds)s, %(l_fields)s, %(l_targets)s, %(l_lasts)s,
    %(t_orders)s, %(t_nos)s, %(t_ns)s, %(t_lots)s, %(t_batches)s, %(t_firsts)s, %(t_lasts)s, %(t_costs)s, %(t_shared)s),
  stock.take_batch(%(home)s, %(s_lots)s, %(s_seen)s, %(s_counts)s),
  ledger.open_holds(%(home)s, %(at)s, %(h_ids)s, %(h_accounts)s, %(h_tos)s, %(h_amounts)s, %(h_orders)s),
  ledger.post_batch(%(home)s, %(at)s, %(a_ids)s, %(a_deltas)s, %(a_helds)s,
    %(x_ids)s, %(x_drs)s, %(x_crs)s, %(x_amounts)s, %(x_kinds)s, %(x_orders)s, %(currency)s, null),
  pricing.use_quotes(%(home)s, %(q_quotes)s, %(q_skus)s, %(q_used)s),
  provenance.append(%(home)s, %(at)s, %(subjects)s, %(ns)s, %(kinds)s, %(bodies)s, %(salts)s, %(leaves)s),
  base.publish(%(home)s, %(at)s, %(events)s)

-- name: spend_nonces
select tenancy.spend_nonces(%(home)s, %(keys)s, %(nonces)s, %(signed)s)

-- name: read_ciphers
select n, seq, cipher from stock.read_ranges(%(home)s, %(batches)s, %(firsts)s, %(lasts)s)

-- name: probe_keys
select key, body, order_id from orders.probe_keys(%(home)s, %(keys)s)

-- name: probe_nonces
select n.key_id, n.nonce from tenancy.nonce n
where n.home_id = %(home)s and n.bucket = any (%(buckets)s) and n.key_id = any (%(key_ids)s) and n.nonce = any (%(nonces)s)

-- name: claim_lane
select holder, address, fence from orders.claim_lane(%(home)s, %(holder)s, %(address)s, %(now)s, %(until)s)

-- name: orders_by_id
select id, buyer_id, client_order_no, amount_e4, currency, state, reason, verdict, decision_id, placed_at
from orders.orders where home_id = %(home)s and id = any (%(ids)s) order by id

-- name: lines_by_order
select order_id, line_no, sku_id, bundle_id, quantity, delivered, unit_price_e4, amount_e4, returned_e4, state, reason,
  release_at, target_last
from orders.line where home_id = %(home)s and order_id = any (%(ids)s) order by order_id, line_no

-- name: takes_by_order
select order_id, line_no, n, batch_id, first_seq, last_seq, shared
from orders.take where home_id = %(home)s and order_id = any (%(ids)s) order by order_id, line_no, n

-- name: order_by_key
select order_id from orders.idempotency where home_id = %(home)s and key = %(key)s

-- name: orders_of_buyer
select id from orders.orders
where home_id = %(home)s and buyer_id = %(buyer)s and id < %(before)s order by id desc limit %(size)s

-- name: receipts_by_order
select order_id, line_no, receipt from orders.delivery
where home_id = %(home)s and order_id = any (%(ids)s) and receipt <> '' order by order_id, line_no, n

-- name: deliveries_by_order
select order_id, line_no, n, content from orders.delivery
where home_id = %(home)s and order_id = any (%(ids)s) and content is not null order by order_id, line_no, n
