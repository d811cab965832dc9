-- name: add_brand
insert into catalog.brand (mall_id, id, name_zh, name_en, fingerprint_scope, created_at)
values (%(mall)s, %(id)s, %(name_zh)s, %(name_en)s, %(scope)s, %(at)s) on conflict (mall_id, name_zh) do nothing

-- name: lock_brand
select id, name_zh, name_en, fingerprint_scope, version from catalog.brand
where mall_id = %(mall)s and id = %(id)s for update

-- name: set_brand
update catalog.brand set name_zh = %(name_zh)s, name_en = %(name_en)s, version = version + 1
where mall_id = %(mall)s and id = %(id)s

-- name: list_brands
select id, name_zh, name_en, fingerprint_scope, version from catalog.brand
where mall_id = %(mall)s and id > %(after)s order by id limit %(size)s

-- name: add_product
insert into catalog.product (mall_id, id, brand_id, name_zh, name_en, description_zh, description_en, guide_zh, guide_en,
  regions, created_at)
values (%(mall)s, %(id)s, %(brand_id)s, %(name_zh)s, %(name_en)s, %(description_zh)s, %(description_en)s, %(guide_zh)s,
  %(guide_en)s, %(regions)s::text[], %(at)s)

-- name: lock_product
select id, brand_id, name_zh, name_en, description_zh, description_en, guide_zh, guide_en, regions, version
from catalog.product where mall_id = %(mall)s and id = %(id)s for update

-- name: set_product
update catalog.product set brand_id = %(brand_id)s, name_zh = %(name_zh)s, name_en = %(name_en)s,
  description_zh = %(description_zh)s, description_en = %(description_en)s, guide_zh = %(guide_zh)s,
  guide_en = %(guide_en)s, regions = %(regions)s::text[], version = version + 1
where mall_id = %(mall)s and id = %(id)s

-- name: list_products
select id, brand_id, name_zh, name_en, description_zh, description_en, guide_zh, guide_en, regions, version
from catalog.product
where mall_id = %(mall)s and id > %(after)s and (%(brand)s::bigint is null or brand_id = %(brand)s)
  and (%(search)s::text = '' or position(lower(%(search)s) in lower(name_zh || ' ' || name_en)) > 0)
order by id limit %(size)s

-- name: brand_exists
select 1 from catalog.brand where mall_id = %(mall)s and id = %(id)s

-- name: product_exists
select 1 from catalog.product where mall_id = %(mall)s and id = %(id)s

-- name: add_sku
insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, face_value_e4, face_currency,
  validity_days, period_months, fields, case_sensitive, instrument_class, issuer, redeem_scope, registered, tax_category,
  jurisdiction, issuer_licence_no, issuer_licence_expires, issuer_licence_sha256, fund_mode, release_at, max_quantity,
  low_stock, created_at, updated_at)
values (%(mall)s, %(id)s, %(product_id)s, %(code)s, %(name_zh)s, %(name_en)s, %(kind)s, %(face_value_e4)s,
  %(face_currency)s, %(validity_days)s, %(period_months)s, %(fields)s, %(case_sensitive)s, %(instrument_class)s,
  %(issuer)s, %(redeem_scope)s, %(registered)s, %(tax_category)s, %(jurisdiction)s, %(issuer_licence_no)s,
  %(issuer_licence_expires)s, %(issuer_licence_sha256)s, %(fund_mode)s, %(release_at)s, %(max_quantity)s, %(low_stock)s,
  %(at)s, %(at)s)

-- name: lock_sku
select product_id, code, name_zh, name_en, kind, face_value_e4, face_currency, validity_days, period_months, fields,
  case_sensitive, instrument_class, issuer, redeem_scope, registered, tax_category, jurisdiction, issuer_licence_no,
  issuer_licence_expires, issuer_licence_sha256, fund_mode, release_at, max_quantity, low_stock,
  id, status, version, created_at, updated_at
from catalog.sku where mall_id = %(mall)s and id = %(id)s for update

-- name: skus
select product_id, code, name_zh, name_en, kind, face_value_e4, face_currency, validity_days, period_months, fields,
  case_sensitive, instrument_class, issuer, redeem_scope, registered, tax_category, jurisdiction, issuer_licence_no,
  issuer_licence_expires, issuer_licence_sha256, fund_mode, release_at, max_quantity, low_stock,
  id, status, version, created_at, updated_at
from catalog.sku where mall_id = %(mall)s and id = any(%(ids)s::bigint[]) order by id

