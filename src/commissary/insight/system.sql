-- The installation as this mall sees it. Reads jobs.job, base.outbox with its readers, and the record of migrations.

-- name: installation
select current_setting('server_version'), pg_database_size(current_database()), count(*)::integer, max(m.name), max(m.at),
  (select count(*)::integer from base.node n where n.expires_at > %(now)s)
from base.applied m

-- name: queue
select (count(*) filter (where j.state = 'queued'))::integer, (count(*) filter (where j.state = 'running'))::integer,
  (count(*) filter (where j.state = 'failed' and j.ended_at >= %(since)s))::integer, min(j.created_at) filter (where j.state = 'queued')
from jobs.job j
where j.mall_id = %(mall)s and (j.state in ('queued', 'running') or j.id >= %(first_id)s)

-- name: readers
-- Who reads the events of this mall, and how far behind each is.
select p.consumer, sum(h.last_seq - p.seq)::bigint, min((
  select o.at from base.outbox o where o.home_id = p.home_id and o.seq > p.seq order by o.seq limit 1))
from base.outbox_position p
join base.outbox_head h on h.home_id = p.home_id
where p.home_id between %(first)s and %(last)s
group by p.consumer order by 2 desc, 1
