-- Who holds codes of a batch. Reads tenancy for names and for the reason of a recall.

-- name: batch_is_there
select true from stock.batch where home_id = %(home)s and id = %(batch)s

-- name: holders
-- By place in the batch: a later page begins behind the last line of the one before.
select t.first_seq, t.last_seq, t.order_id, t.line_no, t.shared, l.sku_id, l.state, o.buyer_id, coalesce(g.name, ''),
  o.client_order_no, o.placed_at
from (
  select first_seq, last_seq, order_id, line_no, shared from orders.take
  where home_id = %(home)s and batch_id = %(batch)s
    and (first_seq, order_id, line_no) > (%(first)s::integer, %(order)s::bigint, %(line)s::smallint)
  order by first_seq, order_id, line_no limit %(most)s
) t
join orders.line l on l.home_id = %(home)s and l.order_id = t.order_id and l.line_no = t.line_no
join orders.orders o on o.home_id = %(home)s and o.id = t.order_id
left join tenancy.organisation g on g.mall_id = %(mall)s and g.id = o.buyer_id
order by t.first_seq, t.order_id, t.line_no

-- name: ranges_of_batch
select first_seq, order_id, line_no from orders.take
where home_id = %(home)s and batch_id = %(batch)s
  and (first_seq, order_id, line_no) > (%(first)s::integer, %(order)s::bigint, %(line)s::smallint)
order by first_seq, order_id, line_no limit %(most)s

-- name: count_ranges
select count(*) from orders.take where home_id = %(home)s and batch_id = %(batch)s

-- name: takes_of_orders
select order_id, line_no, first_seq, last_seq from orders.take
where home_id = %(home)s and order_id = any (%(orders)s) and batch_id = %(batch)s order by order_id, line_no, first_seq

-- name: codes_of_orders
-- How many codes of the batch each line took. A shared code is every piece of its line.
select order_id, line_no, sum(last_seq - first_seq + 1)::integer, bool_or(shared) from orders.take
where home_id = %(home)s and order_id = any (%(orders)s) and batch_id = %(batch)s group by order_id, line_no

-- name: lines_of_batch
-- Every line that took codes of it, as it is now, and how many.
select l.order_id, o.buyer_id, l.state, l.amount_e4, l.quantity, l.delivered, l.returned_e4, t.codes, t.shared
from (
  select order_id, line_no, sum(last_seq - first_seq + 1)::integer as codes, bool_or(shared) as shared from orders.take
  where home_id = %(home)s and batch_id = %(batch)s group by order_id, line_no
) t
join orders.line l on l.home_id = %(home)s and l.order_id = t.order_id and l.line_no = t.line_no
join orders.orders o on o.home_id = %(home)s and o.id = t.order_id

-- name: goods_of_batch
select supplier_id, currency, unit_cost_e4 from stock.batch where home_id = %(home)s and id = %(batch)s

-- name: number_event
update orders.orders set events = events + 1, updated_at = %(at)s where home_id = %(home)s and id = any (%(orders)s)

-- name: recall_reasons
-- In the words of whoever recalled.
select subject, after ->> 'reason' from tenancy.audit
where mall_id = %(mall)s and action = 'stock.recall' and subject = any (%(subjects)s) order by id
