-- Goods that run low: what is known of them beside their stock.

-- name: facts
select s.id, s.code, s.name_zh, s.name_en, s.status, coalesce(p.active, false)
from catalog.sku s
left join fulfilment.restock_policy p on p.home_id = %(home)s and p.sku_id = s.id
where s.mall_id = %(mall)s and s.id = any (%(skus)s)

-- name: sold
-- Pieces ordered since a moment told as an id: a range of the time-ordered key.
select sku_id, sum(quantity)::bigint from orders.line
where home_id = %(home)s and order_id >= %(since)s and sku_id = any (%(skus)s) and state not in ('cancelled', 'failed', 'reversed')
group by sku_id
