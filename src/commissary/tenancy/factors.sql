-- name: factors
-- What a person has enrolled, and whether his organisation's people must.
select
  (select t.confirmed_at from tenancy.totp t where t.mall_id = %(mall)s and t.person_id = %(person)s),
  (select count(*) from tenancy.recovery_code c
    where c.mall_id = %(mall)s and c.person_id = %(person)s and c.used_at is null),
  exists (select from tenancy.passkey k where k.mall_id = %(mall)s and k.person_id = %(person)s)

-- name: demanded
select exists (select from tenancy.security_policy d, tenancy.organisation o
  where d.mall_id = %(mall)s and o.mall_id = %(mall)s and o.id = %(organisation)s
    and (d.two_factor = 'all' or d.two_factor = 'staff' and o.kind = 'mall'))

-- name: lock_person
-- Factors of one person change one after the other.
select p.email from tenancy.person p where p.mall_id = %(mall)s and p.id = %(person)s and p.status = 'active' for update

-- name: enrol_totp
-- In the place of one that was never confirmed; a confirmed one stays.
insert into tenancy.totp as t (mall_id, person_id, secret, created_at)
values (%(mall)s, %(person)s, %(secret)s, %(now)s)
on conflict (mall_id, person_id) do update set secret = excluded.secret, created_at = excluded.created_at, last_step = 0
where t.confirmed_at is null

-- name: totp
select secret, confirmed_at from tenancy.totp where mall_id = %(mall)s and person_id = %(person)s

-- name: confirm_totp
update tenancy.totp set confirmed_at = %(now)s, last_step = %(step)s
where mall_id = %(mall)s and person_id = %(person)s and confirmed_at is null and secret = %(secret)s

-- name: spend_totp
-- Once, whoever else sends the same code at the same moment.
update tenancy.totp set last_step = %(step)s
where mall_id = %(mall)s and person_id = %(person)s and confirmed_at is not null and last_step < %(step)s

-- name: drop_totp
delete from tenancy.totp where mall_id = %(mall)s and person_id = %(person)s and confirmed_at is not null

-- name: drop_any_totp
delete from tenancy.totp where mall_id = %(mall)s and person_id = %(person)s

-- name: drop_recovery_codes
delete from tenancy.recovery_code where mall_id = %(mall)s and person_id = %(person)s

-- name: add_recovery_codes
insert into tenancy.recovery_code (mall_id, person_id, hash)
select %(mall)s, %(person)s, h from unnest(%(hashes)s::bytea[]) as h

-- name: spend_recovery_code
update tenancy.recovery_code set used_at = %(now)s
where mall_id = %(mall)s and person_id = %(person)s and hash = %(hash)s and used_at is null

-- name: passkeys
select id, name, rp_id, created_at, used_at from tenancy.passkey
where mall_id = %(mall)s and person_id = %(person)s order by id

-- name: passkey_ids
-- For the browser: which of his passkeys may sign, and which need not be made again.
select credential_id, transports from tenancy.passkey
where mall_id = %(mall)s and person_id = %(person)s and rp_id = %(rp)s order by id

-- name: add_passkey
insert into tenancy.passkey (mall_id, id, person_id, credential_id, public_key, sign_count, rp_id, name, transports,
  created_at)
values (%(mall)s, %(id)s, %(person)s, %(credential)s, %(key)s, %(count)s, %(rp)s, %(name)s, %(transports)s::text[],
  %(now)s)
on conflict (mall_id, credential_id) do nothing

-- name: passkey
select k.id, k.person_id, k.public_key, k.sign_count from tenancy.passkey k
join tenancy.person p on p.mall_id = k.mall_id and p.id = k.person_id and p.status = 'active'
where k.mall_id = %(mall)s and k.credential_id = %(credential)s and k.rp_id = %(rp)s

-- name: spend_passkey
-- A counter that does not grow belongs to a copy; authenticators that keep none say 0 for ever.
update tenancy.passkey set sign_count = %(count)s, used_at = %(now)s
where mall_id = %(mall)s and id = %(id)s and person_id = %(person)s
  and (sign_count < %(count)s or (sign_count = 0 and %(count)s = 0))

-- name: drop_passkey
delete from tenancy.passkey where mall_id = %(mall)s and person_id = %(person)s and id = %(id)s returning name

