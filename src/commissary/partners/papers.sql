-- name: mall_facts
-- Its zone and currency, and its own organisation, which hears of its suppliers.
select m.zone, m.currency, o.id from tenancy.mall m
join tenancy.organisation o on o.mall_id = m.id and o.kind = 'mall'
where m.id = %(mall)s order by o.id limit 1

-- name: lock_file
-- The supplier's file: whoever changes a paper, a name or a standing of it holds this row.
select o.name, coalesce(c.legal_name, o.name), coalesce(c.country, 'CN')
from partners.supplier s
join tenancy.organisation o on o.mall_id = s.mall_id and o.id = s.id
left join partners.company c on c.mall_id = s.mall_id and c.supplier_id = s.id
where s.mall_id = %(mall)s and s.id = %(supplier)s for no key update of s

-- name: company
select s.id, coalesce(c.legal_name, o.name), coalesce(c.registration_no, ''), coalesce(c.country, 'CN'),
  coalesce(c.owners_count, 0), coalesce(c.version, 0)
from partners.supplier s
join tenancy.organisation o on o.mall_id = s.mall_id and o.id = s.id
left join partners.company c on c.mall_id = s.mall_id and c.supplier_id = s.id
where s.mall_id = %(mall)s and s.id = %(supplier)s

-- name: owners
select owners from partners.company where mall_id = %(mall)s and supplier_id = %(supplier)s

-- name: set_company
insert into partners.company (mall_id, supplier_id, legal_name, registration_no, country, owners, owners_count, updated_at,
  version)
values (%(mall)s, %(supplier)s, %(legal_name)s, %(registration_no)s, %(country)s, %(owners)s, %(owners_count)s, %(at)s,
  %(version)s)
on conflict (mall_id, supplier_id) do update set legal_name = excluded.legal_name,
  registration_no = excluded.registration_no, country = excluded.country, owners = excluded.owners,
  owners_count = excluded.owners_count, updated_at = excluded.updated_at, version = excluded.version

-- name: papers
select p.kind, p.sha256, p.size_bytes, p.valid_from, p.valid_to, p.number, p.issuer, p.holder, p.file_name,
  array(select b.brand_id from partners.paper_brand b where b.mall_id = p.mall_id and b.paper_id = p.id order by b.brand_id),
  p.replaces, p.id, p.supplier_id, p.state,
  exists (select from partners.paper_file f where f.mall_id = p.mall_id and f.paper_id = p.id),
  p.submitted_by, p.submitted_at, p.decided_by, p.decided_at, p.reason
from partners.paper p
where p.mall_id = %(mall)s and p.id > %(after)s
  and (%(id)s::bigint is null or p.id = %(id)s)
  and (%(supplier)s::bigint is null or p.supplier_id = %(supplier)s)
  and (%(states)s::text[] is null or p.state = any (%(states)s))
order by p.id limit %(size)s

-- name: paper_supplier
select supplier_id from partners.paper where mall_id = %(mall)s and id = %(id)s

-- name: add_paper
insert into partners.paper (mall_id, id, supplier_id, kind, number, issuer, holder, valid_from, valid_to, sha256,
  size_bytes, file_name, replaces, submitted_by, submitted_at)
values (%(mall)s, %(id)s, %(supplier)s, %(kind)s, %(number)s, %(issuer)s, %(holder)s, %(valid_from)s, %(valid_to)s,
  %(sha256)s, %(size_bytes)s, %(file_name)s, %(replaces)s, %(by)s, %(at)s)

-- name: add_paper_brands
insert into partners.paper_brand (mall_id, paper_id, brand_id)
select %(mall)s, %(id)s, b from unnest(%(brands)s::bigint[]) as b

-- name: decide_paper
update partners.paper set state = %(state)s, decided_by = %(by)s, decided_at = %(at)s, reason = %(reason)s
where mall_id = %(mall)s and id = %(id)s and state = any (%(from)s::text[])

-- name: keep_file
insert into partners.paper_file (mall_id, paper_id, sealed, stored_at)
values (%(mall)s, %(id)s, %(sealed)s, %(at)s) on conflict (mall_id, paper_id) do nothing

-- name: file
select sealed from partners.paper_file where mall_id = %(mall)s and paper_id = %(id)s

-- name: paper_rules
select country, instrument_class, kind, needed, valid_from, valid_to, source, true
from partners.paper_rule where mall_id = %(mall)s order by country, instrument_class, kind, valid_from

-- name: later_paper_rule
select 1 from partners.paper_rule
where mall_id = %(mall)s and country = %(country)s and instrument_class = %(instrument_class)s and kind = %(kind)s
  and valid_from >= %(valid_from)s

-- name: end_paper_rule
update partners.paper_rule set valid_to = %(valid_from)s::date - 1
where mall_id = %(mall)s and country = %(country)s and instrument_class = %(instrument_class)s and kind = %(kind)s
  and valid_from < %(valid_from)s and (valid_to is null or valid_to >= %(valid_from)s)

