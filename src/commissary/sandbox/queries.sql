-- name: articles
select sku_id, name, kind, cost_e4, field, magic from sandbox.article
where mall_id = %(mall)s and (%(skus)s::bigint[] is null or sku_id = any(%(skus)s::bigint[])) order by sku_id limit 20000

-- name: put_article
insert into sandbox.article (mall_id, sku_id, name, kind, cost_e4, field, magic)
values (%(mall)s, %(sku_id)s, %(name)s, %(kind)s, %(cost_e4)s, %(field)s, %(magic)s)
on conflict (mall_id, sku_id) do update set name = excluded.name, field = excluded.field

-- name: purchases
-- In order of their numbers, so that two who hold several wait for one another.
select ref, connection_id, sku_id, quantity, gives, total_e4, refunded_e4, state, placed_at, due_at, account from sandbox.purchase
where home_id = %(home)s and ref = any(%(refs)s::text[]) order by ref for update

-- name: add_purchase
insert into sandbox.purchase (home_id, ref, connection_id, sku_id, quantity, gives, total_e4, refunded_e4, state, placed_at, due_at, account)
values (%(home)s, %(ref)s, %(connection_id)s, %(sku_id)s, %(quantity)s, %(gives)s, %(total_e4)s, %(refunded_e4)s, %(state)s,
  %(placed_at)s, %(due_at)s, %(account)s)

-- name: due
select ref, connection_id, sku_id, quantity, gives, total_e4, refunded_e4, state, placed_at, due_at, account from sandbox.purchase
where home_id = %(home)s and due_at <= %(now)s order by due_at, ref limit 100 for update skip locked

-- name: homes_due
select home_id, due_at from sandbox.homes_due()

-- name: next_due
select min(due_at) from sandbox.purchase where home_id = %(home)s and due_at is not null

-- name: set_purchase
update sandbox.purchase set state = %(state)s, refunded_e4 = %(refunded_e4)s, due_at = %(due_at)s
where home_id = %(home)s and ref = %(ref)s and state = %(seen)s

-- name: own_organisation
select id, name from tenancy.organisation where mall_id = %(mall)s and kind = 'mall'

-- name: inside
-- The connections to the supplier inside, by protocol.
select protocol, id from supply.connection where mall_id = %(mall)s and base_url = %(url)s

-- name: supplier_inside
select max(supplier_id) from supply.connection where mall_id = %(mall)s and base_url = %(url)s

-- name: token
select callback_token, protocol from supply.connection where mall_id = %(mall)s and id = %(id)s

-- name: sku_codes
select code, id from catalog.sku where mall_id = %(mall)s and code = any(%(codes)s::text[])

-- name: brand
select id from catalog.brand where mall_id = %(mall)s and name_zh = %(name)s

-- name: epoch
select value from tenancy.epoch where mall_id = %(mall)s

-- name: wallet
select b.account_id, a.balance_e4, a.currency from partners.buyer b
join ledger.account a on a.home_id = %(home)s and a.id = b.account_id
where b.mall_id = %(mall)s and b.id = %(buyer)s

-- name: wallets
select b.id from partners.buyer b where b.mall_id = %(mall)s order by b.id limit 1000

-- name: currency
select currency from tenancy.mall where id = %(mall)s
