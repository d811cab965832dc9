-- name: add_tier
insert into partners.tier (mall_id, id, name, rank, created_at)
values (%(mall)s, %(id)s, %(name)s, %(rank)s, %(at)s) on conflict (mall_id, name) do nothing

-- name: lock_tier
select id, name, rank from partners.tier where mall_id = %(mall)s and id = %(id)s for update

-- name: hold_tier
-- So that nobody drops it while a buyer is put into it.
select id from partners.tier where mall_id = %(mall)s and id = %(id)s for key share

-- name: set_tier
update partners.tier set name = %(name)s, rank = %(rank)s where mall_id = %(mall)s and id = %(id)s

-- name: drop_tier
delete from partners.tier where mall_id = %(mall)s and id = %(id)s

-- name: list_tiers
select id, name, rank from partners.tier where mall_id = %(mall)s order by rank desc, id

-- name: add_buyer
insert into partners.buyer (mall_id, id, tier_id, account_id, low_balance_e4, notes, updated_at, business)
values (%(mall)s, %(id)s, %(tier)s, %(account)s, %(low_balance_e4)s, %(notes)s, %(at)s, %(business)s)

-- name: buyer
select b.id, o.name, o.status, b.tier_id, b.account_id, o.home_id, b.low_balance_e4, b.notes, b.updated_at,
  b.business, b.version
from partners.buyer b join tenancy.organisation o on o.mall_id = b.mall_id and o.id = b.id
where b.mall_id = %(mall)s and b.id = %(id)s

-- name: lock_buyer
select b.id, o.name, o.status, b.tier_id, b.account_id, o.home_id, b.low_balance_e4, b.notes, b.updated_at,
  b.business, b.version
from partners.buyer b join tenancy.organisation o on o.mall_id = b.mall_id and o.id = b.id
where b.mall_id = %(mall)s and b.id = %(id)s for update of b

-- name: set_buyer
update partners.buyer set tier_id = %(tier)s, low_balance_e4 = %(low_balance_e4)s, notes = %(notes)s,
  updated_at = %(at)s, business = %(business)s, version = %(version)s
where mall_id = %(mall)s and id = %(id)s

-- name: list_buyers
select b.id, o.name, o.status, b.tier_id, b.account_id, o.home_id, b.low_balance_e4, b.notes, b.updated_at,
  b.business, b.version
from partners.buyer b join tenancy.organisation o on o.mall_id = b.mall_id and o.id = b.id
where b.mall_id = %(mall)s and b.id > %(after)s
  and (%(tier)s::bigint is null or b.tier_id = %(tier)s)
  and (%(search)s::text is null or position(lower(%(search)s) in lower(o.name)) > 0)
order by b.id limit %(size)s

-- name: add_supplier
insert into partners.supplier (mall_id, id, updated_at) values (%(mall)s, %(id)s, %(at)s)

-- name: touch_supplier
update partners.supplier set updated_at = %(at)s where mall_id = %(mall)s and id = %(id)s

-- name: list_suppliers
-- Its grade is the best of its brands at that moment, its days those of the terms in force.
select s.id, o.name, o.status,
  coalesce((select min(b.grade) from partners.standing b
    where b.mall_id = s.mall_id and b.supplier_id = s.id and b.brand_id <> 0 and b.ok
      and (b.until is null or b.until > %(at)s)), 'X'),
  coalesce((select t.settlement_days from partners.terms t
    where t.mall_id = s.mall_id and t.supplier_id = s.id and t.valid_from <= (%(at)s at time zone m.zone)::date
    order by t.valid_from desc limit 1), s.settlement_days),
  s.updated_at
from partners.supplier s
join tenancy.organisation o on o.mall_id = s.mall_id and o.id = s.id
join tenancy.mall m on m.id = s.mall_id
where s.mall_id = %(mall)s and s.id > %(after)s and (%(id)s::bigint is null or s.id = %(id)s)
order by s.id limit %(size)s

-- The console's lists of companies, put together of the conditions below.

-- name: look_buyers
select b.id, o.name, o.status, b.tier_id, b.account_id, o.home_id, b.low_balance_e4, b.notes, b.updated_at,
  b.business, b.version
from partners.buyer b join tenancy.organisation o on o.mall_id = b.mall_id and o.id = b.id
where {where}
order by {order} limit %(size)s

-- name: matching_buyers
select {what} from partners.buyer b join tenancy.organisation o on o.mall_id = b.mall_id and o.id = b.id where {where}

-- name: look_suppliers
select s.id, o.name, o.status,
  coalesce((select min(b.grade) from partners.standing b
    where b.mall_id = s.mall_id and b.supplier_id = s.id and b.brand_id <> 0 and b.ok
      and (b.until is null or b.until > %(at)s)), 'X'),
  coalesce((select t.settlement_days from partners.terms t
    where t.mall_id = s.mall_id and t.supplier_id = s.id and t.valid_from <= (%(at)s at time zone m.zone)::date
    order by t.valid_from desc limit 1), s.settlement_days),
  s.updated_at
from partners.supplier s
join tenancy.organisation o on o.mall_id = s.mall_id and o.id = s.id
join tenancy.mall m on m.id = s.mall_id
where {where}
order by {order} limit %(size)s

-- name: matching_suppliers
select {what} from partners.supplier s join tenancy.organisation o on o.mall_id = s.mall_id and o.id = s.id where {where}

-- name: buyer_of_mall
b.mall_id = %(mall)s

-- name: supplier_of_mall
s.mall_id = %(mall)s

-- name: buyer_tier
b.tier_id = %(tier)s

-- name: company_status
o.status = any (%(status)s::text[])

-- name: company_typed
position(lower(%(q)s) in lower(o.name)) > 0

-- name: add_contact
insert into partners.contact (mall_id, id, organisation_id, name, phone, phone_last, email, purpose, created_at)
values (%(mall)s, %(id)s, %(organisation)s, %(name)s, %(phone)s, %(phone_last)s, %(email)s, %(purpose)s, %(at)s)

-- name: contact
select name, phone, email, organisation_id from partners.contact where mall_id = %(mall)s and id = %(id)s

-- name: drop_contact
delete from partners.contact where mall_id = %(mall)s and id = %(id)s returning organisation_id, purpose

-- name: list_contacts
select id, organisation_id, name, phone_last, email is not null, purpose from partners.contact
where mall_id = %(mall)s and organisation_id = %(organisation)s order by id
