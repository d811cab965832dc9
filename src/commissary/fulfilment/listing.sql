-- The lists of work and of purchases for people, put together of what was asked for. Reads orders, catalog, tenancy and supply.

-- name: work_page
select l.order_id, l.line_no, o.client_order_no, o.buyer_id, coalesce(b.name, ''), l.sku_id, coalesce(s.name_zh, ''),
  coalesce(s.name_en, ''), l.quantity, l.amount_e4, o.currency, l.mode, l.state, l.reason, l.target_last,
  greatest(o.placed_at, l.release_at), c.person_id, c.until_at
from orders.line l
join orders.orders o on o.home_id = l.home_id and o.id = l.order_id
left join catalog.sku s on s.mall_id = %(mall)s and s.id = l.sku_id
left join tenancy.organisation b on b.mall_id = %(mall)s and b.id = o.buyer_id
left join fulfilment.claim c on c.home_id = l.home_id and c.order_id = l.order_id and c.line_no = l.line_no
  and c.until_at > %(now)s
where {where}
order by {order} limit %(size)s

-- name: work_matching
select {what}
from orders.line l
join orders.orders o on o.home_id = l.home_id and o.id = l.order_id
left join fulfilment.claim c on c.home_id = l.home_id and c.order_id = l.order_id and c.line_no = l.line_no
  and c.until_at > %(now)s
where {where}

-- name: work_of_home
l.home_id = %(home)s and l.state = any (%(states)s::text[])

-- name: work_state
l.state = any (%(state)s::text[])

-- name: work_sku
l.sku_id = %(sku)s

-- name: work_buyer
o.buyer_id = %(buyer)s

-- name: work_mode
l.mode = %(mode)s

-- name: work_mine
c.person_id = %(person)s

-- name: work_typed
(o.client_order_no = %(q)s or l.order_id::text like %(begins)s or l.target_last = %(q)s)

-- name: work_behind
(l.order_id, l.line_no) > (%(order)s, %(line)s)

-- name: work_before
(l.order_id, l.line_no) < (%(order)s, %(line)s)

-- name: work_over
(l.amount_e4, l.order_id, l.line_no) > (%(amount)s, %(order)s, %(line)s)

-- name: work_under
(l.amount_e4, l.order_id, l.line_no) < (%(amount)s, %(order)s, %(line)s)

-- name: work_places
(l.order_id, l.line_no) in (select * from unnest(%(orders)s::bigint[], %(lines)s::smallint[]))
