-- A buyer's own view of his trade: how goods fare, what he sold by day and SKU, what waits for him. Reads orders, catalog,
-- fulfilment, notify and tenancy; every statement names the home and the buyer.

-- name: fared
-- Of each SKU the newest lines that ended, of all buyers: delivered, and all.
select w.sku_id, count(*) filter (where l.state = 'delivered'), count(*)
from unnest(%(skus)s::bigint[]) w (sku_id)
cross join lateral (
  select state from orders.line
  where home_id = %(home)s and sku_id = w.sku_id and order_id > %(since)s
  order by order_id desc limit %(most)s
) l
where l.state in ('delivered', 'partial', 'failed', 'reversed')
group by w.sku_id

-- name: about
select m.currency, m.zone, m.shadow_of is not null, b.low_balance_e4
from tenancy.mall m join partners.buyer b on b.mall_id = m.id and b.id = %(buyer)s
where m.id = %(mall)s

-- name: sales
-- `margin`: what goods with a face value would bring above their cost, sold at it; `faced`: the cost of those.
select (o.placed_at at time zone %(zone)s)::date, l.sku_id, s.code, s.name_zh, s.name_en, count(distinct o.id), sum(l.quantity),
  sum(l.delivered), sum(l.amount_e4)::bigint, sum(l.returned_e4)::bigint,
  coalesce(sum(l.delivered * (s.face_value_e4 - l.unit_price_e4)) filter (where s.face_currency = o.currency), 0)::bigint,
  coalesce(sum(l.delivered * l.unit_price_e4) filter (where s.face_currency = o.currency), 0)::bigint
from orders.orders o
join orders.line l on l.home_id = o.home_id and l.order_id = o.id
left join catalog.sku s on s.mall_id = %(mall)s and s.id = l.sku_id
where o.home_id = %(home)s and o.buyer_id = %(buyer)s and o.id >= %(since)s and o.placed_at >= %(from)s and o.placed_at < %(to)s
group by 1, 2, 3, 4, 5

-- name: waiting
select state, count(*) from orders.orders
where home_id = %(home)s and buyer_id = %(buyer)s and state in ('review', 'scheduled', 'processing') group by state

-- name: failed
select count(*) from orders.orders
where home_id = %(home)s and buyer_id = %(buyer)s and state = 'failed' and id >= %(since)s and placed_at >= %(from)s

-- name: to_fix
select count(*) from fulfilment.fix_request f join orders.orders o on o.home_id = f.home_id and o.id = f.order_id
where f.home_id = %(home)s and f.state = 'open' and o.buyer_id = %(buyer)s

-- name: endpoints
-- Those that do not get through, and messages that were given up.
select count(*) filter (where e.state <> 'active' or e.failures > 0),
  coalesce(sum((select count(*) from notify.delivery d where d.home_id = %(home)s and d.endpoint_id = e.id and d.state = 'dead'
    and d.ended_at >= %(from)s)), 0)::int
from notify.endpoint e where e.mall_id = %(mall)s and e.organisation_id = %(buyer)s
