-- How endpoints do: the mall's list of them with what waits and what came of the last day. Reads tenancy.organisation for names.

-- name: page
select e.id, e.organisation_id, o.name, e.url, e.state, e.state_reason, e.failures, e.failing_since, e.created_at
from notify.endpoint e
join tenancy.organisation o on o.mall_id = e.mall_id and o.id = e.organisation_id
where {where}
order by {order} limit %(size)s

-- name: matching
select {what} from notify.endpoint e
join tenancy.organisation o on o.mall_id = e.mall_id and o.id = e.organisation_id
where {where}

-- name: of_mall
e.mall_id = %(mall)s

-- name: of_company
e.organisation_id = %(company)s

-- name: with_state
e.state = %(state)s

-- name: failing
e.failures > 0

-- name: typed
(position(lower(%(q)s) in lower(e.url)) > 0 or position(lower(%(q)s) in lower(o.name)) > 0)

-- name: waiting
select d.endpoint_id, count(*)::integer, min(d.created_at)
from notify.delivery d
where d.home_id between %(first_home)s and %(last_home)s and d.endpoint_id = any (%(ids)s::bigint[]) and d.state in ('waiting', 'sending')
group by d.endpoint_id

-- name: ended
select d.endpoint_id, (count(*) filter (where d.state = 'delivered'))::integer, (count(*) filter (where d.state = 'dead'))::integer
from notify.delivery d
where d.home_id between %(first_home)s and %(last_home)s and d.endpoint_id = any (%(ids)s::bigint[]) and d.ended_at >= %(since)s
group by d.endpoint_id

-- name: sums
select (count(*) filter (where d.state in ('waiting', 'sending')))::integer,
  (count(*) filter (where d.state = 'delivered'))::integer, (count(*) filter (where d.state = 'dead'))::integer
from notify.delivery d
where d.home_id between %(first_home)s and %(last_home)s
  and (d.state in ('waiting', 'sending') or d.ended_at >= %(since)s)
  and d.endpoint_id in (select e.id from notify.endpoint e
    join tenancy.organisation o on o.mall_id = e.mall_id and o.id = e.organisation_id where {where})
