-- Roles of a mall's own, and invitations.

-- name: own_roles
select r.id, r.kind, r.zh, r.en, r.permissions, r.version,
  (select count(*) from tenancy.member m where m.mall_id = r.mall_id and m.role_id = r.id)
from tenancy.role r
where r.mall_id = %(mall)s and (%(kind)s::text is null or r.kind = %(kind)s) and (%(id)s::bigint is null or r.id = %(id)s)
order by r.kind <> 'mall', r.kind, r.id limit 500

-- name: lock_own_role
select 1 from tenancy.role where mall_id = %(mall)s and id = %(id)s for update

-- name: add_own_role
insert into tenancy.role (mall_id, id, kind, zh, en, permissions, version, created_at, updated_at)
values (%(mall)s, %(id)s, %(kind)s, %(zh)s, %(en)s, %(permissions)s::text[], 1, %(at)s, %(at)s)

-- name: set_own_role
update tenancy.role set zh = %(zh)s, en = %(en)s, permissions = %(permissions)s::text[], version = version + 1, updated_at = %(at)s
where mall_id = %(mall)s and id = %(id)s and version = %(seen)s

-- name: holds_own_role
select 1 from tenancy.member where mall_id = %(mall)s and role_id = %(role)s and person_id = %(person)s

-- name: delete_own_role
delete from tenancy.role where mall_id = %(mall)s and id = %(id)s

-- name: invitations
-- Newest first.
select i.id, i.organisation_id, i.email, i.role, i.invited_by, i.created_at, i.expires_at, i.used_at, i.revoked_at
from tenancy.invitation i
where i.mall_id = %(mall)s and (%(organisation)s::bigint is null or i.organisation_id = %(organisation)s)
  and (%(before)s::bigint is null or i.id < %(before)s)
order by i.id desc limit %(size)s

-- name: add_invitation
insert into tenancy.invitation (mall_id, id, organisation_id, email, role, role_id, token_hash, invited_by, created_at, expires_at)
values (%(mall)s, %(id)s, %(organisation)s, %(email)s, %(role)s, %(role_id)s, %(hash)s, %(by)s, %(at)s, %(expires)s)

-- name: replace_invitations
-- An older one to the same person for the same organisation opens nothing any more.
update tenancy.invitation set revoked_at = %(at)s, role_id = null
where mall_id = %(mall)s and organisation_id = %(organisation)s and email = %(email)s and used_at is null and revoked_at is null

-- name: revoke_invitation
update tenancy.invitation set revoked_at = %(at)s, role_id = null
where mall_id = %(mall)s and id = %(id)s and (%(organisation)s::bigint is null or organisation_id = %(organisation)s)
  and used_at is null and revoked_at is null
returning email, role

-- name: invitation_of_token
select i.id, i.organisation_id, i.email, i.role, o.name, o.kind, l.name, l.slug,
  (select p.password_hash from tenancy.person p where p.mall_id = i.mall_id and p.email = i.email and p.status = 'active')
from tenancy.invitation i
join tenancy.organisation o on o.mall_id = i.mall_id and o.id = i.organisation_id and o.status = 'active'
join tenancy.mall l on l.id = i.mall_id and l.status <> 'closed'
where i.mall_id = %(mall)s and i.token_hash = %(hash)s and i.used_at is null and i.revoked_at is null and i.expires_at > %(now)s

-- name: use_invitation
-- Once, however many try at the same moment.
update tenancy.invitation set used_at = %(now)s, used_by = %(person)s, role_id = null
where mall_id = %(mall)s and id = %(id)s and used_at is null and revoked_at is null and expires_at > %(now)s

-- name: person_by_email
select id, status from tenancy.person where mall_id = %(mall)s and email = %(email)s
