-- name: defer
insert into jobs.job (mall_id, id, kind, payload, unit, total, due_at, created_by, created_at)
values (%(mall)s, %(id)s, %(kind)s, %(payload)s, %(unit)s, %(total)s, %(due)s, %(by)s, %(now)s)

-- name: malls_due
select mall_id from jobs.malls_due(%(now)s)

-- name: take
-- One job that is due, or whose lease ended: its runner was killed.
with next as (
  select id from jobs.job
  where mall_id = %(mall)s and state in ('queued', 'running') and due_at <= %(now)s and kind = any(%(kinds)s)
  order by due_at, id limit 1
  for update skip locked
)
update jobs.job j
set state = 'running', attempts = attempts + 1, lease = %(lease)s, due_at = %(until)s,
    started_at = coalesce(started_at, %(now)s)
from next where j.mall_id = %(mall)s and j.id = next.id
returning j.id, j.kind, j.payload, j.cursor, j.done, j.total, j.attempts, j.cancel_asked

-- name: progress
-- Also the heartbeat. Nothing comes back when the lease was lost.
update jobs.job
set done = coalesce(%(done)s, done), total = coalesce(%(total)s, total), cursor = coalesce(%(cursor)s, cursor),
    due_at = %(until)s
where mall_id = %(mall)s and id = %(id)s and state = 'running' and lease = %(lease)s
returning cancel_asked

-- name: finish
update jobs.job
set state = %(state)s, result = %(result)s, error = %(error)s, lease = 0, due_at = %(due)s,
    attempts = attempts - %(given_back)s,
    ended_at = case when %(state)s in ('done', 'failed', 'cancelled') then %(now)s::timestamptz end
where mall_id = %(mall)s and id = %(id)s and state = 'running' and lease = %(lease)s

-- name: cancel
-- A queued one ends now, a running one at its next progress.
update jobs.job
set cancel_asked = true,
    state = case when state = 'queued' then 'cancelled' else state end,
    ended_at = case when state = 'queued' then %(now)s::timestamptz end
where mall_id = %(mall)s and id = %(id)s and state in ('queued', 'running')
returning state

-- name: jobs
select id, kind, state, done, total, unit, result, error, cancel_asked, attempts, created_by, created_at, started_at,
       ended_at
from jobs.job
where mall_id = %(mall)s and id < %(before)s and (%(kind)s::text is null or kind = %(kind)s)
  and (%(state)s::text is null or state = %(state)s) and (%(id)s::bigint is null or id = %(id)s)
order by id desc limit %(size)s

-- name: turns
select name, due_at, leased_until, last_at, last_ms, last_error from jobs.turn order by name

-- name: due_turns
-- Of these names those that may be taken: looked at first, so that waiting writes nothing.
select n.name from unnest(%(names)s) as n (name) left join jobs.turn t on t.name = n.name
where t.name is null or t.due_at <= %(now)s and (t.leased_until is null or t.leased_until <= %(now)s)

-- name: take_turn
insert into jobs.turn as t (name, due_at, leased_until, lease)
values (%(name)s, %(now)s, %(until)s, %(lease)s)
on conflict (name) do update set leased_until = excluded.leased_until, lease = excluded.lease
where t.due_at <= %(now)s and (t.leased_until is null or t.leased_until <= %(now)s)
returning t.name

-- name: keep_turn
update jobs.turn set leased_until = %(until)s where name = %(name)s and lease = %(lease)s returning name

-- name: end_turn
update jobs.turn
set due_at = %(due)s, leased_until = null, lease = 0, last_at = %(now)s, last_ms = %(ms)s, last_error = %(error)s
where name = %(name)s and lease = %(lease)s
