-- name: tellers
select mall_id, epoch, rev, holder, expires_at from pricing.tellers()

-- name: touch
-- Before anything else of a subscription is locked: whoever tells looks again.
insert into pricing.teller as t (mall_id, rev, expires_at) values (%(mall)s, 1, 'epoch')
on conflict (mall_id) do update set rev = t.rev + 1

-- name: take
-- The lease, new or held already.
update pricing.teller set holder = %(me)s, expires_at = %(until)s
where mall_id = %(mall)s and (holder = %(me)s or expires_at < %(now)s)

-- name: still_mine
select 1 from pricing.teller where mall_id = %(mall)s and holder = %(me)s for share

-- name: count_of_buyer
select count(*) from pricing.subscription where mall_id = %(mall)s and buyer_id = %(buyer)s and name <> %(name)s

-- name: buyer_exists
select 1 from partners.buyer where mall_id = %(mall)s and id = %(buyer)s

-- name: put
insert into pricing.subscription (mall_id, id, buyer_id, name, every, threshold_bp, availability, window_ms, author,
  created_at, changed_at)
values (%(mall)s, %(id)s, %(buyer)s, %(name)s, %(every)s, %(threshold)s, %(availability)s, %(window)s, %(author)s,
  %(at)s, %(at)s)
on conflict (mall_id, buyer_id, name) do update set every = excluded.every, threshold_bp = excluded.threshold_bp,
  availability = excluded.availability, window_ms = excluded.window_ms, author = excluded.author,
  changed_at = excluded.changed_at
returning id, created_at

-- name: subscriptions
select s.id, s.buyer_id, s.name, s.every, s.threshold_bp, s.availability, s.window_ms, s.created_at, s.changed_at,
  case when %(counted)s then
    (select count(*) from pricing.told t where t.mall_id = s.mall_id and t.subscription_id = s.id) else 0 end
from pricing.subscription s
where s.mall_id = %(mall)s and (%(buyer)s::bigint is null or s.buyer_id = %(buyer)s)
  and (%(name)s::text is null or s.name = %(name)s) and (%(id)s::bigint is null or s.id = %(id)s)
  and s.id > %(after)s
order by s.id limit %(size)s

-- name: told_skus
select subscription_id, array_agg(sku_id) from pricing.told
where mall_id = %(mall)s and subscription_id = any (%(ids)s) group by subscription_id

-- name: remove_told
delete from pricing.told where mall_id = %(mall)s and subscription_id = %(id)s

-- name: remove
delete from pricing.subscription where mall_id = %(mall)s and id = %(id)s

-- name: keep_told
-- Of those that he asked for before but not now, nothing is remembered.
delete from pricing.told where mall_id = %(mall)s and subscription_id = %(id)s and sku_id <> all (%(skus)s)

-- name: lock
-- As the teller knows it: one that was changed meanwhile is looked at anew.
select told_n from pricing.subscription
where mall_id = %(mall)s and id = %(id)s and changed_at = %(changed_at)s for update

-- name: told
-- Column by column: thousands of small arrays take a driver long to read.
select array_agg(sku_id), string_agg(array_to_string(minimums, ' '), ','),
  string_agg(array_to_string(prices_e4, ' '), ','), array_agg(available)
from pricing.told
where mall_id = %(mall)s and subscription_id = %(id)s and (%(skus)s::bigint[] is null or sku_id = any (%(skus)s))

-- name: tell
insert into pricing.told (mall_id, subscription_id, sku_id, minimums, prices_e4, available, at)
select %(mall)s, %(id)s, e.sku, e.minimums, e.prices, e.available, %(at)s
from jsonb_to_recordset(%(told)s) as e (sku bigint, minimums integer[], prices bigint[], available boolean)
on conflict (mall_id, subscription_id, sku_id) do update set minimums = excluded.minimums,
  prices_e4 = excluded.prices_e4, available = excluded.available, at = excluded.at

-- name: counted
update pricing.subscription set told_n = %(n)s where mall_id = %(mall)s and id = %(id)s

-- name: goods_of_mall
-- Every SKU that is not deleted. Reads catalog.
select array_agg(id), array_agg(kind), array_agg(status = 'listed') from catalog.sku
where mall_id = %(mall)s and status not in ('draft', 'deleted')

-- name: parts_of_mall
select bundle_id, sku_id, quantity from catalog.component where mall_id = %(mall)s

-- name: shelves
-- What there is of each SKU: pieces on the shelf and the cost of the next one, and what a supplier asks. Reads stock.lot
-- and supply.shelf.
select coalesce(l.sku_id, s.sku_id), coalesce(l.pieces, 0), l.cost_e4, s.sku_id is not null, s.unit_cost_e4
from (
  select sku_id, case when bool_or(unlimited) then 2147483647 else sum(end_seq - next_seq + 1) end as pieces,
    (array_agg(unit_cost_e4 order by expires_at, id))[1] as cost_e4
  from stock.lot
  where home_id >= %(mall)s::bigint << 10 and home_id < (%(mall)s::bigint + 1) << 10
    and state = 'open' and next_seq <= end_seq and expires_at > %(at)s
  group by sku_id
) l
full join (select sku_id, unit_cost_e4 from supply.shelf where mall_id = %(mall)s) s on s.sku_id = l.sku_id
