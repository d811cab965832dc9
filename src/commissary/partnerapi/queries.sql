-- name: numbers
-- All of a mall: as many as it has goods and brands.
select number, thing_id from partnerapi.number where mall_id = %(mall)s

-- name: lock_numbers
-- Two lists at once would give one number to two things.
select pg_advisory_xact_lock(%(mall)s)

-- name: add_numbers
insert into partnerapi.number (mall_id, number, thing_id)
select %(mall)s, coalesce((select max(number) from partnerapi.number where mall_id = %(mall)s), 1000) + t.i, t.id
from unnest(%(things)s) with ordinality as t (id, i)
on conflict do nothing

-- name: mall
select name, currency from tenancy.mall where id = %(mall)s

-- name: application
select app_id, secret from partnerapi.application where mall_id = %(mall)s and face = %(face)s

-- name: set_application
insert into partnerapi.application (mall_id, face, app_id, secret, set_at)
values (%(mall)s, %(face)s, %(app_id)s, %(secret)s, %(at)s)
on conflict (mall_id, face) do update set app_id = excluded.app_id, secret = excluded.secret, set_at = excluded.set_at

-- name: wish
-- A newer event of an order takes the place of the one before it; the same one again changes nothing.
insert into partnerapi.callback as c (home_id, order_id, face, key_id, url, n, due_at)
select %(home)s, w.order_id, w.face, w.key_id, w.url, w.n, %(now)s
from unnest(%(orders)s, %(faces)s, %(keys)s, %(urls)s, %(ns)s) as w (order_id, face, key_id, url, n)
on conflict (home_id, order_id) do update set n = excluded.n, attempts = 0, due_at = excluded.due_at, lease = 0
where c.n < excluded.n

-- name: homes_due
select home_id from partnerapi.homes_due(%(now)s) order by home_id

-- name: lease
update partnerapi.callback c set due_at = %(until)s, lease = %(lease)s
where c.home_id = %(home)s and c.order_id = any (array(
  select order_id from partnerapi.callback where home_id = %(home)s and due_at <= %(now)s
  order by due_at limit %(most)s for update skip locked))
returning c.order_id, c.face, c.key_id, c.url, c.n, c.attempts

-- name: heard
-- What became of the order meanwhile took the lease away: then its row stays.
delete from partnerapi.callback where home_id = %(home)s and order_id = %(order)s and lease = %(lease)s

-- name: again
update partnerapi.callback set attempts = attempts + 1, due_at = %(due)s, lease = 0
where home_id = %(home)s and order_id = %(order)s and lease = %(lease)s
