-- name: books
select id, kind, tier_id, buyer_id from pricing.book where mall_id = %(mall)s and currency = %(currency)s

-- name: tiers_of_buyers
select id, tier_id from partners.buyer where mall_id = %(mall)s and tier_id is not null

-- name: versions
-- What holds now and what is scheduled; older versions are history and stay in the database. "Now" is the mall's.
-- Column by column, one row per book: a mall has tens of thousands of versions, and 80,000 small arrays take a driver
-- four times as long to read as a few long values.
select book_id, array_agg(sku_id), array_agg((extract(epoch from valid_from) * 1000000)::bigint), array_agg(id),
  string_agg(array_to_string(minimums, ' '), ','), string_agg(array_to_string(prices_e4, ' '), ',')
from (
  select *
  from (
    select e.*, lead(e.valid_from) over (partition by book_id, sku_id order by valid_from, id) as superseded_at
    from pricing.entry e
    where e.mall_id = %(mall)s
      and e.book_id in (select b.id from pricing.book b where b.mall_id = %(mall)s and b.currency = %(currency)s)
  ) v
  where superseded_at is null or superseded_at > (
    select now() + m.clock_offset_s * interval '1 second' - interval '1 day' from tenancy.mall m where m.id = %(mall)s)
  order by book_id, sku_id, valid_from desc, id desc
) o
group by book_id

-- name: history_before
select now() + clock_offset_s * interval '1 second' - interval '1 day' from tenancy.mall where id = %(mall)s

-- name: newest
-- Through the index, not through all entries. Books without entries are left out.
select b.id, n.id from pricing.book b
cross join lateral (
  select e.id from pricing.entry e where e.mall_id = b.mall_id and e.book_id = b.id order by e.id desc limit 1
) n
where b.mall_id = %(mall)s and b.currency = %(currency)s

-- name: versions_since
-- Within a book ids grow in the order of commits, so what is behind the last known one is all that is new.
select e.book_id, e.sku_id, e.valid_from, e.id, e.minimums, e.prices_e4
from unnest(%(books)s, %(newest)s) as k (book, newest)
cross join lateral (
  select * from pricing.entry x where x.mall_id = %(mall)s and x.book_id = k.book and x.id > k.newest
) e
order by e.book_id, e.sku_id

-- name: versions_of
-- Of some SKUs in some books: what holds at that instant.
select e.book_id, e.sku_id, e.valid_from, e.id, e.minimums, e.prices_e4
from unnest(%(books)s) as b (id) cross join unnest(%(skus)s) as s (id)
cross join lateral (
  select * from pricing.entry x
  where x.mall_id = %(mall)s and x.book_id = b.id and x.sku_id = s.id and x.valid_from <= %(at)s
  order by x.valid_from desc, x.id desc limit 1
) e

-- name: versions_in_books
-- Everything that holds in some books at that instant.
select distinct on (book_id, sku_id) book_id, sku_id, valid_from, id, minimums, prices_e4
from pricing.entry
where mall_id = %(mall)s and book_id = any (%(books)s) and valid_from <= %(at)s
order by book_id, sku_id, valid_from desc, id desc

-- name: floors
select sku_id, margin_bp from pricing.floor where mall_id = %(mall)s

-- name: ladders_page
select sku_id, minimums, prices_e4
from (
  select distinct on (sku_id) sku_id, minimums, prices_e4
  from pricing.entry
  where mall_id = %(mall)s and book_id = %(book)s and sku_id > %(after)s and valid_from <= %(at)s
  order by sku_id, valid_from desc, id desc
) held
where cardinality(minimums) > 0
order by sku_id limit %(size)s

-- name: books_of_buyer
-- The list, his tier's and his own: no book of anyone else.
select b.id, b.kind, b.tier_id, b.buyer_id, y.tier_id
from pricing.book b
left join partners.buyer y on y.mall_id = b.mall_id and y.id = %(buyer)s
where b.mall_id = %(mall)s and b.currency = %(currency)s
  and (b.kind = 'list' or (b.kind = 'tier' and b.tier_id = y.tier_id) or (b.kind = 'contract' and b.buyer_id = %(buyer)s))

-- name: currency
select currency from tenancy.mall where id = %(mall)s

-- name: add_book
insert into pricing.book (mall_id, id, kind, tier_id, buyer_id, name, currency, created_at)
values (%(mall)s, %(id)s, %(kind)s, %(tier)s, %(buyer)s, %(name)s, %(currency)s, %(at)s)
on conflict do nothing

-- name: list_books
select id, kind, tier_id, buyer_id, name, currency from pricing.book
where mall_id = %(mall)s and (%(after)s::bigint is null or id > %(after)s) order by id limit %(size)s

-- name: lock_book
-- Whoever writes into a book holds its row: so ids grow in the order of commits, and undo and preview see what holds.
select id, kind, tier_id, buyer_id, name, currency from pricing.book
where mall_id = %(mall)s and id = %(id)s for no key update

-- name: book
select id, kind, tier_id, buyer_id, name, currency from pricing.book where mall_id = %(mall)s and id = %(id)s

