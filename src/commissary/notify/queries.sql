-- name: listeners
-- The endpoints of some organisations that may hear anything at all.
select id, organisation_id, url, events from notify.endpoint
where mall_id = %(mall)s and organisation_id = any(%(owners)s) and state <> 'disabled'
order by id

-- name: add_deliveries
-- The same event again adds nothing.
insert into notify.delivery (home_id, id, endpoint_id, event_id, event, subject_id, n, url, body, due_at, created_at)
select %(home)s, d.id, d.endpoint, d.event_id, d.event, d.subject, d.n, d.url, d.body, %(now)s, %(now)s
from unnest(%(ids)s::bigint[], %(endpoints)s::bigint[], %(event_ids)s::text[], %(events)s::text[], %(subjects)s::bigint[],
            %(ns)s::int[], %(urls)s::text[], %(bodies)s::bytea[])
  as d (id, endpoint, event_id, event, subject, n, url, body)
on conflict (home_id, endpoint_id, event_id) do nothing

-- name: homes_due
select home_id from notify.homes_due(%(now)s)

-- name: endpoints_with_work
-- One sender at a time per endpoint: whoever holds the endpoint's row leases, and none leases beside an unended lease.
-- Those whose work waits longest first. Here and below, LIMIT in a subquery keeps it a look-up by index: statistics of
-- a queue are always wrong, and a join over all of it took minutes.
select e.id, e.organisation_id, e.url, e.events, e.secret, e.secret_at, e.old_secret, e.old_secret_until, e.state,
       e.state_reason, e.failures, e.failing_since, e.quiet_until, e.paused_at, e.created_at, e.version
from notify.endpoint e
cross join lateral (
  select d.due_at from notify.delivery d
  where d.home_id = %(home)s and d.endpoint_id = e.id and d.state in ('waiting', 'sending') and d.due_at <= %(now)s
  order by d.due_at limit 1) as first
where e.mall_id = %(mall)s and e.state <> 'disabled' and (e.failures > 0) = %(failing)s
  and (e.quiet_until is null or e.quiet_until <= %(now)s)
  and e.id <> all(%(busy)s)
  and (select s.id from notify.delivery s
       where s.home_id = %(home)s and s.endpoint_id = e.id and s.state = 'sending' and s.due_at > %(now)s
       limit 1) is null
order by first.due_at, e.id
limit %(most)s
for update of e skip locked

-- name: next_deliveries
-- Under the endpoints' locks, as a statement of its own, so that it sees what earlier holders did. Of each subject only
-- the first open delivery. One whose lease ended is taken again.
select c.id, c.endpoint_id, c.event_id, c.event, c.subject_id, c.n, c.url, c.body, c.attempts, c.due_at
from unnest(%(endpoints)s::bigint[], %(mosts)s::int[]) as e (id, most)
cross join lateral (
  select w.* from notify.delivery w
  where w.home_id = %(home)s and w.endpoint_id = e.id and w.state in ('waiting', 'sending') and w.due_at <= %(now)s
    and (w.subject_id = 0 or w.id = (
      select p.id from notify.delivery p
      where p.home_id = %(home)s and p.endpoint_id = e.id and p.subject_id = w.subject_id
        and p.state in ('waiting', 'sending')
      order by p.n, p.id limit 1))
  order by w.due_at, w.id
  limit e.most) as c
order by c.due_at, c.id

-- name: lease
update notify.delivery set state = 'sending', due_at = %(until)s, lease = %(lease)s
where home_id = %(home)s and id = any(%(ids)s) and state in ('waiting', 'sending')

-- name: lock_endpoints
select id, organisation_id, url, events, secret, secret_at, old_secret, old_secret_until, state, state_reason, failures,
       failing_since, quiet_until, paused_at, created_at, version
from notify.endpoint where mall_id = %(mall)s and id = any(%(ids)s) order by id for update

-- name: lock_leased
-- Which of them are still ours.
select d.id from notify.delivery d
where d.home_id = %(home)s and d.id = any(%(ids)s) and d.state = 'sending' and d.lease = any(%(leases)s)
order by d.id for update

-- name: settle_deliveries
update notify.delivery d
set state = s.state, attempts = s.attempts, due_at = s.due_at, reason = s.reason, lease = 0,
    ended_at = case when s.state in ('delivered', 'dead') then %(now)s end
from unnest(%(ids)s::bigint[], %(states)s::text[], %(attempts)s::smallint[], %(dues)s::timestamptz[], %(reasons)s::text[])
  as s (id, state, attempts, due_at, reason)
where d.home_id = %(home)s and d.id = any (%(ids)s::bigint[]) and d.id = s.id

-- name: add_attempts
insert into notify.attempt (home_id, delivery_id, id, at, status, error, elapsed_ms, answer)
select %(home)s, a.delivery, a.id, a.at, a.status, a.error, a.elapsed_ms, a.answer
from unnest(%(deliveries)s::bigint[], %(ids)s::bigint[], %(ats)s::timestamptz[], %(statuses)s::smallint[],
            %(errors)s::text[], %(elapsed)s::int[], %(answers)s::text[])
  as a (delivery, id, at, status, error, elapsed_ms, answer)

-- name: save_health
update notify.endpoint
set state = %(state)s, state_reason = %(reason)s, failures = %(failures)s, failing_since = %(failing_since)s,
    quiet_until = %(quiet_until)s, paused_at = %(paused_at)s
