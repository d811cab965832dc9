-- name: lock_founding
-- Two foundings at once would take the same number.
select pg_advisory_xact_lock(7305116602)

-- name: next_mall_id
select tenancy.next_mall_id()

-- name: found_mall
select tenancy.found_mall(%(mall)s, %(slug)s, %(name)s, %(currency)s, %(zone)s, %(shadow_of)s, %(at)s)

-- name: copy_staff
-- The staff of a live mall can sign in to its test twin with the same password.
insert into tenancy.person (mall_id, id, email, name, password_hash, status, created_at)
select %(shadow)s, p.id, p.email, p.name, p.password_hash, p.status, %(at)s
from tenancy.person p
join tenancy.member m on m.mall_id = p.mall_id and m.person_id = p.id
join tenancy.organisation o on o.mall_id = m.mall_id and o.id = m.organisation_id and o.kind = 'mall'
where p.mall_id = %(mall)s

-- name: copy_membership
insert into tenancy.member (mall_id, organisation_id, person_id, role)
select %(shadow)s, %(organisation)s, m.person_id, m.role
from tenancy.member m
join tenancy.organisation o on o.mall_id = m.mall_id and o.id = m.organisation_id and o.kind = 'mall'
where m.mall_id = %(mall)s

-- name: mall
select id, slug, name, currency, zone, shadow_of, clock_offset_s, status from tenancy.mall where id = %(mall)s

-- name: mall_by_slug
select id, slug, name, currency, zone, shadow_of, clock_offset_s, status from tenancy.mall_by_slug(%(slug)s)

-- name: open_malls
select id, slug, name, currency, zone, shadow_of, clock_offset_s, status from tenancy.open_malls() order by id

-- name: is_shadow
select shadow_of is not null from tenancy.mall where id = %(mall)s

-- name: own_organisation
select id from tenancy.organisation where mall_id = %(mall)s and kind = 'mall'

-- name: admit_person
insert into tenancy.person (mall_id, id, email, name, password_hash, status, created_at)
values (%(mall)s, %(id)s, %(email)s, %(name)s, '!', 'active', %(at)s)
on conflict do nothing

-- name: admit_member
insert into tenancy.member (mall_id, organisation_id, person_id, role)
select %(mall)s, %(organisation)s, p.id, %(role)s from tenancy.person p where p.mall_id = %(mall)s and p.id = %(id)s
on conflict (mall_id, organisation_id, person_id) do update set role = excluded.role

-- name: is_member
select 1 from tenancy.member where mall_id = %(mall)s and organisation_id = %(organisation)s and person_id = %(id)s

-- name: move_clock
update tenancy.mall set clock_offset_s = %(offset_s)s where id = %(mall)s and shadow_of is not null

-- name: epochs
select mall_id, value from tenancy.epochs()

-- name: raise_epoch
select tenancy.raise_epoch(%(mall)s)

-- name: add_audit
insert into tenancy.audit (mall_id, id, at, actor_kind, actor_id, ip, action, subject, before, after)
values (%(mall)s, %(id)s, %(at)s, %(kind)s, %(actor)s, %(ip)s, %(action)s, %(subject)s, %(before)s, %(after)s)

-- name: list_audit
select id, at, actor_kind, actor_id, ip, action, subject, before, after from tenancy.audit
where mall_id = %(mall)s
  and (%(subject)s::text is null or subject = %(subject)s)
  and (%(before)s::bigint is null or id < %(before)s)
order by id desc limit %(size)s

-- name: add_organisation
insert into tenancy.organisation (mall_id, id, kind, name, parent_id, home_id, status, created_at)
values (%(mall)s, %(id)s, %(kind)s, %(name)s, %(parent)s, %(home)s, 'active', %(at)s)

-- name: organisation
select id, kind, name, parent_id, home_id, status, created_at from tenancy.organisation
where mall_id = %(mall)s and id = %(id)s

-- name: lock_organisation
select id, kind, name, parent_id, home_id, status, created_at from tenancy.organisation
where mall_id = %(mall)s and id = %(id)s for update

-- name: set_organisation
update tenancy.organisation set name = %(name)s, status = %(status)s where mall_id = %(mall)s and id = %(id)s

-- name: list_organisations
select id, kind, name, parent_id, home_id, status, created_at from tenancy.organisation
where mall_id = %(mall)s and id > %(after)s and (%(kind)s::text is null or kind = %(kind)s)
order by id limit %(size)s

-- name: add_person
insert into tenancy.person (mall_id, id, email, name, password_hash, status, created_at)
values (%(mall)s, %(id)s, %(email)s, %(name)s, %(hash)s, 'active', %(at)s)
on conflict (mall_id, email) do nothing

-- name: add_member
insert into tenancy.member (mall_id, organisation_id, person_id, role, role_id)
values (%(mall)s, %(organisation)s, %(person)s, %(role)s, %(role_id)s)