-- name: add_paper_rule
insert into partners.paper_rule (mall_id, id, country, instrument_class, kind, needed, valid_from, valid_to, source,
  made_by, made_at)
values (%(mall)s, %(id)s, %(country)s, %(instrument_class)s, %(kind)s, %(needed)s, %(valid_from)s, %(valid_to)s,
  %(source)s, %(by)s, %(at)s)

-- name: supplier_ids
select id from partners.supplier where mall_id = %(mall)s order by id

-- name: standings
select brand_id, instrument_class, ok, grade, until, missing, hops, ever_ok from partners.standing
where mall_id = %(mall)s and supplier_id = %(supplier)s order by brand_id, instrument_class

-- name: set_standings
insert into partners.standing (mall_id, supplier_id, brand_id, instrument_class, ok, ever_ok, grade, until, missing, hops,
  computed_at)
values (%(mall)s, %(supplier)s, %(brand)s, %(class)s, %(ok)s, %(ok)s, %(grade)s, %(until)s, %(missing)s::text[],
  %(hops)s::bigint[], %(at)s)
on conflict (mall_id, supplier_id, brand_id, instrument_class) do update set ok = excluded.ok,
  ever_ok = standing.ever_ok or excluded.ok, grade = excluded.grade, until = excluded.until, missing = excluded.missing,
  hops = excluded.hops, computed_at = excluded.computed_at

-- name: look_again
update partners.supplier set look_again_at = %(at)s where mall_id = %(mall)s and id = %(supplier)s

-- name: due
-- Suppliers of whose file something has begun or ended.
select id from partners.supplier where mall_id = %(mall)s and look_again_at <= %(now)s order by id

-- name: qualified
-- For each question, in its order, all that decides it.
select a.n, s.id is not null, o.status, q.blocked, c.ok and (c.until is null or c.until > %(at)s),
  k.ok is null or (k.ok and (k.until is null or k.until > %(at)s)),
  case when b.ok and (b.until is null or b.until > %(at)s) then b.grade else 'X' end
from unnest(%(suppliers)s::bigint[], %(brands)s::bigint[], %(classes)s::text[])
  with ordinality as a (supplier, brand, class, n)
left join partners.supplier s on s.mall_id = %(mall)s and s.id = a.supplier
left join tenancy.organisation o on o.mall_id = %(mall)s and o.id = a.supplier
left join partners.standing c
  on c.mall_id = %(mall)s and c.supplier_id = a.supplier and c.brand_id = 0 and c.instrument_class = ''
left join partners.standing k
  on k.mall_id = %(mall)s and k.supplier_id = a.supplier and k.brand_id = 0 and k.instrument_class = a.class and a.class <> ''
left join partners.standing b
  on b.mall_id = %(mall)s and b.supplier_id = a.supplier and b.brand_id = a.brand and b.instrument_class = '' and a.brand <> 0
left join lateral (
  select true as blocked from partners.quarantine x
  where x.mall_id = %(mall)s and x.supplier_id = a.supplier and x.state <> 'released'
    and (x.until is null or x.until > %(at)s) limit 1) q on true
order by a.n

-- name: lapsed
-- (supplier, brand; 0: all of them) that once stood and do not now, or are kept from business.
select s.supplier_id, s.brand_id from partners.standing s
where s.mall_id = %(mall)s and s.instrument_class = '' and s.ever_ok
  and not (s.ok and (s.until is null or s.until > %(at)s))
union
select s.supplier_id, 0::bigint from partners.standing s
where s.mall_id = %(mall)s and s.instrument_class <> '' and s.ever_ok
  and not (s.ok and (s.until is null or s.until > %(at)s))
union
select s.supplier_id, 0::bigint from partners.standing s
join tenancy.organisation o on o.mall_id = s.mall_id and o.id = s.supplier_id
where s.mall_id = %(mall)s and s.brand_id = 0 and s.instrument_class = '' and s.ever_ok and o.status <> 'active'
union
select q.supplier_id, 0::bigint from partners.quarantine q
where q.mall_id = %(mall)s and q.state <> 'released' and (q.until is null or q.until > %(at)s)
order by 1, 2

-- name: tell_alarms
-- One row per paper and warning; a copy of this statement at the same time finds nothing new. A paper that was renewed
-- is not warned of.
insert into partners.paper_alarm (mall_id, paper_id, days, told_at)
select p.mall_id, p.id, w.days, %(now)s
from partners.paper p
cross join lateral (
  select min(d) as days from unnest(%(days)s::smallint[]) as d where p.valid_to - %(today)s::date <= d) w
where p.mall_id = %(mall)s and p.state = 'accepted' and p.valid_to >= %(today)s and w.days is not null
  and not exists (
    select from partners.paper r where r.mall_id = p.mall_id and r.replaces = p.id and r.state = 'accepted')