-- name: drop_passkeys
delete from tenancy.passkey where mall_id = %(mall)s and person_id = %(person)s

-- name: add_challenge
-- With the end of those that nobody answered.
with old as (delete from tenancy.challenge where mall_id = %(mall)s and expires_at < %(now)s)
insert into tenancy.challenge (mall_id, challenge, purpose, person_id, rp_id, expires_at)
values (%(mall)s, %(challenge)s, %(purpose)s, %(person)s, %(rp)s, %(expires)s)

-- name: take_challenge
delete from tenancy.challenge
where mall_id = %(mall)s and challenge = %(challenge)s and purpose = %(purpose)s and rp_id = %(rp)s
  and person_id is not distinct from %(person)s::bigint
returning expires_at > %(now)s

-- name: add_pending
with old as (delete from tenancy.pending_sign_in where mall_id = %(mall)s and expires_at < %(now)s)
insert into tenancy.pending_sign_in (mall_id, token_hash, person_id, organisation_id, created_at, expires_at)
values (%(mall)s, %(hash)s, %(person)s, %(organisation)s, %(now)s, %(expires)s)

-- name: try_pending
-- Counted before it is judged.
update tenancy.pending_sign_in set tries = tries + 1
where mall_id = %(mall)s and token_hash = %(hash)s and expires_at > %(now)s and tries < 5
returning person_id, organisation_id

-- name: pending
select person_id, organisation_id from tenancy.pending_sign_in
where mall_id = %(mall)s and token_hash = %(hash)s and expires_at > %(now)s and tries < 5

-- name: end_pending
delete from tenancy.pending_sign_in where mall_id = %(mall)s and token_hash = %(hash)s

-- name: may_enter
-- Is he still of this organisation, and both not suspended?
select exists (select from tenancy.person p
  join tenancy.member m on m.mall_id = p.mall_id and m.person_id = p.id
  join tenancy.organisation o on o.mall_id = m.mall_id and o.id = m.organisation_id
  where p.mall_id = %(mall)s and p.id = %(person)s and o.id = %(organisation)s
    and p.status = 'active' and o.status = 'active')

-- name: end_pendings_of
delete from tenancy.pending_sign_in where mall_id = %(mall)s and person_id = %(person)s

-- name: policy
select two_factor, reveal_above_e4, version from tenancy.security_policy where mall_id = %(mall)s

-- name: add_policy
insert into tenancy.security_policy (mall_id, two_factor, reveal_above_e4, version, updated_at)
values (%(mall)s, %(two_factor)s, %(above)s, 1, %(now)s)
on conflict (mall_id) do nothing

-- name: set_policy
update tenancy.security_policy set two_factor = %(two_factor)s, reveal_above_e4 = %(above)s, version = version + 1,
  updated_at = %(now)s
where mall_id = %(mall)s and version = %(version)s

-- name: devices
select encode(substring(token_hash from 1 for 8), 'hex'), token_hash = %(current)s, agent, ip, created_at, seen_at, proved_by
from tenancy.session
where mall_id = %(mall)s and person_id = %(person)s and ended_at is null and expires_at > %(now)s and seen_at > %(idle_since)s
order by seen_at desc, created_at desc

-- name: end_device
update tenancy.session set ended_at = %(now)s
where mall_id = %(mall)s and person_id = %(person)s and ended_at is null and expires_at > %(now)s
  and encode(substring(token_hash from 1 for 8), 'hex') = %(id)s

-- name: change_session
-- The same session under a new token, for another organisation: it lives no longer than it would have.
insert into tenancy.session (mall_id, token_hash, person_id, organisation_id, created_at, seen_at, expires_at, ip, agent,
  proved_at, proved_by)
select mall_id, %(new)s, person_id, %(organisation)s, created_at, %(now)s, expires_at, ip, agent, proved_at, proved_by
from tenancy.session where mall_id = %(mall)s and token_hash = %(hash)s and ended_at is null

-- name: roles_of
-- Every role that a person has; null for who is in no organisation.
select m.role from tenancy.person p
left join tenancy.member m on m.mall_id = p.mall_id and m.person_id = p.id
where p.mall_id = %(mall)s and p.id = %(person)s
