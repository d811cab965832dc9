-- Reads orders.orders, orders.line, pricing.floor, catalog.sku and tenancy.organisation beside the claims.

-- name: due_orders
-- Pre-orders whose date has come.
select distinct order_id from orders.line
where home_id = %(home)s and state = 'scheduled' and release_at <= %(now)s and order_id > %(after)s
order by order_id limit %(size)s

-- name: restocked_orders
-- Lines that wait for goods of which there are some again.
select distinct l.order_id from orders.line l
where l.home_id = %(home)s and l.state = 'waiting' and l.mode = 'stock' and l.reason = 'out_of_stock'
  and l.order_id > %(after)s
  and exists (select from stock.lot s
    where s.home_id = l.home_id and s.sku_id = l.sku_id and s.state = 'open' and s.expires_at > %(now)s)
order by l.order_id limit %(size)s

-- name: claim_of
select person_id, until_at from fulfilment.claim
where home_id = %(home)s and order_id = %(order)s and line_no = %(line)s

-- name: set_claim
insert into fulfilment.claim (home_id, order_id, line_no, person_id, until_at)
values (%(home)s, %(order)s, %(line)s, %(person)s, %(until)s)
on conflict (home_id, order_id, line_no) do update set person_id = excluded.person_id, until_at = excluded.until_at

-- name: drop_claim
delete from fulfilment.claim where home_id = %(home)s and order_id = %(order)s and line_no = %(line)s

-- name: lapsed_claims
select order_id, line_no from fulfilment.claim
where home_id = %(home)s and until_at <= %(now)s and (order_id, line_no) > (%(order)s::bigint, %(line)s::smallint)
order by order_id, line_no limit %(size)s

-- name: add_log
insert into fulfilment.log (home_id, order_id, id, line_no, action, detail_zh, detail_en, at)
select %(home)s, n.order_id, n.id, n.line_no, n.action, n.zh, n.en, %(at)s
from unnest(%(orders)s, %(ids)s, %(lines)s, %(actions)s, %(zh)s, %(en)s) as n (order_id, id, line_no, action, zh, en)

-- name: log
select g.id, g.line_no, g.action, g.detail_zh, g.detail_en, g.at from fulfilment.log g
where g.home_id = %(home)s and g.order_id = %(order)s order by g.id

-- name: buyer_of
select buyer_id from orders.orders where home_id = %(home)s and id = %(order)s

-- name: fields
select fields from orders.line where home_id = %(home)s and order_id = %(order)s and line_no = %(line)s

-- name: due
-- Of all malls, where there is something to do for who buys; `homes`, `skus`: goods that nobody can serve at the moment.
select home_id, 'lines' from fulfilment.homes_to_buy(%(homes)s, %(skus)s)
union all select home_id, 'plans' from fulfilment.homes_to_restock(%(now)s, %(malls)s, %(nows)s)
union all select home_id, 'asks' from supply.homes_to_ask(%(now)s, %(malls)s, %(nows)s)
union all select mall_id << 10, 'breaker' from supply.malls_paused()

-- name: due_lines
select home_id, 'lines' from fulfilment.homes_to_buy(%(homes)s, %(skus)s)

-- name: homes_to_release
select home_id from fulfilment.homes_to_release(%(now)s, %(malls)s, %(nows)s)

-- name: lines_to_buy
-- Oldest first, without those of goods that nobody can serve at the moment, and those that wait for their buyer.
select distinct l.order_id from orders.line l
where l.home_id = %(home)s and l.state = 'waiting' and l.mode = 'supply' and l.order_id > %(after)s
  and l.sku_id <> all (%(without)s) and l.reason <> 'wrong_account'
order by l.order_id limit %(size)s

-- name: facts_to_buy
-- Of lines: their sealed fields, and the margin that the mall asks over cost.
select l.order_id, l.line_no, l.fields, coalesce(own.margin_bp, house.margin_bp, 0)
from orders.line l
left join pricing.floor own on own.mall_id = %(mall)s and own.sku_id = l.sku_id
left join pricing.floor house on house.mall_id = %(mall)s and house.sku_id = 0
where l.home_id = %(home)s and l.order_id = any (%(orders)s)

-- name: margin_of_sku
-- The margin that the mall asks over the cost of a SKU; no row: there is no such SKU.
select coalesce(own.margin_bp, house.margin_bp, 0)
from catalog.sku s
left join pricing.floor own on own.mall_id = s.mall_id and own.sku_id = s.id
left join pricing.floor house on house.mall_id = s.mall_id and house.sku_id = 0
where s.mall_id = %(mall)s and s.id = %(sku)s
