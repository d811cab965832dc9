-- What a mall sold by the hour of its own day. Reads orders and tenancy.

-- name: about
select currency, zone, shadow_of is not null from tenancy.mall where id = %(mall)s

-- name: sold
select extract(hour from o.placed_at at time zone %(zone)s)::int, count(distinct o.id), sum(l.quantity)::bigint,
  sum(l.delivered)::bigint, sum(l.amount_e4 - l.returned_e4)::bigint,
  coalesce(sum(l.amount_e4 - l.returned_e4 - l.cost_e4) filter (where l.delivered > 0), 0)::bigint
from orders.orders o
join orders.line l on l.home_id = o.home_id and l.order_id = o.id
where o.home_id = %(home)s and o.id >= %(since)s and o.id < %(until)s and o.placed_at >= %(from)s and o.placed_at < %(to)s
group by 1
