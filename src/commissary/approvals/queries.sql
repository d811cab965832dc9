-- Requests for a second person. Every row of a request, a decision and a comment is written once.

-- name: one_at_a_time
-- Two who decide about one request go one after the other; its decision's key is what keeps the second out.
select pg_advisory_xact_lock(%(id)s)

-- name: rules
select act, mode, above_e4, above_count, above_bp, role, due_minutes, version, set_by, set_at from approvals.rule
where mall_id = %(mall)s and (%(acts)s::text[] is null or act = any (%(acts)s::text[]))

-- name: put_rule
-- None comes back when somebody else was faster.
insert into approvals.rule (mall_id, act, mode, above_e4, above_count, above_bp, role, due_minutes, version, set_by, set_at)
select %(mall)s, %(act)s, %(mode)s, %(above_e4)s, %(above_count)s, %(above_bp)s, %(role)s, %(due_minutes)s, %(seen)s + 1, %(by)s, %(at)s
where %(seen)s = 0 or exists (select from approvals.rule r where r.mall_id = %(mall)s and r.act = %(act)s and r.version = %(seen)s)
on conflict (mall_id, act) do update
set mode = excluded.mode, above_e4 = excluded.above_e4, above_count = excluded.above_count, above_bp = excluded.above_bp,
  role = excluded.role, due_minutes = excluded.due_minutes, version = excluded.version, set_by = excluded.set_by,
  set_at = excluded.set_at
where rule.version = %(seen)s
returning act, mode, above_e4, above_count, above_bp, role, due_minutes, version, set_by, set_at

-- name: add_request
insert into approvals.request (mall_id, id, act, kind, subject, maker_id, organisation_id, maker_ip, reason, payload, holds,
  before, after, amount_e4, currency, weight_e4, count, unit, move_bp, role, seal, asked_at, due_at, expires_at)
values (%(mall)s, %(id)s, %(act)s, %(kind)s, %(subject)s, %(maker_id)s, %(organisation_id)s, %(maker_ip)s, %(reason)s,
  %(payload)s, %(holds)s, %(before)s, %(after)s, %(amount_e4)s, %(currency)s, %(weight_e4)s, %(count)s, %(unit)s, %(move_bp)s,
  %(role)s, %(seal)s, %(asked_at)s, %(due_at)s, %(expires_at)s)

-- name: requests
-- Newest first; the oldest clock first for what is open. `ids`: these only.
select r.id, r.act, r.kind, r.subject, r.maker_id, r.organisation_id, r.maker_ip, r.reason, r.payload, r.holds, r.before, r.after,
  r.amount_e4, r.currency, r.weight_e4, r.count, r.unit, r.move_bp, r.role, r.seal, r.asked_at, r.due_at, r.expires_at,
  d.state, d.decided_by, d.instead_of, d.comment, d.failure, d.result, d.decided_at
from approvals.request r
left join approvals.decision d on d.mall_id = r.mall_id and d.request_id = r.id
where r.mall_id = %(mall)s
  and (%(ids)s::bigint[] is null or r.id = any (%(ids)s::bigint[]))
  and (%(maker)s::bigint is null or r.maker_id = %(maker)s)
  and (%(open)s::boolean is null or (d.request_id is null) = %(open)s)
  and (%(mentions)s::bigint is null or exists (select from approvals.mention m
    where m.mall_id = r.mall_id and m.request_id = r.id and m.person_id = %(mentions)s))
  and (%(before)s::bigint is null or r.id < %(before)s)
order by r.id desc limit %(size)s

-- name: same_open
-- The same act asked for again while the first waits.
select r.id from approvals.request r
where r.mall_id = %(mall)s and r.maker_id = %(maker)s and r.kind = %(kind)s and r.payload = %(payload)s
  and r.holds = %(holds)s and r.expires_at > %(now)s
  and not exists (select from approvals.decision d where d.mall_id = r.mall_id and d.request_id = r.id)
