-- What the subjects of notices are called.

-- name: skus
select id, name_zh, name_en from catalog.sku where mall_id = %(mall)s and id = any (%(ids)s)

-- name: organisations
select id, name from tenancy.organisation where mall_id = %(mall)s and id = any (%(ids)s)

-- name: people
select id, name from tenancy.person where mall_id = %(mall)s and id = any (%(ids)s)
