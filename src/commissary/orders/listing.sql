-- The list of orders, put together of what was asked for. Reads supply.attempt, partners.buyer,
-- catalog.sku and tenancy.organisation beside its own.

-- name: page
-- First the page, then what is shown beside it.
with page as (
  select o.id, o.buyer_id, o.client_order_no, o.amount_e4, o.currency, o.state, o.reason, o.channel, o.verdict, o.decision_id,
    o.placed_at, o.updated_at
  from orders.orders o
  where {where}
  order by {order} limit %(size)s
)
select o.*, g.name from page o
left join tenancy.organisation g on g.mall_id = %(mall)s and g.id = o.buyer_id
order by {order}

-- name: matching
select 1 from orders.orders o where {where}

-- name: order_ids
select o.id from orders.orders o where {where} order by o.id desc limit %(most)s

-- name: totals
select count(*), coalesce(sum(o.amount_e4), 0)::bigint from orders.orders o where {where}

-- name: lines
select l.order_id, l.line_no, l.sku_id, s.code, s.name_zh, s.name_en, l.quantity, l.delivered, l.amount_e4, l.mode, l.state
from orders.line l left join catalog.sku s on s.mall_id = %(mall)s and s.id = l.sku_id
where l.home_id = %(home)s and l.order_id = any (%(ids)s) order by l.order_id, l.line_no

-- name: about_mall
select currency, shadow_of is not null from tenancy.mall where id = %(mall)s

-- name: home
o.home_id = %(home)s

-- name: status
o.state = any (%(status)s::text[])

-- name: one_status
o.state = %(status)s

-- name: buyer
o.buyer_id = %(buyer)s

-- name: line
-- A line of that SKU, delivered in that way.
exists (select from orders.line l where l.home_id = %(home)s and l.order_id = o.id and {line})

-- name: sku
l.sku_id = %(sku)s

-- name: mode
l.mode = %(mode)s

-- name: all_stock
-- Every line from stock: what is not is rare, and has an index.
not exists (select from orders.line l where l.home_id = %(home)s and l.order_id = o.id and l.mode <> 'stock')

-- name: supplier
-- Something was bought for it from that supplier, whatever came of it.
o.id in (select a.order_id from supply.attempt a where a.home_id = %(home)s and a.supplier_id = %(supplier)s)

-- name: channel
o.channel = %(channel)s

-- name: verdict
o.verdict = %(verdict)s

-- name: placed_from
o.placed_at >= %(placed_from)s

-- name: placed_to
o.placed_at < %(placed_to)s

-- name: id_from
o.id >= %(id_from)s

-- name: id_to
o.id < %(id_to)s

-- name: amount_min
o.amount_e4 >= %(amount_min)s

-- name: amount_max
o.amount_e4 <= %(amount_max)s

-- name: ids
o.id = any (%(typed)s)

-- name: buyers_after
select id from partners.buyer where mall_id = %(mall)s and id > %(after)s order by id limit %(most)s

-- name: by_target
-- By the account that was topped up: all of it, or its last digits. The youngest first.
select order_id from (
  select l.order_id from orders.line l where l.home_id = %(home)s and l.target_index = %(whole)s
  union
  select l.order_id from (
    select l.order_id from orders.line l where l.home_id = %(home)s and l.target_last = %(last)s
    order by l.order_id desc limit %(most)s
  ) l
) found order by order_id desc limit %(most)s

-- name: by_keys
select order_id from orders.idempotency where home_id = %(home)s and key = any (%(keys)s)

-- name: below
o.id < %(before)s

-- name: above
o.id > %(before)s

-- name: amount_below
(o.amount_e4, o.id) < (%(before_amount)s, %(before)s)

-- name: amount_above
(o.amount_e4, o.id) > (%(before_amount)s, %(before)s)