-- name: newest_of
select coalesce(max(id), 0) from pricing.entry where mall_id = %(mall)s and book_id = %(book)s

-- name: add_change
insert into pricing.change (mall_id, id, kind, author, reason, entries, template_id, undoes, valid_from, at)
values (%(mall)s, %(id)s, %(kind)s, %(author)s, %(reason)s, %(entries)s, %(template)s, %(undoes)s, %(valid_from)s, %(at)s)

-- name: add_entries
insert into pricing.entry (mall_id, book_id, sku_id, valid_from, id, minimums, prices_e4, change_id)
select %(mall)s, %(book)s, e.sku, %(valid_from)s, e.id, e.minimums, e.prices, %(change)s
from jsonb_to_recordset(%(entries)s) as e (sku bigint, id bigint, minimums integer[], prices bigint[])

-- name: change
select id, kind, author, reason, entries, template_id, undoes, valid_from, at
from pricing.change where mall_id = %(mall)s and id = %(id)s

-- name: list_changes
select id, kind, author, reason, entries, template_id, undoes, valid_from, at
from pricing.change where mall_id = %(mall)s and (%(before)s::bigint is null or id < %(before)s)
order by id desc limit %(size)s

-- name: is_undone
select exists (select from pricing.change where mall_id = %(mall)s and undoes = %(id)s)

-- name: book_of_change
select book_id from pricing.entry where mall_id = %(mall)s and change_id = %(id)s limit 1

-- name: before_change
-- Of each SKU of a change: what held before it, and what holds at the instant of going back.
select e.sku_id, e.id, b.minimums, b.prices_e4, h.id
from pricing.entry e
left join lateral (
  select x.minimums, x.prices_e4 from pricing.entry x
  where x.mall_id = e.mall_id and x.book_id = e.book_id and x.sku_id = e.sku_id
    and (x.valid_from, x.id) < (e.valid_from, e.id)
  order by x.valid_from desc, x.id desc limit 1
) b on true
left join lateral (
  select x.id from pricing.entry x
  where x.mall_id = e.mall_id and x.book_id = e.book_id and x.sku_id = e.sku_id and x.valid_from <= %(at)s
  order by x.valid_from desc, x.id desc limit 1
) h on true
where e.mall_id = %(mall)s and e.change_id = %(id)s
order by e.sku_id

-- name: history
select e.book_id, b.kind, b.name, e.sku_id, e.valid_from, e.id, e.minimums, e.prices_e4, c.id, c.author, c.reason,
  c.kind, c.at
from pricing.entry e
join pricing.book b on b.mall_id = e.mall_id and b.id = e.book_id
join pricing.change c on c.mall_id = e.mall_id and c.id = e.change_id
where e.mall_id = %(mall)s and e.sku_id = %(sku)s and (%(book)s::bigint is null or e.book_id = %(book)s)
  and (%(entry)s::bigint is null or e.id = %(entry)s)
  and (%(before)s::bigint is null or e.id < %(before)s)
order by e.id desc limit %(size)s

-- name: asked_at
-- The books that a buyer, or whoever is of a tier, is sold from, in the order in which they are asked, each with what held in it for a
-- SKU at an instant. Reads partners.buyer.
select b.id, b.kind, b.name, v.id, v.valid_from, v.minimums, v.prices_e4
from pricing.book b
left join lateral (
  select e.id, e.valid_from, e.minimums, e.prices_e4 from pricing.entry e
  where e.mall_id = b.mall_id and e.book_id = b.id and e.sku_id = %(sku)s and e.valid_from <= %(at)s
  order by e.valid_from desc, e.id desc limit 1
) v on true
where b.mall_id = %(mall)s and b.currency = %(currency)s and (
  b.kind = 'list'
  or b.kind = 'contract' and b.buyer_id = %(buyer)s::bigint
  or b.kind = 'tier' and b.tier_id = coalesce(
    %(tier)s::bigint, (select p.tier_id from partners.buyer p where p.mall_id = b.mall_id and p.id = %(buyer)s::bigint)))
order by case b.kind when 'contract' then 1 when 'tier' then 2 else 3 end

-- name: set_floor
insert into pricing.floor (mall_id, sku_id, margin_bp, author, at)
values (%(mall)s, %(sku)s, %(margin)s, %(author)s, %(at)s)
on conflict (mall_id, sku_id) do update set margin_bp = excluded.margin_bp, author = excluded.author, at = excluded.at

-- name: list_floors
select sku_id, margin_bp, author, at from pricing.floor where mall_id = %(mall)s order by sku_id

-- name: floor
select margin_bp from pricing.floor where mall_id = %(mall)s and sku_id = %(sku)s

-- name: costs
-- The current cost: the dearest piece that a sale could take now, from stock or bought from the cheapest supplier. Reads
-- stock.lot and supply.shelf.
select sku_id, max(unit_cost_e4)
from (
select sku_id, unit_cost_e4 from stock.lot
where home_id >= %(mall)s::bigint << 10 and home_id < (%(mall)s::bigint + 1) << 10
  and sku_id = any (%(skus)s) and state = 'open' and next_seq <= end_seq
  and expires_at > %(at)s
union all
select sku_id, unit_cost_e4 from supply.shelf
where mall_id = %(mall)s and sku_id = any (%(skus)s) and unit_cost_e4 is not null
) c
group by sku_id

