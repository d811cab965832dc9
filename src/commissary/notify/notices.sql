-- What people are told of.

-- name: add
insert into notify.notice (home_id, id, organisation_id, kind, subject_id, about, event_seq, event_no, at)
select %(home)s, n.id, n.owner, n.kind, n.subject, n.about::jsonb, n.seq, n.no, %(now)s
from unnest(%(ids)s::bigint[], %(owners)s::bigint[], %(kinds)s::text[], %(subjects)s::bigint[], %(abouts)s::text[],
  %(seqs)s::bigint[], %(nos)s::int[]) as n (id, owner, kind, subject, about, seq, no)
on conflict (home_id, event_seq, event_no) do nothing

-- name: page
select n.id, n.kind, n.subject_id, n.about, n.at, n.id > coalesce(
  (select s.up_to from notify.notice_seen s
   where s.mall_id = %(mall)s and s.person_id = %(person)s and s.organisation_id = %(organisation)s), 0)
from notify.notice n
where n.home_id between %(first_home)s and %(last_home)s and n.organisation_id = %(organisation)s
  and n.kind = any (%(kinds)s) and (%(before)s::bigint is null or n.id < %(before)s)
order by n.id desc limit %(size)s

-- name: unseen
select count(*) from (
  select from notify.notice n
  where n.home_id between %(first_home)s and %(last_home)s and n.organisation_id = %(organisation)s
    and n.kind = any (%(kinds)s) and n.id > coalesce(
      (select s.up_to from notify.notice_seen s
       where s.mall_id = %(mall)s and s.person_id = %(person)s and s.organisation_id = %(organisation)s), 0)
  limit %(most)s
) n

-- name: see
insert into notify.notice_seen as s (mall_id, person_id, organisation_id, up_to)
values (%(mall)s, %(person)s, %(organisation)s, %(up_to)s)
on conflict (mall_id, person_id, organisation_id) do update set up_to = greatest(s.up_to, excluded.up_to)

-- name: prune
delete from notify.notice n using (
  select home_id, id from notify.notice
  where home_id between %(first_home)s and %(last_home)s and at < %(before)s limit %(most)s
) gone where n.home_id = gone.home_id and n.id = gone.id
