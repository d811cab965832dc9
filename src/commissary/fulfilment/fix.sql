-- Corrections that buyers are asked for. Reads orders.line and catalog.sku beside.

-- name: askable
-- Of lines: the field that names their account, and how often it was corrected. Goods without one are not asked about.
select l.order_id, l.line_no, f.name,
  (select count(*) from fulfilment.fix_request r where r.home_id = l.home_id and r.order_id = l.order_id
    and r.line_no = l.line_no and r.state = 'corrected')::integer
from orders.line l
join catalog.sku s on s.mall_id = %(mall)s and s.id = l.sku_id
cross join lateral (select x ->> 'name' as name from jsonb_array_elements(s.fields) x
  where (x ->> 'target')::boolean limit 1) f
where l.home_id = %(home)s and l.order_id = any (%(orders)s) and l.fields is not null

-- name: add_fixes
insert into fulfilment.fix_request (home_id, id, order_id, line_no, attempt_id, field, reason, corrections, state, asked_at,
  deadline)
select %(home)s, n.id, n.order_id, n.line_no, n.attempt_id, n.field, %(reason)s, n.corrections, 'open', %(at)s, n.deadline
from unnest(%(ids)s, %(orders)s, %(lines)s, %(attempts)s, %(fields)s, %(corrections)s, %(deadlines)s::timestamptz[])
  as n (id, order_id, line_no, attempt_id, field, corrections, deadline)

-- name: last_fix
-- Of a line. The caller holds the order's lock, as everybody who changes one does.
select id, order_id, line_no, attempt_id, field, reason, corrections, state, asked_at, deadline, ended_at, ended_by
from fulfilment.fix_request
where home_id = %(home)s and order_id = %(order)s and line_no = %(line)s order by id desc limit 1

-- name: end_fix
update fulfilment.fix_request set state = %(state)s, ended_at = %(at)s, ended_by = %(by)s
where home_id = %(home)s and id = %(id)s and state = 'open'

-- name: fixes
select id, order_id, line_no, attempt_id, field, reason, corrections, state, asked_at, deadline, ended_at, ended_by
from fulfilment.fix_request
where home_id = %(home)s and id > %(after)s and (%(state)s::text is null or state = %(state)s)
  and (%(order)s::bigint is null or order_id = %(order)s)
order by id limit %(size)s

-- name: due_fixes
-- Whose time is over, or whose line waits no more.
select r.id, r.order_id, r.line_no from fulfilment.fix_request r
join orders.line l on l.home_id = r.home_id and l.order_id = r.order_id and l.line_no = r.line_no
where r.home_id = %(home)s and r.state = 'open' and r.id > %(after)s
  and (r.deadline <= %(now)s or l.state <> 'waiting' or l.reason <> %(reason)s)
order by r.id limit %(size)s

-- name: homes_to_end
select home_id from fulfilment.homes_to_end_fixes(%(now)s, %(malls)s, %(nows)s)

-- name: forgiven
-- Purchases that failed for an account which was corrected since.
select attempt_id from fulfilment.fix_request
where home_id = %(home)s and order_id = any (%(orders)s) and state = 'corrected'

-- name: fix_terms
select open_minutes, version, set_by, set_at from fulfilment.fix_terms where home_id = %(home)s

-- name: put_fix_terms
-- From the version that was seen; 0: none was.
insert into fulfilment.fix_terms as t (home_id, open_minutes, version, set_by, set_at)
select %(home)s, %(minutes)s, 1, %(by)s, %(at)s
where %(seen)s = 0 or exists (select from fulfilment.fix_terms where home_id = %(home)s)
on conflict (home_id) do update set open_minutes = excluded.open_minutes, version = t.version + 1,
  set_by = excluded.set_by, set_at = excluded.set_at
where t.version = %(seen)s
