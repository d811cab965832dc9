-- A case: everything that is known of one order, over all domains. Read only, by the rows' own keys.

-- name: order_by_id
select id from orders.orders where home_id = %(home)s and id = %(number)s

-- name: order_by_decision
-- A decision's number is made a moment before its order's, by the same process: the first of the young ones is it, or
-- it is none within five minutes.
select id from orders.orders
where home_id = %(home)s and id > %(number)s and id < %(number)s + (300000::bigint << 22) and decision_id = %(number)s
order by id limit 1

-- name: order_by_transfer
select order_id from ledger.transfer where home_id = %(home)s and id = %(number)s and order_id is not null

-- name: order_by_hold
select order_id from ledger.hold where home_id = %(home)s and id = %(number)s and order_id is not null

-- name: order_by_delivery
select d.subject_id from notify.delivery d
where d.home_id = %(home)s and d.id = %(number)s and d.event like 'order.%%'

-- name: order_by_attempt
select order_id from supply.attempt where home_id = %(home)s and id = %(number)s

-- name: orders_by_supplier_ref
-- Two suppliers may have chosen the same number.
select distinct o.id from supply.attempt a
join orders.orders o on o.home_id = a.home_id and o.id = a.order_id
where a.home_id = %(home)s and a.supplier_ref = %(text)s and a.supplier_ref <> ''
order by o.id desc limit %(most)s

-- name: order_by_request
-- Found by time, without an index over all orders: the order was made after its request, and seldom a second after. Of a
-- request that made none, a minute of orders is read.
select id from orders.orders
where home_id = %(home)s and id >= %(since)s and id < %(since)s + (65000::bigint << 22) and request_id = %(text)s
order by id limit 1

-- name: orders_by_request
-- The other orders of the same request, which are the next ones.
select id from orders.orders
where home_id = %(home)s and id > %(first)s and id < %(first)s + (5000::bigint << 22) and request_id = %(text)s
order by id limit %(most)s

-- name: orders_by_webhook
select distinct d.subject_id from notify.endpoint e
join notify.delivery d on d.home_id = %(home)s and d.endpoint_id = e.id and d.event_id = %(text)s
where e.mall_id = %(mall)s and d.event like 'order.%%'

-- name: order
select o.id, o.buyer_id, g.name, o.account_id, o.key_id, o.client_order_no, o.amount_e4, o.currency, o.state, o.reason,
  o.verdict, o.decision_id, o.quote_id, o.placed_at, o.request_id, o.updated_at, m.shadow_of is not null
from orders.orders o
join tenancy.mall m on m.id = %(mall)s
left join tenancy.organisation g on g.mall_id = m.id and g.id = o.buyer_id
where o.home_id = %(home)s and o.id = %(order)s

-- name: lines
select line_no, sku_id, quantity, delivered, amount_e4, returned_e4, mode, state, reason, hold_id
from orders.line where home_id = %(home)s and order_id = %(order)s order by line_no

-- name: transfers
-- Those of an order move on its buyer's account, from the order's own number on and until its last change.
select t.id, t.kind, t.amount_e4, t.dr_id, t.cr_id, t.at from ledger.transfer t
where t.home_id = %(home)s and t.dr_id = %(account)s and t.id > %(order)s and t.id < %(until)s and t.order_id = %(order)s
union all
select t.id, t.kind, t.amount_e4, t.dr_id, t.cr_id, t.at from ledger.transfer t
where t.home_id = %(home)s and t.cr_id = %(account)s and t.id > %(order)s and t.id < %(until)s and t.order_id = %(order)s
order by id

-- name: holds
select id, amount_e4, captured_e4, released_e4, at from ledger.hold
where home_id = %(home)s and id = any (%(ids)s) order by id

-- name: custody
select n, kind, at, leaf from provenance.event where home_id = %(home)s and subject_id = %(order)s order by n

-- Searching.

-- name: suppliers_by_name
select id, name, status from tenancy.organisation
where mall_id = %(mall)s and kind = 'supplier' and position(lower(%(text)s) in lower(name)) > 0 order by id limit %(most)s

-- name: companies_by_phone
select o.id, o.kind, o.name, o.status, c.name
from partners.contact c join tenancy.organisation o on o.mall_id = c.mall_id and o.id = c.organisation_id
where c.mall_id = %(mall)s and c.phone_last = %(text)s and o.kind <> 'mall' order by c.id limit %(most)s
