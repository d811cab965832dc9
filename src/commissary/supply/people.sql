-- What people declare, and the purchases that wait for them.

-- name: lock_free
-- Of these SKUs, in id order: whoever takes from a declaration, adds to it or declares anew waits here.
select d.offer_id, d.free from supply.declared d
where d.home_id = %(home)s and d.offer_id = any (%(offers)s) order by d.offer_id for update

-- name: reserve
-- For purchases that begin; more than is free ends the transaction.
with taken as (
  insert into supply.reserved (home_id, attempt_id, offer_id, n, quantity)
  select %(home)s, a.id, a.offer, d.n, a.quantity
  from unnest(%(attempts)s, %(offers)s, %(quantities)s) as a (id, offer, quantity)
  join supply.declared d on d.home_id = %(home)s and d.offer_id = a.offer
  returning offer_id, quantity),
summed as (select offer_id, sum(quantity) as quantity from taken group by offer_id)
update supply.declared d set free = d.free - s.quantity from summed s
where d.home_id = %(home)s and d.offer_id = s.offer_id

-- name: end_reserved
-- Of purchases that ended. What nobody provided is free again, but for a declaration that came after the purchase began.
with ended as (
  delete from supply.reserved r using unnest(%(attempts)s, %(backs)s) as e (id, back)
  where r.home_id = %(home)s and r.attempt_id = e.id
  returning r.offer_id, r.n, r.quantity, e.back),
back as (select offer_id, n, sum(quantity) as quantity from ended where back group by offer_id, n)
update supply.declared d set free = d.free + b.quantity from back b
where d.home_id = %(home)s and d.offer_id = b.offer_id and d.n = b.n

-- name: declare
-- What is asked of him already is in what he declares.
insert into supply.declared as d (home_id, offer_id, n, declared, free, declared_at)
values (%(home)s, %(offer)s, 1, %(stock)s, %(stock)s, %(at)s)
on conflict (home_id, offer_id) do update set n = d.n + 1, declared = excluded.declared, declared_at = excluded.declared_at,
  free = greatest(0, excluded.declared - coalesce((select sum(r.quantity) from supply.reserved r
    where r.home_id = d.home_id and r.offer_id = d.offer_id), 0))

-- name: declared
select o.id, o.connection_id, c.supplier_id, o.good_id, o.good_name, o.sku_id, o.kind, o.unit_cost_e4, o.held_cost_e4,
  o.currency, o.state, o.on_sale, coalesce(d.declared, 0), coalesce(d.free, 0),
  coalesce((select sum(r.quantity) from supply.reserved r where r.home_id = %(home)s and r.offer_id = o.id), 0)::int,
  d.declared_at
from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
left join supply.declared d on d.home_id = %(home)s and d.offer_id = o.id
where o.mall_id = %(mall)s and c.protocol = 'people' and o.id > %(after)s
  and (%(supplier)s::bigint is null or c.supplier_id = %(supplier)s)
  and (%(offer)s::bigint is null or o.id = %(offer)s)
order by o.id limit %(size)s

-- name: requests
-- Purchases that wait for people, the oldest first.
select a.id, a.order_id, a.line_no, a.n, a.sku_id, a.offer_id, a.connection_id, a.supplier_id, a.good_id, a.kind, a.quantity,
  a.most_unit_e4, a.unit_cost_e4, a.currency, a.state, a.reason, a.said, a.supplier_ref, a.cost_e4, a.refunded_e4, a.asked,
  a.missing_since, a.next_at, a.people_at, a.called_at, a.answered_at, a.ended_at,
  a.rate_id, a.rate_e8
from supply.reserved r
join supply.attempt a on a.home_id = r.home_id and a.id = r.attempt_id
where r.home_id = %(home)s and r.attempt_id > %(after)s
  and (%(supplier)s::bigint is null or a.supplier_id = %(supplier)s)
order by r.attempt_id limit %(size)s

-- name: set_people
update supply.shelf f set people = n.people::bigint[]
from unnest(%(skus)s, %(people)s) as n (sku, people)
where f.mall_id = %(mall)s and f.sku_id = any (%(skus)s) and f.sku_id = n.sku and f.people is distinct from n.people::bigint[]

-- name: people
select sku_id, people from supply.shelf where mall_id = %(mall)s and people is not null
