-- The audit log, looked through by what was asked for.

-- name: page
select a.id, a.at, a.actor_kind, a.actor_id, a.ip, a.action, a.subject, a.before, a.after from tenancy.audit a
where {where}
order by {order} limit %(size)s

-- name: matching
select {what} from tenancy.audit a where {where}

-- name: of_mall
a.mall_id = %(mall)s

-- name: subject
a.subject = %(subject)s

-- name: action
a.action = any (%(action)s::text[])

-- name: kind
a.actor_kind = %(kind)s

-- name: actor
a.actor_id = %(actor)s

-- name: at_from
a.at >= %(at_from)s

-- name: at_to
a.at < %(at_to)s

-- name: typed
-- An act or its family, a subject, or the number of one.
(a.subject = %(q)s or a.action = %(q)s or starts_with(a.action, %(family)s) or a.subject like %(ends)s)
