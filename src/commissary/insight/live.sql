-- What the console hears of by itself. Asked once a second for each mall that somebody listens to, by one process for all of its
-- listeners.

-- name: head
select coalesce((select last_seq from base.outbox_head where home_id = %(home)s), 0)

-- name: jobs
-- Those that move, and those that ended a moment ago.
select id, kind, state, done, total, unit, error, cancel_asked, ended_at from jobs.job
where mall_id = %(mall)s and (state in ('queued', 'running') or ended_at > %(since)s)
order by id desc limit 50

-- name: counters
-- A thousand is many: nobody needs them counted further.
select
  (select count(*) from (select from orders.line where home_id = %(home)s and state in ('waiting', 'working') and mode = 'manual'
    limit 1000) n),
  (select count(*) from (select from orders.line where home_id = %(home)s and state = 'review' limit 1000) n),
  (select count(*) from (select from supply.attempt where home_id = %(home)s and people_at is not null limit 1000) n)
