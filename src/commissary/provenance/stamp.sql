-- Time stamps on checkpoints.

-- name: claim
-- Of two processes, one asks: the other finds the row moved on.
insert into provenance.stamping as s (home_id, due_at) values (%(home)s, %(until)s)
on conflict (home_id) do update set due_at = excluded.due_at where s.due_at <= %(now)s

-- name: ended
update provenance.stamping set due_at = %(due)s, trouble = %(trouble)s where home_id = %(home)s

-- name: newest
select s.size, s.at, s.response, s.authority, c.note from provenance.stamp s
join provenance.checkpoint c on c.home_id = s.home_id and c.size = s.size
where s.home_id = %(home)s order by s.size desc limit 1

-- name: trouble
select trouble from provenance.stamping where home_id = %(home)s

-- name: add
insert into provenance.stamp (home_id, size, at, response, authority)
values (%(home)s, %(size)s, %(at)s, %(response)s, %(authority)s)
on conflict (home_id, size) do nothing