order by p.id
on conflict (mall_id, paper_id, days) do nothing
returning paper_id, days

-- name: alarm_facts
select id, supplier_id, kind, valid_to from partners.paper where mall_id = %(mall)s and id = any (%(ids)s::bigint[]) order by id

-- name: ended
select distinct supplier_id from partners.paper
where mall_id = %(mall)s and state = 'accepted' and valid_to < %(today)s order by supplier_id

-- name: expire_papers
update partners.paper set state = 'expired'
where mall_id = %(mall)s and supplier_id = %(supplier)s and state = 'accepted' and valid_to < %(today)s
returning id, kind, valid_to

-- name: drop_names
delete from partners.screened_name where mall_id = %(mall)s and supplier_id = %(supplier)s

-- name: set_names
insert into partners.screened_name (mall_id, supplier_id, blind)
select %(mall)s, %(supplier)s, b from unnest(%(blinds)s::bytea[]) as b on conflict do nothing

-- name: replace_list
update partners.name_list set replaced_at = %(at)s where mall_id = %(mall)s and title = %(title)s and replaced_at is null

-- name: add_list
insert into partners.name_list (mall_id, id, title, source, dated, names, sha256, uploaded_by, uploaded_at)
values (%(mall)s, %(id)s, %(title)s, %(source)s, %(dated)s, %(names)s, %(sha256)s, %(by)s, %(at)s)

-- name: add_listed
insert into partners.listed_name (mall_id, list_id, blind, name)
select %(mall)s, %(id)s, n.blind, n.name from unnest(%(blinds)s::bytea[], %(texts)s::text[]) as n (blind, name)

-- name: lists
select id, title, source, dated, names, sha256, uploaded_by, uploaded_at, replaced_at from partners.name_list
where mall_id = %(mall)s and (%(before)s::bigint is null or id < %(before)s) order by id desc limit %(size)s

-- name: hits
-- Suppliers with a name on a current list that nobody has looked at yet.
select n.supplier_id, l.title, l.id, l.dated, e.name, e.blind
from partners.screened_name n
join partners.listed_name e on e.mall_id = n.mall_id and e.blind = n.blind
join partners.name_list l on l.mall_id = e.mall_id and l.id = e.list_id and l.replaced_at is null
where n.mall_id = %(mall)s and not exists (
  select from partners.quarantine q where q.mall_id = n.mall_id and q.supplier_id = n.supplier_id
    and q.cause = 'name_list' and q.subject = l.title || '|' || encode(e.blind, 'hex'))
order by n.supplier_id, l.id

-- name: open_quarantine
insert into partners.quarantine (mall_id, id, supplier_id, cause, subject, evidence, reason, until, opened_by, opened_at)
values (%(mall)s, %(id)s, %(supplier)s, %(cause)s, %(subject)s, %(evidence)s, %(reason)s, %(until)s, %(by)s, %(at)s)
on conflict do nothing

-- name: blocking
select cause from partners.quarantine
where mall_id = %(mall)s and supplier_id = %(supplier)s and state <> 'released' and (until is null or until > %(at)s)

-- name: quarantines
select id, supplier_id, cause, reason, state, until, evidence, opened_by, opened_at, closed_by, closed_at, closing
from partners.quarantine
where mall_id = %(mall)s and (%(id)s::bigint is null or id = %(id)s)
  and (%(before)s::bigint is null or id < %(before)s)
  and (%(supplier)s::bigint is null or supplier_id = %(supplier)s)
  and (%(state)s::text is null or state = %(state)s)
order by id desc limit %(size)s

-- name: close_quarantine
update partners.quarantine set state = %(state)s, closed_by = %(by)s, closed_at = %(at)s, closing = %(closing)s
where mall_id = %(mall)s and id = %(id)s and (state = 'open' or (state = 'confirmed' and %(state)s = 'released'))

-- name: terms
-- In force on a day, or all: newest first.
select supplier_id, valid_from, valid_to, settlement_days, hold_days, deposit_e4, currency from partners.terms
where mall_id = %(mall)s and supplier_id = %(supplier)s and (%(day)s::date is null or valid_from <= %(day)s)
order by valid_from desc limit %(size)s

-- name: set_terms
insert into partners.terms (mall_id, supplier_id, valid_from, valid_to, settlement_days, hold_days, deposit_e4, currency,
  set_by, set_at)
values (%(mall)s, %(supplier)s, %(valid_from)s, %(valid_to)s, %(settlement_days)s, %(hold_days)s, %(deposit_e4)s,
  %(currency)s, %(by)s, %(at)s)
on conflict (mall_id, supplier_id, valid_from) do update set valid_to = excluded.valid_to,
  settlement_days = excluded.settlement_days, hold_days = excluded.hold_days, deposit_e4 = excluded.deposit_e4,
  currency = excluded.currency, set_by = excluded.set_by, set_at = excluded.set_at
