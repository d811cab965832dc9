-- The list of jobs, put together of what was asked for.

-- name: page
select j.id, j.kind, j.state, j.done, j.total, j.unit, j.result, j.error, j.cancel_asked, j.attempts, j.created_by, j.created_at,
  j.started_at, j.ended_at
from jobs.job j
where {where}
order by {order} limit %(size)s

-- name: matching
select {what} from jobs.job j where {where}

-- name: of_mall
j.mall_id = %(mall)s

-- name: kind
j.kind = any (%(kind)s::text[])

-- name: state
j.state = any (%(state)s::text[])

-- name: made_by
j.created_by = %(made_by)s

-- name: created_from
j.created_at >= %(created_from)s

-- name: created_to
j.created_at < %(created_to)s
