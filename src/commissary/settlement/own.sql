-- What a supplier's own people see of the settlement with him, and what they say against it.

-- name: lines
-- Each beside our books: what no difference is about is in them as it is here.
select l.line_no, l.ref, l.supplier_ref, l.article, l.quantity, l.amount_e4, l.status, l.at, coalesce(d.kind, 'matched'),
  coalesce(d.ours_e4, l.amount_e4), d.state, d.resolution,
  (select o.state from settlement.objection o where o.home_id = l.home_id and o.connection_id = %(connection)s
    and o.day = %(day)s and o.statement_id = l.statement_id and o.line_no = l.line_no order by o.id desc limit 1)
from settlement.line l
left join settlement.difference d on d.home_id = l.home_id and d.statement_id = l.statement_id and d.line_no = l.line_no
  and d.day = %(day)s
where l.home_id = %(home)s and l.statement_id = %(id)s and l.line_no > %(after)s order by l.line_no limit %(size)s

-- name: line_is_there
select 1 from settlement.line where home_id = %(home)s and statement_id = %(id)s and line_no = %(line)s

-- name: purchase_differs
select 1 from settlement.difference
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and attempt_id = %(attempt)s limit 1

-- name: add_objection
insert into settlement.objection (home_id, id, connection_id, supplier_id, day, statement_id, line_no, attempt_id, note,
  opened_by, opened_at)
values (%(home)s, %(id)s, %(connection)s, %(supplier)s, %(day)s, %(statement)s, %(line)s, %(attempt)s, %(note)s, %(by)s, %(at)s)
on conflict do nothing

-- name: keep_file
update settlement.objection set file_name = %(name)s, file_sha256 = %(sha256)s, file_bytes = %(bytes)s, file = %(sealed)s
where home_id = %(home)s and id = %(id)s and state = 'open'

-- name: file
select file from settlement.objection where home_id = %(home)s and id = %(id)s

-- name: answer_objection
-- One of two at the same time: the other finds it answered.
update settlement.objection set state = %(state)s, reply = %(reply)s, answered_by = %(by)s, answered_at = %(at)s
where home_id = %(home)s and id = %(id)s and state = 'open'

-- name: objections
-- Newest first; with what differs there, as the day was matched last.
select o.id, o.connection_id, o.supplier_id, g.name, o.day, o.line_no, o.attempt_id, o.note, o.file_name, o.file_sha256,
  o.file_bytes, o.state, o.reply, o.opened_at, o.answered_at, d.id, d.kind, d.ours_e4, d.theirs_e4, c.currency
from settlement.objection o
join supply.connection c on c.mall_id = %(mall)s and c.id = o.connection_id
join tenancy.organisation g on g.mall_id = %(mall)s and g.id = o.supplier_id
left join lateral (
  select x.id, x.kind, x.ours_e4, x.theirs_e4 from settlement.difference x
  where x.home_id = o.home_id and x.connection_id = o.connection_id and x.day = o.day
    and ((x.statement_id = o.statement_id and x.line_no = o.line_no) or x.attempt_id = o.attempt_id)
  order by x.id limit 1
) d on true
where o.home_id = %(home)s and (%(supplier)s::bigint is null or o.supplier_id = %(supplier)s)
  and (%(connection)s::bigint is null or o.connection_id = %(connection)s)
  and (%(state)s::text is null or o.state = %(state)s) and (%(id)s::bigint is null or o.id = %(id)s)
  and o.id < %(before)s
order by o.id desc limit %(size)s
