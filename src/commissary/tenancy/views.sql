-- Saved views. Beside a person's own only those shared in the organisation that he acts for are seen.

-- name: views
select id, person_id, shared, page, name, search, is_default, position, updated_at, pinned from tenancy.saved_view
where mall_id = %(mall)s and organisation_id = %(organisation)s and (shared or person_id = %(person)s)
  and (%(page)s::text is null or page = %(page)s)
order by page, position, id

-- name: lock_views
select 1 from tenancy.organisation where mall_id = %(mall)s and id = %(organisation)s for no key update

-- name: lock_view
select id, person_id, shared, page, name, search, is_default, position, updated_at, pinned from tenancy.saved_view
where mall_id = %(mall)s and id = %(id)s and organisation_id = %(organisation)s and (shared or person_id = %(person)s)
for update

-- name: clear_default
update tenancy.saved_view set is_default = false
where mall_id = %(mall)s and organisation_id = %(organisation)s and page = %(page)s and is_default and shared = %(shared)s
  and (shared or person_id = %(person)s)

-- name: add_view
insert into tenancy.saved_view (mall_id, id, organisation_id, person_id, shared, page, name, search, is_default, position,
  created_at, updated_at, pinned)
select %(mall)s, %(id)s, %(organisation)s, %(person)s, %(shared)s, %(page)s, %(name)s, %(search)s, %(is_default)s, %(position)s,
  %(now)s, %(now)s, %(pinned)s
where (select count(*) from tenancy.saved_view v where v.mall_id = %(mall)s and v.organisation_id = %(organisation)s
  and v.page = %(page)s and v.shared = %(shared)s and (v.shared or v.person_id = %(person)s)) < %(most)s
returning id, person_id, shared, page, name, search, is_default, position, updated_at, pinned

-- name: set_view
update tenancy.saved_view
set page = %(page)s, name = %(name)s, search = %(search)s, is_default = %(is_default)s, position = %(position)s,
  updated_at = %(now)s, pinned = %(pinned)s
where mall_id = %(mall)s and id = %(id)s
returning id, person_id, shared, page, name, search, is_default, position, updated_at, pinned

-- name: delete_view
delete from tenancy.saved_view where mall_id = %(mall)s and id = %(id)s