-- name: scope_is_there
-- Reads catalog.
select true from catalog.sku where %(scope)s = 'sku' and mall_id = %(mall)s and id = %(id)s
union all
select true from catalog.product where %(scope)s = 'product' and mall_id = %(mall)s and id = %(id)s
union all
select true from catalog.brand where %(scope)s = 'brand' and mall_id = %(mall)s and id = %(id)s

-- name: follow_of
select id, book_id, scope, scope_id, template_id, limit_bp, active from pricing.follow
where mall_id = %(mall)s and book_id = %(book)s and scope = %(scope)s and scope_id = %(scope_id)s

-- name: put_follow
insert into pricing.follow as f (mall_id, id, book_id, scope, scope_id, template_id, limit_bp, active, author, at)
values (%(mall)s, %(id)s, %(book)s, %(scope)s, %(scope_id)s, %(template)s, %(limit)s, %(active)s, %(author)s, %(at)s)
on conflict (mall_id, book_id, scope, scope_id) do update set template_id = excluded.template_id,
  limit_bp = excluded.limit_bp, active = excluded.active, author = excluded.author, at = excluded.at
returning id

-- name: follows
select id, book_id, scope, scope_id, template_id, limit_bp, active from pricing.follow where mall_id = %(mall)s order by id

-- name: follows_of
-- Per book and SKU the narrowest rule; one that is not active keeps a wider one away. Reads catalog.
select distinct on (f.book_id, s.id) f.book_id, s.id, f.template_id, f.limit_bp, f.active
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join pricing.follow f on f.mall_id = s.mall_id and f.scope_id = case f.scope
  when 'sku' then s.id when 'product' then p.id when 'brand' then p.brand_id else 0 end
where s.mall_id = %(mall)s and s.id = any (%(skus)s)
order by f.book_id, s.id, array_position(array['sku', 'product', 'brand', 'mall'], f.scope)

-- name: replace_proposals
update pricing.proposal set state = 'replaced', decided_by = 'system', decided_at = %(at)s
where mall_id = %(mall)s and book_id = %(book)s and sku_id = any (%(skus)s) and state = 'waiting'

-- name: add_proposal
insert into pricing.proposal (mall_id, id, book_id, sku_id, template_id, minimums, prices_e4, old_unit_price_e4, cost_e4, why, at)
values (%(mall)s, %(id)s, %(book)s, %(sku)s, %(template)s, %(minimums)s, %(prices)s, %(old)s, %(cost)s, %(why)s, %(at)s)

-- name: proposals
select id, book_id, sku_id, template_id, minimums, prices_e4, old_unit_price_e4, cost_e4, why, state, change_id, at, decided_by
from pricing.proposal
where mall_id = %(mall)s and (%(state)s::text is null or state = %(state)s) and id > %(after)s order by id limit %(size)s

-- name: proposal
select id, book_id, sku_id, template_id, minimums, prices_e4, old_unit_price_e4, cost_e4, why, state, change_id, at, decided_by
from pricing.proposal where mall_id = %(mall)s and id = %(id)s

-- name: decide_proposal
update pricing.proposal set state = %(state)s, change_id = %(change)s, decided_by = %(by)s, decided_at = %(at)s
where mall_id = %(mall)s and id = %(id)s and state = 'waiting'

-- name: goods
-- What pricing must know of SKUs. Reads catalog.
select s.id, s.status, s.max_quantity, s.kind, p.brand_id, s.name_zh, s.name_en
from catalog.sku s join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
where s.mall_id = %(mall)s and s.id = any (%(skus)s)

-- name: components
select bundle_id, sku_id, quantity from catalog.component where mall_id = %(mall)s and bundle_id = any (%(skus)s)

-- name: save_template
insert into pricing.template (mall_id, id, name, rules, created_at)
values (%(mall)s, %(id)s, %(name)s, %(rules)s, %(at)s)
on conflict (mall_id, name) do update set rules = excluded.rules, version = template.version + 1
  where %(since)s::int is null or template.version = %(since)s
returning id, version

-- name: list_templates
select id, name, rules, version from pricing.template where mall_id = %(mall)s order by name

-- name: template
select id, name, rules, version from pricing.template where mall_id = %(mall)s and id = %(id)s

-- name: add_quote
insert into pricing.quote (home_id, id, buyer_id, expires_at, made_at)
values (%(home)s, %(id)s, %(buyer)s, %(expires_at)s, %(at)s)

-- name: add_quote_lines
insert into pricing.quote_line (home_id, quote_id, sku_id, quantity, unit_price_e4, currency, source)
select %(home)s, %(id)s, l.sku, l.quantity, l.price, %(currency)s, l.source
from unnest(%(skus)s, %(quantities)s, %(prices)s, %(sources)s) as l (sku, quantity, price, source)

-- name: quote_line
select unit_price_e4, source from pricing.quote_line where home_id = %(home)s and quote_id = %(id)s and sku_id = %(sku)s
