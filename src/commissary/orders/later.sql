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

-- name: ask_fix
update orders.line set fix_field = %(field)s, fix_by = %(by)s
where home_id = %(home)s and order_id = %(order)s and line_no = %(line)s

-- name: keep_fields
-- As they are before a correction. The caller holds the order's lock.
insert into orders.line_before (home_id, order_id, line_no, n, fields, target_index, target_last, at)
select l.home_id, l.order_id, l.line_no,
  1 + coalesce((select max(b.n) from orders.line_before b
    where b.home_id = l.home_id and b.order_id = l.order_id and b.line_no = l.line_no), 0),
  l.fields, l.target_index, l.target_last, %(at)s
from orders.line l where l.home_id = %(home)s and l.order_id = %(order)s and l.line_no = %(line)s

-- name: correct_fields
update orders.line set fields = %(fields)s, target_index = %(target)s, target_last = %(last)s
where home_id = %(home)s and order_id = %(order)s and line_no = %(line)s
