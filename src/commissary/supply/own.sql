-- What a supplier's own people see of the trade: his offers, his connections, how he does.

-- name: look
select o.id, o.connection_id, c.name, c.protocol = 'people', o.good_id, o.good_name, o.sku_id, s.code, s.name_zh, s.name_en, o.kind,
  o.unit_cost_e4, o.held_cost_e4, o.currency, {status}, case when c.protocol = 'people' then coalesce(d.declared, 0) else o.stock end,
  case when c.protocol = 'people' then coalesce(d.free, 0) else o.stock end,
  case when c.protocol = 'people' then coalesce((select sum(r.quantity) from supply.reserved r
    where r.home_id = %(home)s and r.offer_id = o.id), 0)::int else 0 end,
  coalesce(d.declared_at, o.seen_at)
from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
join catalog.sku s on s.mall_id = o.mall_id and s.id = o.sku_id
left join supply.declared d on d.home_id = %(home)s and d.offer_id = o.id
where {where}
order by {order} limit %(size)s

-- name: matching
select {what} from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
join catalog.sku s on s.mall_id = o.mall_id and s.id = o.sku_id
where {where}

-- name: status
case when o.held_cost_e4 is not null then 'held' when o.state = 'on' and o.on_sale then 'on' else 'off' end

-- name: of_supplier
o.mall_id = %(mall)s and c.supplier_id = %(supplier)s

-- name: typed
position(lower(%(q)s) in lower(o.good_id || ' ' || o.good_name || ' ' || s.code || ' ' || s.name_zh || ' ' || s.name_en)) > 0

-- name: of_connection
o.connection_id = %(connection)s

-- name: offer_of_sku
-- The offer by which he supplies a SKU: the latest that is on.
select o.unit_cost_e4, o.currency from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
where o.mall_id = %(mall)s and o.sku_id = %(sku)s and c.supplier_id = %(supplier)s and o.state = 'on'
order by o.id desc limit 1

-- name: offers_of_supplier
-- For a sheet: every offer of people of his.
select o.id, o.good_id, o.good_name, s.code, o.unit_cost_e4, coalesce(o.held_cost_e4, o.unit_cost_e4), o.currency,
  coalesce(d.declared, 0)
from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
join catalog.sku s on s.mall_id = o.mall_id and s.id = o.sku_id
left join supply.declared d on d.home_id = %(home)s and d.offer_id = o.id
where o.mall_id = %(mall)s and c.supplier_id = %(supplier)s and c.protocol = 'people' order by o.id limit %(most)s

-- name: waiting
-- What is asked of his people now: how many, the oldest, and how many are in somebody's hand.
select count(*)::int, coalesce(sum(a.quantity), 0)::int, min(a.called_at) from supply.reserved r
join supply.attempt a on a.home_id = r.home_id and a.id = r.attempt_id
where r.home_id = %(home)s and a.supplier_id = %(supplier)s

-- name: compared
-- Supplier → purchases that ended and how many of them succeeded, of the newest of a window over everybody.
select supplier_id, count(*)::int, count(*) filter (where state = 'succeeded')::int
from (
  select supplier_id, state, reason from supply.attempt
  where home_id = %(home)s and id >= %(since)s order by id desc limit %(most)s) newest
where state in ('succeeded', 'failed', 'surplus') and reason <> 'wrong_account'
group by supplier_id

-- name: cover
-- Of each offer that is on: what is left, and what was sold of it since.
select o.id, o.good_id, o.good_name, s.name_zh, s.name_en,
  case when c.protocol = 'people' then coalesce(d.free, 0) else o.stock end,
  coalesce((select sum(a.quantity) from supply.attempt a
    where a.home_id = %(home)s and a.connection_id = o.connection_id and a.offer_id = o.id and a.id >= %(since)s
      and a.state = 'succeeded'), 0)::int
from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
join catalog.sku s on s.mall_id = o.mall_id and s.id = o.sku_id
left join supply.declared d on d.home_id = %(home)s and d.offer_id = o.id
where o.mall_id = %(mall)s and c.supplier_id = %(supplier)s and o.state = 'on'
order by o.id limit %(most)s

-- name: accounts
-- What lies between the mall and him, connection by connection; less than nothing: the mall owes it.
select c.id, c.name, c.currency, coalesce(a.balance_e4, 0) from supply.connection c
left join ledger.account a on a.home_id = %(home)s and a.owner_id = c.supplier_id and a.kind = 'prepaid'
  and a.sub = c.id::text and a.currency = c.currency
where c.mall_id = %(mall)s and c.supplier_id = %(supplier)s order by c.id

-- name: held_offers
select count(*)::int from supply.offer o
join supply.connection c on c.mall_id = o.mall_id and c.id = o.connection_id
where o.mall_id = %(mall)s and c.supplier_id = %(supplier)s and o.held_cost_e4 is not null

-- name: connections
select c.id, c.name, c.protocol, c.currency, c.state, c.reason, c.state_at, c.balance_e4, c.balance_at from supply.connection c
where c.mall_id = %(mall)s and c.supplier_id = %(supplier)s order by c.id

-- name: troubles
-- The newest purchases that did not go plainly, of one connection of his.
select a.id, a.good_id, a.quantity, a.state, a.reason, a.said, a.called_at, a.ended_at from supply.attempt a
where a.home_id = %(home)s and a.connection_id = %(connection)s and a.supplier_id = %(supplier)s and a.id < %(before)s
  and (a.state in ('unknown', 'surplus') or (a.state = 'failed' and a.reason <> 'wrong_account'))
order by a.id desc limit %(size)s
