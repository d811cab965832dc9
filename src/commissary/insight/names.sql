-- What things are called that lists know by their ids: id, names, article number, state.

-- name: skus
select id, name_zh, name_en, code, status from catalog.sku where mall_id = %(mall)s and id = any (%(ids)s::bigint[])

-- name: products
select id, name_zh, name_en, null::text, null::text from catalog.product
where mall_id = %(mall)s and id = any (%(ids)s::bigint[])

-- name: companies
select id, name, null::text, null::text, status from tenancy.organisation
where mall_id = %(mall)s and id = any (%(ids)s::bigint[]) and kind = any (%(kinds)s::text[])

-- name: connections
select id, name, null::text, null::text, state from supply.connection
where mall_id = %(mall)s and id = any (%(ids)s::bigint[])
