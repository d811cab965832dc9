-- name: gather
-- The one call that locks and reads; see orders.gather.
select * from orders.gather(%(home)s, %(mall)s, %(holder)s, %(fence)s, %(offset_s)s,
  %(accounts)s, %(skus)s, %(wanted)s, %(most)s, %(quotes)s)

-- name: declared
-- Of goods that only people supply: what they have free less what is promised and waits to be bought, and the most that
-- one of them has. One statement: a purchase that begins meanwhile moves pieces from the one to the other at once.
-- Reads supply.declared and supply.offer.
select w.sku,
  (coalesce(sum(d.free), 0) - coalesce((select sum(l.quantity) from orders.line l
    where l.home_id = %(home)s and l.sku_id = w.sku and l.mode = 'supply' and l.state in ('review', 'scheduled', 'waiting')), 0))::int,
  coalesce(max(d.free), 0)::int
from unnest(%(skus)s::bigint[]) as w (sku)
left join supply.offer o on o.mall_id = %(mall)s and o.sku_id = w.sku and o.id = any (%(offers)s)
left join supply.declared d on d.home_id = %(home)s and d.offer_id = o.id
group by w.sku

-- name: commit
-- The one call that writes: each domain's own function, in this order. What was touched must be what was locked.
select
  orders.write_batch(%(home)s, %(at)s, %(currency)s,
    %(o_ids)s, %(o_keys)s, %(o_bodies)s, %(o_buyers)s, %(o_accounts)s, %(o_key_ids)s, %(o_channels)s,
    %(o_client_nos)s, %(o_amounts)s, %(o_states)s, %(o_reasons)s, %(o_verdicts)s, %(o_decisions)s, %(o_quotes)s,
    %(o_ips)s, %(o_devices)s, %(o_callbacks)s, %(o_requests)s,
    %(l_orders)s, %(l_nos)s, %(l_skus)s, %(l_versions)s, %(l_bundles)s, %(l_quantities)s, %(l_delivered)s,
    %(l_prices)s, %(l_amounts)s, %(l_costs)s, %(l_sources)s, %(l_taxes)s, %(l_funds)s, %(l_modes)s, %(l_states)s,
    %(l_reasons)s, %(l_releases)s, %(l_holds)s, %(l_fields)s, %(l_targets)s, %(l_lasts)s,
    %(t_orders)s, %(t_nos)s, %(t_ns)s, %(t_lots)s, %(t_batches)s, %(t_firsts)s, %(t_lasts)s, %(t_costs)s, %(t_shared)s),
  base.expect(stock.take_batch(%(home)s, %(s_lots)s, %(s_seen)s, %(s_counts)s), %(want_lots)s, 'lots'),
  ledger.open_holds(%(home)s, %(at)s, %(h_ids)s, %(h_accounts)s, %(h_tos)s, %(h_amounts)s, %(h_orders)s),
  base.expect(ledger.post_batch(%(home)s, %(at)s, %(a_ids)s, %(a_deltas)s, %(a_helds)s,
    %(x_ids)s, %(x_drs)s, %(x_crs)s, %(x_amounts)s, %(x_kinds)s, %(x_orders)s, %(currency)s, null), %(want_accounts)s, 'accounts'),
  base.expect(pricing.use_quotes(%(home)s, %(q_quotes)s, %(q_skus)s, %(q_used)s), %(want_quotes)s, 'quotes'),
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

-- name: lane_of_another
-- Without a lock: a claim waits for the batch under way. No row: nobody ever held it, or we do.
select l.holder, l.address, l.fence, l.expires_at <= %(now)s from orders.lane l
where l.home_id = %(home)s and l.holder <> %(holder)s

-- name: end_sleepers
-- PostgreSQL ends a session that is idle in a transaction, but not one whose client stopped within a pipeline, nor one
-- that sent a Flush behind it, which takes the timer away. Such a session keeps the rows it locked, the lane's among
-- them, for as long as its process sleeps, or until TCP notices that the machine is gone.
select count(pg_terminate_backend(a.pid)) from pg_stat_activity a
where a.datname = current_database() and a.usename = current_user
  and a.application_name like %(home)s and a.application_name <> %(ours)s
  and a.pid <> pg_backend_pid() and a.wait_event in ('ClientRead', 'ClientWrite') and a.xact_start is not null

