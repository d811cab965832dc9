-- The lists of connections and of purchases that wait for people, put together of what was asked for.

-- name: connections_page
select c.id, c.supplier_id, c.name, c.protocol, c.base_url, c.account, c.currency, c.settings, c.callback_token, c.quiet_s,
  c.at_once, c.state, c.reason, c.state_at, c.balance_e4, c.balance_at, c.low_balance_e4, c.pull_s, c.version, c.created_at
from supply.connection c
where {where}
order by {order} limit %(size)s

-- name: connections_matching
select {what} from supply.connection c where {where}

-- name: connections_of_mall
c.mall_id = %(mall)s

-- name: connection_state
c.state = any (%(state)s::text[])

-- name: connection_protocol
c.protocol = %(protocol)s

-- name: connection_supplier
c.supplier_id = %(supplier)s

-- name: connection_typed
position(lower(%(q)s) in lower(c.name)) > 0

-- name: purchases_page
select a.id, a.order_id, a.line_no, a.n, a.sku_id, a.offer_id, a.connection_id, a.supplier_id, a.good_id, a.kind, a.quantity,
  a.most_unit_e4, a.unit_cost_e4, a.currency, a.state, a.reason, a.said, a.supplier_ref, a.cost_e4, a.refunded_e4, a.asked,
  a.missing_since, a.next_at, a.people_at, a.called_at, a.answered_at, a.ended_at,
  a.rate_id, a.rate_e8
from supply.attempt a
where {where}
order by {order} limit %(size)s

-- name: purchases_matching
select {what} from supply.attempt a where {where}

-- name: purchases_for_people
a.home_id = %(home)s and a.people_at is not null

-- name: purchase_connection
a.connection_id = %(connection)s

-- name: purchase_supplier
a.supplier_id = %(supplier)s

-- name: purchase_sku
a.sku_id = %(sku)s

-- name: purchase_typed
(a.supplier_ref = %(q)s or a.id::text like %(begins)s or a.order_id::text like %(begins)s)