-- name: person
select p.id, p.email, p.name, p.status, m.organisation_id, m.role, p.created_at
from tenancy.person p join tenancy.member m on m.mall_id = p.mall_id and m.person_id = p.id
where p.mall_id = %(mall)s and p.id = %(person)s and m.organisation_id = %(organisation)s

-- name: list_people
select p.id, p.email, p.name, p.status, m.organisation_id, m.role, p.created_at
from tenancy.member m join tenancy.person p on p.mall_id = m.mall_id and p.id = m.person_id
where m.mall_id = %(mall)s and (%(organisation)s::bigint is null or m.organisation_id = %(organisation)s)
  and (p.id, m.organisation_id) > (%(after)s, %(after_organisation)s)
order by p.id, m.organisation_id limit %(size)s

-- name: lock_owners
-- In person order, so that two owners who demote each other wait for one another and the second sees the first's act.
select m.person_id, p.status from tenancy.member m
join tenancy.person p on p.mall_id = m.mall_id and p.id = m.person_id
where m.mall_id = %(mall)s and m.role = 'owner'
order by m.person_id for update of m, p

-- name: set_role
update tenancy.member set role = %(role)s, role_id = %(role_id)s
where mall_id = %(mall)s and organisation_id = %(organisation)s and person_id = %(person)s

-- name: drop_member
delete from tenancy.member
where mall_id = %(mall)s and organisation_id = %(organisation)s and person_id = %(person)s

-- name: set_person_status
update tenancy.person set status = %(status)s where mall_id = %(mall)s and id = %(person)s

-- name: password_of
select password_hash from tenancy.person where mall_id = %(mall)s and id = %(person)s and status = 'active'

-- name: set_password
update tenancy.person set password_hash = %(hash)s where mall_id = %(mall)s and id = %(person)s

-- name: sign_in_facts
-- One row per organisation he may act for; the mall's own first.
select p.id, p.password_hash, m.organisation_id
from tenancy.person p
join tenancy.member m on m.mall_id = p.mall_id and m.person_id = p.id
join tenancy.organisation o on o.mall_id = m.mall_id and o.id = m.organisation_id
where p.mall_id = %(mall)s and p.email = %(email)s and p.status = 'active' and o.status = 'active'
order by o.kind <> 'mall', o.id

-- name: memberships
-- For whom a person may act; the mall's own first, as when signing in.
select o.id, o.name, o.kind, m.role
from tenancy.member m join tenancy.organisation o on o.mall_id = m.mall_id and o.id = m.organisation_id
where m.mall_id = %(mall)s and m.person_id = %(person)s and o.status = 'active'
order by o.kind <> 'mall', o.id

-- name: staff
-- Active people of the mall's own organisation.
select m.person_id, m.role, r.permissions
from tenancy.organisation o
join tenancy.member m on m.mall_id = o.mall_id and m.organisation_id = o.id
left join tenancy.role r on r.mall_id = m.mall_id and r.id = m.role_id
join tenancy.person p on p.mall_id = m.mall_id and p.id = m.person_id and p.status = 'active'
where o.mall_id = %(mall)s and o.kind = 'mall' and o.status = 'active'
order by m.person_id

-- name: names_of
select id, name from tenancy.person where mall_id = %(mall)s and id = any (%(people)s)

-- name: names_for
-- The mall's staff may know anybody's, a partner's people those of their own organisation.
select p.id, p.name
from tenancy.person p
where p.mall_id = %(mall)s and p.id = any (%(people)s) and exists (
    select from tenancy.organisation o
    where o.mall_id = p.mall_id and o.id = %(organisation)s and (
        o.kind = 'mall' or exists (
            select from tenancy.member m
            where m.mall_id = p.mall_id and m.person_id = p.id and m.organisation_id = o.id)))

-- name: member_now
select m.role, r.permissions
from tenancy.member m
left join tenancy.role r on r.mall_id = m.mall_id and r.id = m.role_id
join tenancy.person p on p.mall_id = m.mall_id and p.id = m.person_id and p.status = 'active'
join tenancy.organisation o on o.mall_id = m.mall_id and o.id = m.organisation_id and o.status = 'active'
where m.mall_id = %(mall)s and m.person_id = %(person)s and m.organisation_id = %(organisation)s

-- name: add_session
insert into tenancy.session (mall_id, token_hash, person_id, organisation_id, created_at, seen_at, expires_at, ip, agent,
  proved_at, proved_by)
values (%(mall)s, %(hash)s, %(person)s, %(organisation)s, %(now)s, %(now)s, %(expires)s, %(ip)s, %(agent)s,
  %(proved)s, %(by)s)