-- name: hold_skus
-- A bundle and its parts, in id order: while it takes them in, nobody may delete them or change what they are.
select id from catalog.sku where mall_id = %(mall)s and id = any(%(ids)s::bigint[]) order by id for update

-- name: list_skus
select product_id, code, name_zh, name_en, kind, face_value_e4, face_currency, validity_days, period_months, fields,
  case_sensitive, instrument_class, issuer, redeem_scope, registered, tax_category, jurisdiction, issuer_licence_no,
  issuer_licence_expires, issuer_licence_sha256, fund_mode, release_at, max_quantity, low_stock,
  id, status, version, created_at, updated_at
from catalog.sku
where mall_id = %(mall)s and id > %(after)s
  and (%(product)s::bigint is null or product_id = %(product)s)
  and (case when %(status)s::text is null then status <> 'deleted' else status = %(status)s end)
  and (%(search)s::text is null or position(lower(%(search)s) in lower(code || ' ' || name_zh || ' ' || name_en)) > 0)
order by id limit %(size)s

-- name: look_skus
-- The console's list, put together of the conditions below.
select product_id, code, name_zh, name_en, kind, face_value_e4, face_currency, validity_days, period_months, fields,
  case_sensitive, instrument_class, issuer, redeem_scope, registered, tax_category, jurisdiction, issuer_licence_no,
  issuer_licence_expires, issuer_licence_sha256, fund_mode, release_at, max_quantity, low_stock,
  id, status, version, created_at, updated_at
from catalog.sku s
where {where}
order by {order} limit %(size)s

-- name: matching_skus
select 1 from catalog.sku s where {where}

-- name: sku_ids
select s.id from catalog.sku s where {where} order by s.id limit %(most)s

-- name: count_skus
select count(*) from catalog.sku s where {where}

-- name: sku_of_mall
s.mall_id = %(mall)s

-- name: sku_not_deleted
s.status <> 'deleted'

-- name: sku_status
s.status = any (%(status)s::text[])

-- name: sku_kind
s.kind = any (%(kind)s::text[])

-- name: sku_product
s.product_id = %(product)s

-- name: sku_brand
s.product_id in (select p.id from catalog.product p where p.mall_id = %(mall)s and p.brand_id = %(brand)s)

-- name: sku_typed
position(lower(%(q)s) in lower(s.code || ' ' || s.name_zh || ' ' || s.name_en)) > 0

-- name: set_sku
update catalog.sku set product_id = %(product_id)s, code = %(code)s, name_zh = %(name_zh)s, name_en = %(name_en)s,
  kind = %(kind)s, face_value_e4 = %(face_value_e4)s, face_currency = %(face_currency)s,
  validity_days = %(validity_days)s, period_months = %(period_months)s, fields = %(fields)s,
  case_sensitive = %(case_sensitive)s, instrument_class = %(instrument_class)s, issuer = %(issuer)s,
  redeem_scope = %(redeem_scope)s, registered = %(registered)s, tax_category = %(tax_category)s,
  jurisdiction = %(jurisdiction)s, issuer_licence_no = %(issuer_licence_no)s,
  issuer_licence_expires = %(issuer_licence_expires)s, issuer_licence_sha256 = %(issuer_licence_sha256)s,
  fund_mode = %(fund_mode)s, release_at = %(release_at)s, max_quantity = %(max_quantity)s, low_stock = %(low_stock)s,
  status = %(status)s, version = version + 1, updated_at = %(at)s
where mall_id = %(mall)s and id = %(id)s and version = %(version)s

-- name: drop_components
delete from catalog.component where mall_id = %(mall)s and bundle_id = %(id)s

-- name: add_components
insert into catalog.component (mall_id, bundle_id, sku_id, quantity, position)
select %(mall)s, %(id)s, c.sku_id, c.quantity, c.position - 1
from unnest(%(skus)s::bigint[], %(quantities)s::int[]) with ordinality as c (sku_id, quantity, position)

-- name: components
select bundle_id, sku_id, quantity from catalog.component
where mall_id = %(mall)s and (%(bundles)s::bigint[] is null or bundle_id = any(%(bundles)s))
order by bundle_id, position

-- name: parts
select c.bundle_id, c.sku_id, c.quantity, s.kind from catalog.component c
join catalog.sku s on s.mall_id = c.mall_id and s.id = c.sku_id
where c.mall_id = %(mall)s and c.bundle_id = any(%(bundles)s::bigint[]) order by c.bundle_id, c.position