-- name: release_lane
update orders.lane set expires_at = clock_timestamp() where home_id = %(home)s and holder = %(holder)s

-- name: orders_by_id
select id, buyer_id, client_order_no, amount_e4, currency, state, reason, verdict, decision_id, placed_at
from orders.orders where home_id = %(home)s and id = any (%(ids)s) order by id

-- name: lines_by_order
select order_id, line_no, sku_id, bundle_id, quantity, delivered, unit_price_e4, amount_e4, returned_e4, state, reason,
  release_at, target_last, fix_field, fix_by
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

-- name: codes_of_line
-- How many codes were delivered with it, from stock or by hand; no row: there is no such line.
select (select coalesce(sum(t.last_seq - t.first_seq + 1), 0) from orders.take t
    where t.home_id = l.home_id and t.order_id = l.order_id and t.line_no = l.line_no)
  + (select count(*) from orders.delivery d
    where d.home_id = l.home_id and d.order_id = l.order_id and d.line_no = l.line_no and d.content is not null)
from orders.line l where l.home_id = %(home)s and l.order_id = %(order)s and l.line_no = %(line)s

-- name: deliveries_by_order
select order_id, line_no, n, content from orders.delivery
where home_id = %(home)s and order_id = any (%(ids)s) and content is not null order by order_id, line_no, n

-- After placement: `settle` reads ledger.hold and pricing.floor beside its own tables, under the order's lock.

-- name: lock_orders
select id, buyer_id, account_id, client_order_no, amount_e4, currency, state, reason, quote_id, events, callback_url, channel,
  key_id
from orders.orders where home_id = %(home)s and id = any (%(ids)s)
order by id for no key update

-- name: lock_orders_free
-- Those that nobody else is working on.
select id, buyer_id, account_id, client_order_no, amount_e4, currency, state, reason, quote_id, events, callback_url, channel,
  key_id
from orders.orders where home_id = %(home)s and id = any (%(ids)s)
order by id for no key update skip locked

-- name: lines_now
select order_id, line_no, sku_id, bundle_id, quantity, delivered, amount_e4, returned_e4, cost_e4, unit_price_e4, mode, state,
  reason, release_at, hold_id
from orders.line where home_id = %(home)s and order_id = any (%(ids)s) order by order_id, line_no

-- name: holds_of_lines
select id, to_id from ledger.hold where home_id = %(home)s and id = any (%(ids)s) order by id

-- name: lock_accounts
select id from ledger.lock_accounts(%(home)s, %(ids)s)

-- name: lock_lots
select id, sku_id, batch_id, next_seq, end_seq, unit_cost_e4, unlimited
from stock.lock_lots(%(home)s, %(skus)s, %(wanted)s, %(now)s, %(most)s) order by expires_at, id

-- name: take_lots
select stock.take_batch(%(home)s, %(lots)s, %(seen)s, %(counts)s)

-- name: margins
-- The SKU's own margin, else the mall's (sku 0).
select s.id, coalesce(own.margin_bp, house.margin_bp, 0)
from unnest(%(skus)s::bigint[]) as s (id)
left join pricing.floor own on own.mall_id = %(mall)s and own.sku_id = s.id
left join pricing.floor house on house.mall_id = %(mall)s and house.sku_id = 0

-- name: set_lines
update orders.line l
set state = n.state, reason = n.reason, delivered = n.delivered, returned_e4 = n.returned, cost_e4 = n.cost, mode = n.mode
from unnest(%(orders)s, %(nos)s, %(states)s, %(reasons)s, %(delivered)s, %(returned)s, %(costs)s, %(modes)s)
  as n (order_id, no, state, reason, delivered, returned, cost, mode)
where l.home_id = %(home)s and l.order_id = any (%(orders)s) and l.order_id = n.order_id and l.line_no = n.no

-- name: add_takes
insert into orders.take (home_id, order_id, line_no, n, lot_id, batch_id, first_seq, last_seq, unit_cost_e4, shared)
select %(home)s, t.order_id, t.no, t.n, t.lot, t.batch, t.first, t.last, t.cost, t.shared
from unnest(%(orders)s, %(nos)s, %(ns)s, %(lots)s, %(batches)s, %(firsts)s, %(lasts)s, %(costs)s, %(shared)s)
  as t (order_id, no, n, lot, batch, first, last, cost, shared)