order by r.id desc limit 1

-- name: waiting_for
-- The newest request of a kind about a subject that still waits; not older than what it is about, so that few are read.
select r.id from approvals.request r
where r.mall_id = %(mall)s and r.id > %(after)s and r.kind = %(kind)s and r.subject = %(subject)s and r.expires_at > %(now)s
  and not exists (select from approvals.decision d where d.mall_id = r.mall_id and d.request_id = r.id)
order by r.id desc limit 1

-- name: add_lines
insert into approvals.line (mall_id, request_id, n, subject, place, before, after, currency, move_bp, warning)
select %(mall)s, %(id)s, %(after)s + l.n, l.one ->> 'subject', l.one ->> 'place', l.one ->> 'before', l.one ->> 'after', l.one ->> 'currency',
  (l.one ->> 'move_bp')::integer, l.one ->> 'warning'
from jsonb_array_elements(%(lines)s) with ordinality as l (one, n)

-- name: lines
select n, subject, place, before, after, currency, move_bp, warning from approvals.line
where mall_id = %(mall)s and request_id = %(id)s and n > %(after)s and (not %(warned)s or warning <> '')
order by n limit %(size)s

-- name: add_decision
insert into approvals.decision (mall_id, request_id, maker_id, state, decided_by, instead_of, comment, failure, result, decided_at)
values (%(mall)s, %(id)s, %(maker)s, %(state)s, %(by)s, %(instead_of)s, %(comment)s, %(failure)s, %(result)s, %(at)s)
on conflict (mall_id, request_id) do nothing

-- name: expire
with late as (
  select r.mall_id, r.id, r.maker_id from approvals.request r
  where r.mall_id = %(mall)s and r.expires_at <= %(now)s
    and not exists (select from approvals.decision d where d.mall_id = r.mall_id and d.request_id = r.id)
)
insert into approvals.decision (mall_id, request_id, maker_id, state, decided_at)
select mall_id, id, maker_id, 'expired', %(now)s from late
on conflict (mall_id, request_id) do nothing
returning request_id

-- name: comments
select c.id, c.person_id, c.words, c.at,
  array(select m.person_id from approvals.mention m where m.mall_id = c.mall_id and m.comment_id = c.id order by m.person_id)
from approvals.comment c
where c.mall_id = %(mall)s and c.request_id = %(id)s order by c.id limit 500

-- name: add_mentions
insert into approvals.mention (mall_id, person_id, comment_id, request_id)
select %(mall)s, p.person, %(comment)s, %(id)s from unnest(%(people)s::bigint[]) as p (person)

-- name: mentioned_at
-- When each of these requests last called upon him.
select m.request_id, max(c.at) from approvals.mention m
join approvals.comment c on c.mall_id = m.mall_id and c.id = m.comment_id
where m.mall_id = %(mall)s and m.person_id = %(person)s and m.request_id = any (%(ids)s)
group by m.request_id

-- name: add_comment
insert into approvals.comment (mall_id, id, request_id, person_id, words, at)
values (%(mall)s, %(comment)s, %(id)s, %(person)s, %(words)s, %(at)s)

-- name: delegates
select person_id, delegate_id, from_at, until_at from approvals.delegate
where mall_id = %(mall)s and until_at > %(now)s order by person_id

-- name: put_delegate
insert into approvals.delegate (mall_id, person_id, delegate_id, from_at, until_at, set_at)
values (%(mall)s, %(person)s, %(delegate)s, %(from_at)s, %(until_at)s, %(now)s)
on conflict (mall_id, person_id) do update
set delegate_id = excluded.delegate_id, from_at = excluded.from_at, until_at = excluded.until_at, set_at = excluded.set_at

-- name: drop_delegate
delete from approvals.delegate where mall_id = %(mall)s and person_id = %(person)s
returning person_id, delegate_id, from_at, until_at
