-- name: books
select id, kind, tier_id, buyer_id from pricing.book where mall_id = %(mall)s and currency = %(currency)s

-- name: tiers_of_buyers
select id, tier_id from partners.buyer where mall_id = %(mall)s and tier_id is not null

-- name: versions
-- What holds now and what is scheduled; older versions are history and stay in the database.
select book_id, sku_id, valid_from, id, minimums, prices_e4
from (
  select e.*, lead(e.valid_from) over (partition by book_id, sku_id order by valid_from, id) as superseded_at
  from pricing.entry e where e.mall_id = %(mall)s
) v
where superseded_at is null or superseded_at > now() - interval '1 day'
order by book_id, sku_id, valid_from desc, id desc

-- name: floors
select sku_id, margin_bp from pricing.floor where mall_id = %(mall)s
