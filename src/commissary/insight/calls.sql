-- Calls of the partner API: written in batches, read by whoever keeps the keys that made them.

-- name: keep
insert into insight.call (home_id, id, at, organisation_id, key_id, method, route, path, status, code, ip, idempotency_key,
  elapsed_us, request_id, refusal, request)
select %(home)s, c.* from unnest(%(ids)s::bigint[], %(ats)s::timestamptz[], %(companies)s::bigint[], %(key_id)s::text[],
  %(method)s::text[], %(route)s::text[], %(path)s::text[], %(statuses)s::smallint[], %(code)s::text[], %(ip)s::text[],
  %(idempotency_key)s::text[], %(elapsed)s::integer[], %(request_id)s::text[], %(refusal)s::text[], %(request)s::text[]) c

-- name: count
-- `slots`: those of all, one behind the other. In the order given.
insert into insight.call_count (home_id, hour, organisation_id, route, status, code, calls, slots)
select %(home)s, n.hour, n.company, n.route, n.status, n.code, (select sum(s) from unnest(of_it.slots) s), of_it.slots
from unnest(%(hours)s::timestamptz[], %(companies)s::bigint[], %(routes)s::text[], %(statuses)s::smallint[],
            %(codes)s::text[]) with ordinality as n (hour, company, route, status, code, place)
cross join lateral (
  select (%(slots)s::bigint[])[(n.place - 1) * %(each)s::integer + 1 : n.place * %(each)s::integer] as slots
) as of_it
order by n.place
on conflict (home_id, hour, organisation_id, route, status, code) do update
set calls = call_count.calls + excluded.calls,
  slots = (select array_agg(coalesce(a, 0) + coalesce(b, 0) order by n)
           from unnest(call_count.slots, excluded.slots) with ordinality u (a, b, n))

-- name: use
insert into insight.key_use as u (home_id, key_id, at, ip)
select %(home)s, n.id, n.at, n.ip from unnest(%(keys)s::text[], %(ats)s::timestamptz[], %(ips)s::text[]) as n (id, at, ip)
on conflict (home_id, key_id) do update set at = excluded.at, ip = excluded.ip where u.at < excluded.at

-- name: prune
delete from insight.call where home_id between %(first)s and %(last)s
  and (at < %(before)s or id < (
    select c.id from insight.call c where c.home_id between %(first)s and %(last)s order by c.id desc offset %(most)s limit 1))

-- name: prune_counts
delete from insight.call_count where home_id between %(first)s and %(last)s and hour < %(before)s

-- name: calls
select id, at, organisation_id, key_id, method, route, path, status, code, ip, idempotency_key, elapsed_us, request_id
from insight.call c where {where} order by c.id desc limit %(size)s

-- name: call
select home_id, id, at, organisation_id, key_id, method, route, path, status, code, ip, idempotency_key, elapsed_us, request_id, refusal,
  request
from insight.call c where c.home_id between %(first)s and %(last)s and c.id = %(id)s
  and (%(company)s::bigint is null or c.organisation_id = %(company)s)

-- name: counts
select route, status, code, calls, slots from insight.call_count
where home_id between %(first)s and %(last)s and hour >= %(since)s
  and (%(company)s::bigint is null or organisation_id = %(company)s)

-- name: orders_of
select id from orders.orders where home_id = %(home)s and id >= %(since)s and id < %(since)s + (65000::bigint << 22)
  and request_id = %(request)s and buyer_id = %(company)s order by id limit 20

