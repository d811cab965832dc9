-- name: lines
-- What a line was sold as, and at what price.
select line_no, sku_id, sku_version, bundle_id, quantity, unit_price_e4, amount_e4, price_source
from orders.line where home_id = %(home)s and order_id = %(id)s order by line_no

-- name: head
select buyer_id, currency from orders.orders where home_id = %(home)s and id = %(id)s