-- name: bundles_of
select b.id, b.status from catalog.component c
join catalog.sku b on b.mall_id = c.mall_id and b.id = c.bundle_id
where c.mall_id = %(mall)s and c.sku_id = %(id)s and b.status <> 'deleted' order by b.id

-- name: bundles_of_many
select b.id, min(c.sku_id) from catalog.component c
join catalog.sku b on b.mall_id = c.mall_id and b.id = c.bundle_id
where c.mall_id = %(mall)s and c.sku_id = any (%(ids)s::bigint[]) and b.status = 'listed' group by b.id

-- name: mall_name
select name from tenancy.mall where id = %(mall)s

-- name: lock_skus_of
select s.id from catalog.sku s join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
where s.mall_id = %(mall)s and s.status <> 'deleted'
  and (s.product_id = %(product)s::bigint or p.brand_id = %(brand)s::bigint)
order by s.id for update of s

-- name: bump_skus
update catalog.sku set version = version + 1, updated_at = %(at)s
where mall_id = %(mall)s and id = any(%(ids)s::bigint[])

-- name: snapshot
-- A SKU as it is shown now, for the order lines that will point to this version.
insert into catalog.sku_version (mall_id, sku_id, version, body, at)
select s.mall_id, s.id, s.version, jsonb_build_object(
    'code', s.code, 'kind', s.kind, 'name_zh', s.name_zh, 'name_en', s.name_en,
    'brand', jsonb_build_object('id', b.id::text, 'name_zh', b.name_zh, 'name_en', b.name_en),
    'product', jsonb_build_object('id', p.id::text, 'name_zh', p.name_zh, 'name_en', p.name_en),
    'description_zh', p.description_zh, 'description_en', p.description_en,
    'guide_zh', p.guide_zh, 'guide_en', p.guide_en, 'regions', to_jsonb(p.regions),
    'face_value_e4', s.face_value_e4, 'face_currency', s.face_currency,
    'validity_days', s.validity_days, 'period_months', s.period_months, 'fields', s.fields,
    'instrument_class', s.instrument_class, 'issuer', s.issuer, 'redeem_scope', s.redeem_scope,
    'registered', s.registered, 'tax_category', s.tax_category, 'jurisdiction', s.jurisdiction,
    'fund_mode', s.fund_mode, 'release_at', s.release_at, 'max_quantity', s.max_quantity, 'status', s.status,
    'components', coalesce((
      select jsonb_agg(jsonb_build_object('sku_id', c.sku_id::text, 'quantity', c.quantity) order by c.position)
      from catalog.component c where c.mall_id = s.mall_id and c.bundle_id = s.id), '[]'::jsonb)
  ), %(at)s
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
where s.mall_id = %(mall)s and s.id = any(%(ids)s::bigint[])

-- name: sku_version
select body from catalog.sku_version where mall_id = %(mall)s and sku_id = %(id)s and version = %(version)s

-- name: sku_versions
select v.sku_id, v.version, v.body
from unnest(%(ids)s::bigint[], %(versions)s::integer[]) as w (id, version)
join catalog.sku_version v on v.mall_id = %(mall)s and v.sku_id = w.id and v.version = w.version

-- name: products_with_brands
select p.id, p.name_zh, p.name_en, b.name_zh, b.name_en
from catalog.product p join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
where p.mall_id = %(mall)s order by p.id

-- name: cards
select s.id, s.kind, s.version, s.status, s.max_quantity, s.fund_mode, s.tax_category, s.release_at, s.fields, s.code,
  s.name_zh, s.name_en, s.case_sensitive, s.low_stock, s.face_value_e4, b.fingerprint_scope
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
where s.mall_id = %(mall)s

-- name: stamp
-- Another whenever a SKU of the mall is: each change of one, its product's and brand's too, raises its version.
select count(*), coalesce(sum(version), 0)::bigint from catalog.sku where mall_id = %(mall)s

-- name: sellable
select s.id, s.code, s.kind, s.version, s.name_zh, s.name_en, p.id, p.name_zh, p.name_en, b.id, b.name_zh, b.name_en,
  p.description_zh, p.description_en, p.guide_zh, p.guide_en, p.regions, s.face_value_e4, s.face_currency,
  s.validity_days, s.period_months, s.max_quantity, s.release_at, s.low_stock, s.tax_category, s.fields
