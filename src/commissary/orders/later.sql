-- What is asked about orders after their sale, beside the order path and not on it.

-- name: recent_lines
-- The youngest orders since an id, at most so many, line by line. Part of a bundle: also how many of it one bundle has.
select o.id, o.buyer_id, o.key_id, o.client_order_no, o.ip, o.device_id,
  l.sku_id, l.quantity, l.target_index, l.bundle_id, c.quantity
from (
  select * from orders.orders where home_id = %(home)s and id >= %(since)s order by id desc limit %(most)s
) o
join orders.line l on l.home_id = o.home_id and l.order_id = o.id
left join catalog.component c on c.mall_id = %(mall)s and c.bundle_id = l.bundle_id and c.sku_id = l.sku_id
order by o.id, l.line_no

-- name: bodies
select key, body from orders.idempotency where home_id = %(home)s and key = any (%(keys)s)
