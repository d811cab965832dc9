-- name: hold_pace
insert into tenancy.reveal_pace as p (mall_id, person_id) values (%(mall)s, %(person)s)
on conflict (mall_id, person_id) do update set locked_until = p.locked_until
returning locked_until

-- name: looks_since
select count(*) from tenancy.reveal where mall_id = %(mall)s and person_id = %(person)s and at > %(since)s

-- name: lock_pace
update tenancy.reveal_pace set locked_until = %(until)s where mall_id = %(mall)s and person_id = %(person)s

-- name: add_reveal
insert into tenancy.reveal (mall_id, id, at, person_id, organisation_id, owner_id, ip, kind, subject, place, reason)
values (%(mall)s, %(id)s, %(at)s, %(person)s, %(organisation)s, %(owner)s, %(ip)s, %(kind)s, %(subject)s, %(place)s,
  %(reason)s)

-- name: viewer
select name, email from tenancy.person where mall_id = %(mall)s and id = %(person)s

-- name: own_organisation
select id from tenancy.organisation where mall_id = %(mall)s and kind = 'mall'

-- name: list_reveals
select r.id, r.at, r.person_id, coalesce(p.name, ''), r.organisation_id, r.owner_id, r.ip, r.kind, r.subject, r.place, r.reason
from tenancy.reveal r left join tenancy.person p on p.mall_id = r.mall_id and p.id = r.person_id
where r.mall_id = %(mall)s
  and (%(owner)s::bigint is null or r.owner_id = %(owner)s)
  and (%(person)s::bigint is null or r.person_id = %(person)s)
  and (%(subject)s::text is null or r.subject = %(subject)s)
  and (%(before)s::bigint is null or r.id < %(before)s)
order by r.id desc limit %(size)s