from catalog.sku s
join catalog.product p on p.mall_id = s.mall_id and p.id = s.product_id
join catalog.brand b on b.mall_id = p.mall_id and b.id = p.brand_id
where s.mall_id = %(mall)s and s.status = 'listed' and s.id > %(after)s
order by s.id limit %(size)s

-- name: limits
select jurisdiction, instrument_class, registered, max_face_e4, currency, may_expire, min_validity_months, valid_from,
  valid_to, source
from catalog.instrument_limit where mall_id = %(mall)s

-- name: add_limit
insert into catalog.instrument_limit (mall_id, id, jurisdiction, instrument_class, registered, max_face_e4, currency,
  may_expire, min_validity_months, valid_from, valid_to, source)
values (%(mall)s, %(id)s, %(jurisdiction)s, %(instrument_class)s, %(registered)s, %(max_face_e4)s, %(currency)s,
  %(may_expire)s, %(min_validity_months)s, %(valid_from)s, %(valid_to)s, %(source)s)
on conflict (mall_id, jurisdiction, instrument_class, registered, valid_from) do nothing

-- name: tax_rules
select category, instrument_class, fund_mode, rate_bp, tax_code, invoice_types, valid_from, valid_to, source
from catalog.tax_rule where mall_id = %(mall)s order by category, instrument_class, fund_mode, valid_from

-- name: add_tax_rule
insert into catalog.tax_rule (mall_id, id, category, instrument_class, fund_mode, rate_bp, tax_code, invoice_types,
  valid_from, valid_to, source)
values (%(mall)s, %(id)s, %(category)s, %(instrument_class)s, %(fund_mode)s, %(rate_bp)s, %(tax_code)s,
  %(invoice_types)s::text[], %(valid_from)s, %(valid_to)s, %(source)s)
on conflict (mall_id, category, instrument_class, fund_mode, valid_from) do nothing

-- name: later_tax_rule
select 1 from catalog.tax_rule
where mall_id = %(mall)s and category = %(category)s and instrument_class = %(instrument_class)s
  and fund_mode = %(fund_mode)s and (valid_from >= %(valid_from)s or valid_to > %(valid_from)s)

-- name: end_tax_rule
update catalog.tax_rule set valid_to = %(valid_from)s
where mall_id = %(mall)s and category = %(category)s and instrument_class = %(instrument_class)s
  and fund_mode = %(fund_mode)s and valid_to is null and valid_from < %(valid_from)s

-- name: number_facts
-- The note on a number that holds, and per longest prefix what the mall says of its segment.
select n.state, n.carrier, s.carrier, s.region
from (select 1) one
left join lateral (
  select t.state, t.carrier from catalog.number_note t
  where t.mall_id = %(mall)s and t.number = %(number)s and t.valid_from <= %(at)s order by t.valid_from desc limit 1) n on true
left join lateral (
  select t.carrier, t.region from catalog.number_segment t
  where t.mall_id = %(mall)s and t.prefix = any (%(prefixes)s) and t.valid_from <= %(at)s
  order by length(t.prefix) desc, t.valid_from desc limit 1) s on true

-- name: add_segments
insert into catalog.number_segment as t (mall_id, prefix, carrier, region, valid_from, source)
select %(mall)s, n.prefix, n.carrier, n.region, %(from)s, %(source)s
from unnest(%(numbers)s::text[], %(carriers)s::text[], %(regions)s::text[]) as n (prefix, carrier, region)
on conflict (mall_id, prefix, valid_from) do update
set carrier = excluded.carrier, region = excluded.region, source = excluded.source

-- name: add_notes
insert into catalog.number_note as t (mall_id, number, state, carrier, valid_from, source)
select %(mall)s, n.number, %(kind)s, n.carrier, %(from)s, %(source)s
from unnest(%(numbers)s::bytea[], %(carriers)s::text[]) as n (number, carrier)
on conflict (mall_id, number, valid_from) do update
set state = excluded.state, carrier = excluded.carrier, source = excluded.source

-- name: checker
select url, on_silence, changed_at, secret from catalog.account_checker where mall_id = %(mall)s

-- name: set_checker
insert into catalog.account_checker as t (mall_id, url, secret, on_silence, changed_at)
values (%(mall)s, %(url)s, %(secret)s, %(on_silence)s, %(at)s)
on conflict (mall_id) do update
set url = excluded.url, secret = excluded.secret, on_silence = excluded.on_silence, changed_at = excluded.changed_at

-- name: drop_checker
delete from catalog.account_checker where mall_id = %(mall)s
