-- name: append
select provenance.append(%(home)s, %(at)s, %(subjects)s, %(ns)s, %(kinds)s, %(bodies)s, %(salts)s, %(leaves)s)

-- name: next_n
select provenance.next_n(%(home)s, %(subject)s)

-- name: next_ns
-- Of many subjects at once; one without events is left out.
select subject_id, max(n) + 1 from provenance.event
where home_id = %(home)s and subject_id = any (%(subjects)s) group by subject_id

-- name: events
-- Of one subject, with their places in the log.
select e.n, e.kind, e.at, e.body, e.salt, e.leaf, l.position
from provenance.event e
left join provenance.leaf l on l.home_id = e.home_id and l.subject_id = e.subject_id and l.n = e.n
where e.home_id = %(home)s and e.subject_id = %(subject)s order by e.n

-- name: recalled
-- Which of these orders have a recall of that batch on record. The body is one canonical text.
select distinct subject_id from provenance.event
where home_id = %(home)s and subject_id = any (%(orders)s) and kind = 8 and position(%(mark)s in body) > 0

-- The sequencer.

-- name: homes_behind
select home_id from provenance.homes_behind()

-- name: found
insert into provenance.head (home_id, origin, founded_at) values (%(home)s, %(origin)s, %(at)s)
on conflict (home_id) do nothing

-- name: hold_head
-- The fence: whoever has it appends and signs, until commit. No row: another has it, or there is no log yet.
select origin, size, signed, swept_to from provenance.head where home_id = %(home)s for no key update skip locked

-- name: position
select seq from base.outbox_position where home_id = %(home)s and consumer = %(consumer)s

-- name: outbox
-- In commit order: whoever reads a row sees what was committed with it. The first one whatever its size.
select seq, events from (
  select seq, events, sum(octet_length(events)) over (order by seq) - octet_length(events) as before
  from (
    select seq, events from base.outbox where home_id = %(home)s and seq > %(after)s order by seq limit %(most)s
  ) x
) y
where before < %(bytes)s order by seq

-- name: older_subjects
select subject_id from provenance.event where home_id = %(home)s and subject_id > %(after)s
group by subject_id order by subject_id limit %(most)s

-- name: sequence
-- Every event of these subjects that has no place yet gets the next one; their leaf hashes in that order. Hashing is done
-- here, so that the process that places orders does not wait for it. Written so that each subject and each event is looked
-- up by its key whatever the planner believes: without statistics it reads the whole log for every step.
with fresh as (
  select w.subject as subject_id, e.n, e.leaf, %(size)s::bigint - 1 + row_number() over (order by w.place, e.n) as position
  from unnest(%(subjects)s::bigint[]) with ordinality as w (subject, place)
  cross join lateral (
    select e.n, e.leaf from provenance.event e where e.home_id = %(home)s and e.subject_id = w.subject offset 0
  ) e
  where (
    select l.n from provenance.leaf l where l.home_id = %(home)s and l.subject_id = w.subject and l.n = e.n) is null
), added as (
  insert into provenance.leaf (home_id, position, subject_id, n)
  select %(home)s, f.position, f.subject_id, f.n from fresh f
)
select count(*), coalesce(string_agg(sha256('\x00'::bytea || f.leaf), ''::bytea order by f.position), ''::bytea) from fresh f

-- name: tiles
select t.level, t.number, t.hashes
from unnest(%(levels)s::smallint[], %(numbers)s::bigint[]) as w (level, number)
join provenance.tile t on t.home_id = %(home)s and t.level = w.level and t.number = w.number

-- name: write_tiles
-- A tile only gets longer: what stands there stays.
insert into provenance.tile as t (home_id, level, number, hashes)
select %(home)s, n.level, n.number, n.hashes
from unnest(%(levels)s::smallint[], %(numbers)s::bigint[], %(hashes)s::bytea[]) as n (level, number, hashes)
on conflict (home_id, level, number) do update set hashes = excluded.hashes
  where substring(excluded.hashes for length(t.hashes)) = t.hashes

-- name: grow
update provenance.head set size = %(size)s where home_id = %(home)s and size = %(seen)s

-- name: set_swept
update provenance.head set swept_to = %(to)s where home_id = %(home)s

-- Checkpoints.

-- name: signer
select name, sealed from provenance.signer where home_id = %(home)s and part = %(part)s

-- name: add_signer
insert into provenance.signer (home_id, part, name, public, sealed, made_at)
values (%(home)s, %(part)s, %(name)s, %(public)s, %(sealed)s, %(at)s)
on conflict (home_id, part) do nothing

-- name: public_keys
select part, name, public from provenance.signer where home_id = %(home)s

-- name: add_checkpoint
insert into provenance.checkpoint (home_id, size, root, note, at) values (%(home)s, %(size)s, %(root)s, %(note)s, %(at)s)

-- name: set_signed
update provenance.head set signed = %(size)s where home_id = %(home)s and signed < %(size)s

-- name: checkpoint
-- The newest, or that of a size.
select h.origin, c.size, c.root, c.note, c.at from provenance.head h
join provenance.checkpoint c on c.home_id = h.home_id and c.size = coalesce(%(size)s::bigint, h.signed)
where h.home_id = %(home)s

-- name: cosignatures
select c.line, w.vkey from provenance.cosignature c
join provenance.witness w on w.home_id = c.home_id and w.id = c.witness_id
where c.home_id = %(home)s and c.size = %(size)s order by c.witness_id

-- name: commitments
select e.leaf from provenance.leaf l
join provenance.event e on e.home_id = l.home_id and e.subject_id = l.subject_id and e.n = l.n
where l.home_id = %(home)s and l.position >= %(first)s and l.position < %(first)s + %(count)s order by l.position

-- name: homes_signed
select home_id, origin, signed from provenance.homes_signed()

-- Witnesses of ours, and those whose witness we are.

-- name: homes_unwitnessed
select home_id from provenance.homes_unwitnessed()

-- name: add_witness
insert into provenance.witness (home_id, id, url, vkey) values (%(home)s, %(id)s, %(url)s, %(vkey)s)
on conflict (home_id, vkey) do nothing

-- name: witnesses
select id, url, vkey, size, asked_at, trouble from provenance.witness where home_id = %(home)s order by id

-- name: saw
update provenance.witness set size = %(size)s, asked_at = %(at)s, trouble = %(trouble)s
where home_id = %(home)s and id = %(id)s

-- name: add_cosignature
insert into provenance.cosignature (home_id, size, witness_id, line, at)
values (%(home)s, %(size)s, %(witness)s, %(line)s, %(at)s)
on conflict do nothing

-- name: watch
insert into provenance.watched (home_id, origin, vkey, at) values (%(home)s, %(origin)s, %(vkey)s, %(at)s)
on conflict (home_id, origin) do nothing

-- name: watched_key
select vkey from provenance.watched where home_id = %(home)s and origin = %(origin)s

-- name: hold_watched
select size, root from provenance.watched where home_id = %(home)s and origin = %(origin)s for update

-- name: set_watched
update provenance.watched set size = %(size)s, root = %(root)s, note = %(note)s, at = %(at)s
where home_id = %(home)s and origin = %(origin)s