-- name: add_deliveries
insert into orders.delivery (home_id, order_id, line_no, n, quantity, content, receipt, at)
select %(home)s, d.order_id, d.no, d.n, d.quantity, d.content, d.receipt, %(at)s
from unnest(%(orders)s, %(nos)s, %(ns)s, %(quantities)s, %(contents)s, %(receipts)s)
  as d (order_id, no, n, quantity, content, receipt)

-- name: set_orders
update orders.orders o
set state = n.state, reason = n.reason, events = o.events + 1, updated_at = %(at)s
from unnest(%(ids)s, %(states)s, %(reasons)s) as n (id, state, reason)
where o.home_id = %(home)s and o.id = any (%(ids)s) and o.id = n.id

-- name: add_command
insert into orders.command (home_id, key, body, subject_id, at)
values (%(home)s, %(key)s, %(body)s, %(subject)s, %(at)s)
on conflict (home_id, key) do nothing

-- name: command
select body, subject_id from orders.command where home_id = %(home)s and key = %(key)s

-- Order files. Reads partners.buyer for who pays.

-- name: payer
select account_id from partners.buyer where mall_id = %(mall)s and id = %(buyer)s

-- name: add_sheet
insert into orders.sheet (home_id, id, buyer_id, account_id, key_id, file_name, file_sha256, state, lines, done, accepted,
  refused, created_at)
values (%(home)s, %(id)s, %(buyer)s, %(account)s, %(key_id)s, %(file_name)s, %(sha256)s, 'running', %(lines)s,
  %(refused)s, 0, %(refused)s, %(at)s)

-- name: add_sheet_lines
insert into orders.sheet_line (home_id, sheet_id, row_no, request, refusal, detail)
select %(home)s, %(id)s, r.row_no, r.request, r.refusal, r.detail
from unnest(%(rows)s, %(requests)s, %(refusals)s, %(details)s) as r (row_no, request, refusal, detail)

-- name: sheet
select id, buyer_id, account_id, key_id, file_name, state, lines, done, accepted, refused, created_at, ended_at
from orders.sheet where home_id = %(home)s and id = %(id)s

-- name: sheets
select id, buyer_id, account_id, key_id, file_name, state, lines, done, accepted, refused, created_at, ended_at
from orders.sheet
where home_id = %(home)s and (%(buyer)s::bigint is null or buyer_id = %(buyer)s) and id < %(before)s
  and (%(state)s::text is null or state = %(state)s)
order by id desc limit %(size)s

-- name: running_sheets
select id from orders.sheet where home_id = %(home)s and state = 'running' order by id

-- name: open_sheet_lines
select row_no, request from orders.sheet_line
where home_id = %(home)s and sheet_id = %(id)s and order_id is null and refusal is null
order by row_no limit %(size)s

-- name: end_sheet_lines
-- Only what is still open counts, so that two runners never count a line twice.
with ended as (
  update orders.sheet_line l
  set order_id = n.order_id, refusal = n.refusal, detail = n.detail
  from unnest(%(rows)s, %(orders)s, %(refusals)s, %(details)s) as n (row_no, order_id, refusal, detail)
  where l.home_id = %(home)s and l.sheet_id = %(id)s and l.row_no = any (%(rows)s) and l.row_no = n.row_no
    and l.order_id is null and l.refusal is null
  returning l.order_id
)
update orders.sheet s
set done = s.done + e.done, accepted = s.accepted + e.accepted, refused = s.refused + e.done - e.accepted
from (select count(*)::integer as done, count(order_id)::integer as accepted from ended) e
where s.home_id = %(home)s and s.id = %(id)s

-- name: end_sheet
update orders.sheet s set state = %(state)s, ended_at = %(at)s
where s.home_id = %(home)s and s.id = %(id)s and s.state = 'running'
  and (%(state)s <> 'done' or not exists (select from orders.sheet_line l
    where l.home_id = s.home_id and l.sheet_id = s.id and l.order_id is null and l.refusal is null))

-- name: sheet_lines
select row_no, request, order_id, refusal, detail from orders.sheet_line
where home_id = %(home)s and sheet_id = %(id)s and row_no > %(after)s order by row_no limit %(size)s

-- name: buyer_of
select buyer_id from orders.orders where home_id = %(home)s and id = %(id)s

-- name: epoch
select value from tenancy.epoch where mall_id = %(mall)s