-- name: session
-- With what its person may prove himself by; a session from before there were proofs counts from its beginning.
select s.person_id, s.organisation_id, m.role, r.permissions, s.seen_at, coalesce(s.proved_at, s.created_at),
  exists (select from tenancy.totp t
    where t.mall_id = s.mall_id and t.person_id = s.person_id and t.confirmed_at is not null),
  exists (select from tenancy.passkey k where k.mall_id = s.mall_id and k.person_id = s.person_id),
  exists (select from tenancy.security_policy d where d.mall_id = s.mall_id
    and (d.two_factor = 'all' or d.two_factor = 'staff' and o.kind = 'mall'))
from tenancy.session s
join tenancy.person p on p.mall_id = s.mall_id and p.id = s.person_id and p.status = 'active'
join tenancy.member m on m.mall_id = s.mall_id and m.person_id = s.person_id and m.organisation_id = s.organisation_id
left join tenancy.role r on r.mall_id = m.mall_id and r.id = m.role_id
join tenancy.organisation o on o.mall_id = s.mall_id and o.id = s.organisation_id and o.status = 'active'
join tenancy.mall l on l.id = s.mall_id and l.status <> 'closed'
where s.mall_id = %(mall)s and s.token_hash = %(hash)s and s.ended_at is null
  and s.expires_at > %(now)s and s.seen_at > %(idle_since)s

-- name: touch_session
update tenancy.session set seen_at = %(now)s
where mall_id = %(mall)s and token_hash = %(hash)s and ended_at is null and seen_at < %(now)s

-- name: prove_session
update tenancy.session set proved_at = %(now)s, proved_by = %(by)s
where mall_id = %(mall)s and token_hash = %(hash)s and ended_at is null

-- name: end_session
update tenancy.session set ended_at = %(now)s
where mall_id = %(mall)s and token_hash = %(hash)s and ended_at is null
returning person_id, organisation_id

-- name: end_sessions_of
update tenancy.session set ended_at = %(now)s
where mall_id = %(mall)s and person_id = %(person)s and ended_at is null
  and (%(keep)s::bytea is null or token_hash <> %(keep)s)

-- name: add_key
insert into tenancy.api_key (mall_id, id, organisation_id, home_id, account_id, name, scopes, ip_allow, secret,
  expires_at, created_at, api_version)
values (%(mall)s, %(id)s, %(organisation)s, %(home)s, %(account)s, %(name)s, %(scopes)s::text[],
  %(ip_allow)s::text[]::cidr[], %(secret)s, %(expires)s, %(at)s, %(version)s)

-- name: lock_key
select id, organisation_id, account_id, name, scopes, ip_allow::text[], old_secret_until, expires_at, revoked_at,
  created_at, api_version, version
from tenancy.api_key where mall_id = %(mall)s and id = %(id)s for update

-- name: list_keys
select id, organisation_id, account_id, name, scopes, ip_allow::text[], old_secret_until, expires_at, revoked_at,
  created_at, api_version, version
from tenancy.api_key
where mall_id = %(mall)s and (%(organisation)s::bigint is null or organisation_id = %(organisation)s)
  and id > %(after)s
order by id limit %(size)s

-- name: rotate_key
update tenancy.api_key set old_secret = secret, old_secret_until = %(until)s, secret = %(secret)s
where mall_id = %(mall)s and id = %(id)s

-- name: set_addresses
update tenancy.api_key set ip_allow = %(ip_allow)s::text[]::cidr[], version = %(version)s where mall_id = %(mall)s and id = %(id)s

-- name: revoke_key
update tenancy.api_key set revoked_at = %(at)s where mall_id = %(mall)s and id = %(id)s and revoked_at is null

-- name: cached_keys
-- For the process's cache. The epoch comes from the same snapshot as the keys: an older copy never replaces a newer.
with recursive wanted as (
  select k.* from tenancy.api_key k where k.mall_id = %(mall)s and k.id = any(%(ids)s::text[])
), above (key_id, organisation_id, parent_id, status) as (
  select w.id, o.id, o.parent_id, o.status from wanted w
  join tenancy.organisation o on o.mall_id = %(mall)s and o.id = w.organisation_id
  union
  select a.key_id, o.id, o.parent_id, o.status from above a
  join tenancy.organisation o on o.mall_id = %(mall)s and o.id = a.parent_id
), state as (
  select key_id, bool_and(status = 'active') as active from above group by key_id
)
select e.value, l.status, w.id, w.home_id, w.organisation_id, w.account_id, w.scopes, w.ip_allow::text[], w.secret,
  w.old_secret, w.old_secret_until, w.expires_at, w.revoked_at, w.name, s.active,
  w.api_version
from tenancy.epoch e
join tenancy.mall l on l.id = e.mall_id
left join wanted w on true
left join state s on s.key_id = w.id
where e.mall_id = %(mall)s
