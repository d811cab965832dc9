-- Invariants of purchases and declarations; see insight/checks.sql for how they are written.

-- name: i5_reserved_is_of_open_purchases
-- en: A supplier's declared goods are kept for a purchase that is over, or another one
-- zh: 供应商申报库存被已结束或不符的采购占用
select r.home_id, r.attempt_id, r.offer_id, r.quantity, a.state
from supply.reserved r
left join supply.attempt a on a.home_id = r.home_id and a.id = r.attempt_id
where a.state is null or a.state not in ('calling', 'accepted', 'unknown')
  or a.offer_id <> r.offer_id or a.quantity <> r.quantity

-- name: i5_declared_is_free_or_asked_for
-- en: More of a declaration is free or asked for than was declared
-- zh: 申报库存的可用量与占用量之和超过申报量
select d.home_id, d.offer_id, d.declared, d.free, sum(r.quantity)::integer as asked_for
from supply.declared d
join supply.reserved r on r.home_id = d.home_id and r.offer_id = d.offer_id and r.n = d.n
group by d.home_id, d.offer_id, d.declared, d.free
having d.free + sum(r.quantity) > d.declared
