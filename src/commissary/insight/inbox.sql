-- What waits for a person's word, wherever it is kept: reads the tables of pricing, fulfilment, partners and supply, and names. Each
-- of them is few rows while a mall is looked after, and found by an index of what is open.

-- name: price_proposals
select p.id, 'sku:' || p.sku_id, s.name_zh, s.name_en, p.prices_e4[1], b.currency, p.at
from pricing.proposal p
join pricing.book b on b.mall_id = p.mall_id and b.id = p.book_id
left join catalog.sku s on s.mall_id = p.mall_id and s.id = p.sku_id
where p.mall_id = %(mall)s and p.state = 'waiting' order by p.at, p.id limit %(most)s

-- name: restocks
-- Not those of whoever set the policy.
select r.id, 'sku:' || r.sku_id, s.name_zh, s.name_en, r.quantity * r.unit_cost_e4, r.currency, r.proposed_at
from fulfilment.restock r
left join catalog.sku s on s.mall_id = %(mall)s and s.id = r.sku_id
where r.home_id = %(home)s and r.state = 'proposed' and r.made_by <> %(me)s order by r.proposed_at, r.id limit %(most)s

-- name: papers
-- Not those that he brought himself.
select p.id, 'supplier:' || p.supplier_id, o.name, o.name, null::bigint, null::text, p.submitted_at
from partners.paper p
join tenancy.organisation o on o.mall_id = p.mall_id and o.id = p.supplier_id
where p.mall_id = %(mall)s and p.state = 'submitted' and p.submitted_by <> %(me)s order by p.submitted_at, p.id limit %(most)s

-- name: purchases
select a.id, 'order:' || a.order_id, s.name_zh, s.name_en, a.quantity * a.unit_cost_e4, a.currency, a.people_at
from supply.attempt a
left join catalog.sku s on s.mall_id = %(mall)s and s.id = a.sku_id
where a.home_id = %(home)s and a.people_at is not null order by a.people_at, a.id limit %(most)s
