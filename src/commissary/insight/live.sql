-- What the console hears of by itself. Asked once a second for each mall that somebody listens to, by one process for all of its
-- listeners.

-- name: head
select coalesce((select last_seq from base.outbox_head where home_id = %(home)s), 0)

-- name: jobs
-- Those that move, and those that ended a moment ago.
select id, kind, state, done, total, unit, error, cancel_asked, ended_at from jobs.job
where mall_id = %(mall)s and (state in ('queued', 'running') or ended_at > %(since)s)
order by id desc limit 50

-- name: inbox
-- What waits for somebody's word, of each kind.
select
  (select count(*) from (select from approvals.request r where r.mall_id = %(mall)s and r.expires_at > %(now)s
    and not exists (select from approvals.decision d where d.mall_id = r.mall_id and d.request_id = r.id) limit 1000) n),
  (select count(*) from (select from pricing.proposal where mall_id = %(mall)s and state = 'waiting' limit 1000) n),
  (select count(*) from (select from fulfilment.restock where home_id = %(home)s and state = 'proposed' limit 1000) n),
  (select count(*) from (select from partners.paper where mall_id = %(mall)s and state = 'submitted' limit 1000) n)

-- name: counters
-- A thousand is many: nobody needs them counted further.
select
  (select count(*) from (select from orders.line where home_id = %(home)s and state in ('waiting', 'working') and mode = 'manual'
    limit 1000) n),
  (select count(*) from (select from orders.line where home_id = %(home)s and state = 'review' limit 1000) n),
  (select count(*) from (select from supply.attempt where home_id = %(home)s and people_at is not null limit 1000) n)

-- name: newest_call
select coalesce(max(id), 0) from insight.call where home_id = %(home)s

-- name: new_calls
select organisation_id, count(*), max(id)
from (select organisation_id, id from insight.call where home_id = %(home)s and id > %(after)s order by id limit 1000) n
group by organisation_id

-- name: newest_notice
select coalesce(max(id), 0) from notify.notice where home_id = %(home)s

-- name: new_notices
select organisation_id, kind, count(*), max(id) from notify.notice where home_id = %(home)s and id > %(after)s
group by organisation_id, kind
