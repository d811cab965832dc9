-- What a mall has already of what it needs before it sells. Reads catalog, stock, supply, pricing, partners, tenancy and orders.

-- name: steps
select
  exists (select 1 from catalog.brand b where b.mall_id = %(mall)s),
  exists (select 1 from catalog.sku s where s.mall_id = %(mall)s and s.status <> 'deleted'),
  exists (select 1 from stock.lot l where l.home_id = %(home)s)
    or exists (select 1 from supply.offer o where o.mall_id = %(mall)s),
  exists (select 1 from pricing.entry e where e.mall_id = %(mall)s and cardinality(e.minimums) > 0),
  exists (select 1 from catalog.sku s where s.mall_id = %(mall)s and s.status = 'listed'),
  exists (select 1 from partners.buyer b where b.mall_id = %(mall)s),
  exists (select 1 from tenancy.api_key k join partners.buyer b on b.mall_id = k.mall_id and b.id = k.organisation_id
    where k.mall_id = %(mall)s and k.revoked_at is null),
  exists (select 1 from orders.orders o where o.home_id = %(home)s)