where mall_id = %(mall)s and id = %(id)s

-- name: wake
-- `rules.woken` for all that waits for an endpoint.
update notify.delivery set due_at = %(now)s, attempts = greatest(attempts - 1, 0)
where home_id between %(first_home)s and %(last_home)s and endpoint_id = any(%(endpoints)s) and state = 'waiting' and due_at > %(now)s

-- name: bury
-- What waits for endpoints that want nothing any more.
update notify.delivery set state = 'dead', reason = 'endpoint_disabled', ended_at = %(now)s
where home_id between %(first_home)s and %(last_home)s and endpoint_id = any(%(endpoints)s) and state = 'waiting'

-- name: lock_owner
-- Two additions at once would both find room.
select pg_advisory_xact_lock(%(organisation)s)

-- name: count_endpoints
select count(*) from notify.endpoint where mall_id = %(mall)s and organisation_id = %(organisation)s and state <> 'disabled'

-- name: add_endpoint
insert into notify.endpoint (mall_id, id, organisation_id, url, events, secret, secret_at, created_at)
values (%(mall)s, %(id)s, %(organisation)s, %(url)s, %(events)s, %(secret)s, %(now)s, %(now)s)

-- name: save_endpoint
update notify.endpoint
set url = %(url)s, events = %(events)s, secret = %(secret)s, secret_at = %(secret_at)s, old_secret = %(old_secret)s,
    old_secret_until = %(old_secret_until)s, state = %(state)s, state_reason = %(reason)s, failures = %(failures)s,
    failing_since = %(failing_since)s, quiet_until = %(quiet_until)s, paused_at = %(paused_at)s, version = %(version)s
where mall_id = %(mall)s and id = %(id)s

-- name: list_endpoints
select id, organisation_id, url, events, secret, secret_at, old_secret, old_secret_until, state, state_reason, failures,
       failing_since, quiet_until, paused_at, created_at, version
from notify.endpoint
where mall_id = %(mall)s and id > %(after)s and (%(organisation)s::bigint is null or organisation_id = %(organisation)s)
order by id limit %(size)s

-- name: list_deliveries
-- Newest first, over the homes of one mall.
select d.home_id, d.id, d.endpoint_id, d.event_id, d.event, d.subject_id, d.n, d.state, d.reason, d.attempts, d.due_at,
       d.created_at, d.ended_at
from notify.delivery d
join notify.endpoint e on e.mall_id = %(mall)s and e.id = d.endpoint_id
where d.home_id between %(first_home)s and %(last_home)s and d.id < %(before)s
  and {asked}
order by d.id desc limit %(size)s

-- name: delivery
select d.home_id, d.id, d.endpoint_id, d.event_id, d.event, d.subject_id, d.n, d.state, d.reason, d.attempts, d.due_at,
       d.created_at, d.ended_at, d.body
from notify.delivery d
join notify.endpoint e on e.mall_id = %(mall)s and e.id = d.endpoint_id
where d.home_id between %(first_home)s and %(last_home)s and d.id = %(id)s
  and (%(organisation)s::bigint is null or e.organisation_id = %(organisation)s)

-- name: attempts
select at, status, error, elapsed_ms, answer from notify.attempt
where home_id = %(home)s and delivery_id = %(delivery)s order by id desc limit 50

-- name: asked
-- What a list, a count and a replay are narrowed by: each where it is given.
(%(organisation)s::bigint is null or e.organisation_id = %(organisation)s)
  and (%(endpoint)s::bigint is null or d.endpoint_id = %(endpoint)s)
  and (%(subject)s::bigint is null or d.subject_id = %(subject)s)
  and (%(state)s::text is null or d.state = %(state)s)
  and (%(event)s::text is null or d.event = %(event)s)
  and (%(since)s::timestamptz is null or d.created_at >= %(since)s)
  and (%(until)s::timestamptz is null or d.created_at < %(until)s)

-- name: ended
-- Those of them that may be sent again; disabled endpoints get none.
from notify.delivery d
join notify.endpoint e on e.mall_id = %(mall)s and e.id = d.endpoint_id and e.state <> 'disabled'
where d.home_id between %(first_home)s and %(last_home)s and d.state in ('delivered', 'dead')
  and (%(ids)s::bigint[] is null or d.id = any(%(ids)s))
  and (%(beyond)s::bigint is null or d.id > %(beyond)s)
  and (%(ended_by)s::timestamptz is null or d.ended_at <= %(ended_by)s)
  and {asked}

-- name: replay
-- `rules.replayed` for all that ended and are asked for.
with asked as (
  select d.home_id, d.id {ended}
  order by d.id limit %(most)s
  for update of d
)
update notify.delivery d
set state = 'waiting', attempts = 0, due_at = %(now)s, lease = 0, ended_at = null, reason = ''
from asked a where d.home_id = a.home_id and d.id = a.id
returning d.id

-- name: replayable
-- How many `replay` would take in all.
select count(*) {ended}

-- name: homes_ended
select home_id from notify.homes_ended(%(before)s)

-- name: prune
with gone as (
  select id from notify.delivery where home_id = %(home)s and ended_at < %(before)s
  order by ended_at limit %(most)s for update skip locked
), attempts as (
  delete from notify.attempt a using gone g where a.home_id = %(home)s and a.delivery_id = g.id
)
delete from notify.delivery d using gone g where d.home_id = %(home)s and d.id = g.id
