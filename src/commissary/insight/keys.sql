-- Keys of programs with their use, and who calls how much. Reads tenancy.api_key and tenancy.organisation beside its own.

-- name: keys_page
select k.id, k.organisation_id, o.name, k.account_id, k.name, k.scopes, k.ip_allow::text[], k.created_at, k.expires_at, k.revoked_at, u.at, u.ip,
  k.version
from tenancy.api_key k
join tenancy.organisation o on o.mall_id = k.mall_id and o.id = k.organisation_id
left join insight.key_use u on u.home_id = k.home_id and u.key_id = k.id
where {where}
order by {order} limit %(size)s

-- name: keys_matching
select {what} from tenancy.api_key k
join tenancy.organisation o on o.mall_id = k.mall_id and o.id = k.organisation_id
left join insight.key_use u on u.home_id = k.home_id and u.key_id = k.id
where {where}

-- name: uses
select k.id, u.at, u.ip from tenancy.api_key k
join insight.key_use u on u.home_id = k.home_id and u.key_id = k.id
where k.mall_id = %(mall)s and k.id = any(%(ids)s::text[])

-- name: of_mall
k.mall_id = %(mall)s

-- name: of_company
k.organisation_id = %(company)s

-- name: with_scope
%(scope)s = any (k.scopes)

-- name: typed
(k.id = %(q)s or position(lower(%(q)s) in lower(k.name)) > 0 or position(lower(%(q)s) in lower(o.name)) > 0)

-- name: active
k.revoked_at is null and (k.expires_at is null or k.expires_at > %(now)s)

-- name: expired
k.revoked_at is null and k.expires_at <= %(now)s

-- name: revoked
k.revoked_at is not null

-- name: unused_since
(u.at is null or u.at < %(unused_since)s)

-- name: companies
-- Who called how much, and how much of it was refused.
select c.organisation_id, o.name, sum(c.calls)::bigint, coalesce(sum(c.calls) filter (where c.status >= 400), 0)::bigint
from insight.call_count c
left join tenancy.organisation o on o.mall_id = %(mall)s and o.id = c.organisation_id
where c.home_id between %(first)s and %(last)s and c.hour >= %(since)s
group by c.organisation_id, o.name order by 3 desc, 1 limit %(most)s
