-- Statements that are asked for. Reads tenancy.mall (its zone) and ledger.transfer (what we have booked).

-- name: source
select s.by, s.hour, coalesce(s.zone, m.zone), s.pulled_to from settlement.source s
join tenancy.mall m on m.id = s.mall_id
where s.mall_id = %(mall)s and s.connection_id = %(connection)s

-- name: set_source
-- Days before it was first set are nobody's to ask for.
insert into settlement.source as s (mall_id, connection_id, by, hour, zone, pulled_to, set_by, set_at)
values (%(mall)s, %(connection)s, %(by)s, %(hour)s, %(zone)s, %(from)s, %(author)s, %(at)s)
on conflict (mall_id, connection_id) do update set by = excluded.by, hour = excluded.hour, zone = excluded.zone,
  set_by = excluded.set_by, set_at = excluded.set_at

-- name: malls_to_pull
-- Where `plan` or `claim` would find something.
select mall_id from settlement.malls_to_pull(%(now)s, %(malls)s, %(nows)s) order by mall_id

-- name: plan
-- A row for each day that is over and whose hour has come, of those that a process slept through as far back as a month.
with ready as (
  select s.connection_id, s.pulled_to, least(
      (%(now)s::timestamptz at time zone m.zone)::date - 1,
      ((%(now)s::timestamptz at time zone coalesce(s.zone, m.zone)) - make_interval(hours => s.hour))::date - 1) as upto
  from settlement.source s join tenancy.mall m on m.id = s.mall_id
  where s.mall_id = %(mall)s
  order by s.connection_id for update of s
), made as (
  insert into settlement.pull (home_id, connection_id, day, state, due_at, since)
  select %(home)s, r.connection_id, d::date, 'waiting', %(now)s, %(now)s
  from ready r, generate_series(greatest(r.pulled_to + 1, r.upto - 30), r.upto, interval '1 day') d
  where r.pulled_to < r.upto
  on conflict (home_id, connection_id, day) do nothing
)
update settlement.source s set pulled_to = r.upto
from ready r where s.mall_id = %(mall)s and s.connection_id = r.connection_id and r.pulled_to < r.upto

-- name: claim
update settlement.pull p set lease = %(lease)s, leased_until = %(until)s
from (
  select connection_id, day from settlement.pull
  where home_id = %(home)s and state = 'waiting' and due_at <= %(now)s and (leased_until is null or leased_until < %(now)s)
  order by due_at limit %(size)s for update skip locked
) x
where p.home_id = %(home)s and p.connection_id = x.connection_id and p.day = x.day
returning p.connection_id, p.day, p.tries, p.since, p.told_at

-- name: keep
-- Nothing is kept of a day that is done, whoever brought it.
update settlement.pull set leased_until = %(until)s
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'waiting' and lease = %(lease)s

-- name: again
update settlement.pull set tries = tries + 1, due_at = %(due)s, leased_until = null, error = %(error)s,
  told_at = coalesce(told_at, %(told)s)
where home_id = %(home)s and connection_id = %(connection)s and day = %(day)s and state = 'waiting' and lease = %(lease)s

-- name: done
-- Whoever brought it. One that was done stays so.
insert into settlement.pull as p (home_id, connection_id, day, state, due_at, since, ended_at, error)
values (%(home)s, %(connection)s, %(day)s, 'done', %(now)s, %(now)s, %(now)s, %(error)s)
on conflict (home_id, connection_id, day) do update set state = 'done', leased_until = null, ended_at = excluded.ended_at,
  error = excluded.error
where p.state = 'waiting'

-- name: pulls
select p.connection_id, p.day, p.state, p.tries, p.due_at, p.error, p.told_at, p.ended_at from settlement.pull p
where p.home_id = %(home)s and p.connection_id = %(connection)s and p.day < %(before)s
order by p.day desc limit %(size)s

-- name: booked
-- Of these purchases, those that were paid for in our books, and how much.
select id, amount_e4 from ledger.transfer where home_id = %(home)s and id = any (%(ids)s) and kind = 8

-- name: own_organisation
select id from tenancy.organisation where mall_id = %(mall)s and kind = 'mall' order by id limit 1
