-- What must hold of prices. Each query returns the rows that break it.

-- name: changes_are_whole
-- en: A price change has not the entries it says, or they begin at different instants or lie in different books
-- zh: 调价记录与其明细条数、生效时间或价格本不一致
select c.mall_id, c.id, c.entries, count(e.id) as found
from pricing.change c
left join pricing.entry e on e.mall_id = c.mall_id and e.change_id = c.id
group by c.mall_id, c.id, c.entries, c.valid_from
having count(e.id) <> c.entries or min(e.valid_from) <> c.valid_from or max(e.valid_from) <> c.valid_from
  or min(e.book_id) <> max(e.book_id)

-- name: ladders_climb
-- en: A ladder's quantities do not rise
-- zh: 阶梯价的起订数量未递增
select e.mall_id, e.book_id, e.sku_id, e.id
from pricing.entry e
where exists (
  select from unnest(e.minimums) with ordinality as a (minimum, n)
  join unnest(e.minimums) with ordinality as b (minimum, n) on b.n = a.n + 1
  where b.minimum <= a.minimum)
