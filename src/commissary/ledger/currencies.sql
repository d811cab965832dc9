-- Reads tenancy.mall and tenancy.organisation: what the mall trades in, and who owns its books.

-- name: known
-- Per currency what is in force and what will be, the newest first; by the index from currency to currency, however long
-- the history is.
with recursive named as (
  (select r.currency from ledger.rate r where r.mall_id = %(mall)s order by r.currency limit 1)
  union all
  select (select r.currency from ledger.rate r where r.mall_id = %(mall)s and r.currency > n.currency order by r.currency limit 1)
  from named n where n.currency is not null
)
select r.id, r.currency, r.rate_e8, r.valid_from, r.source, r.set_by, r.set_at
from named n
cross join lateral (
  (select * from ledger.rate f where f.mall_id = %(mall)s and f.currency = n.currency and f.valid_from <= %(at)s
   order by f.valid_from desc, f.id desc limit 1)
  union all
  select * from ledger.rate f where f.mall_id = %(mall)s and f.currency = n.currency and f.valid_from > %(at)s
) r
where n.currency is not null
order by r.currency, r.valid_from desc, r.id desc

-- name: history
-- Newest first.
select id, currency, rate_e8, valid_from, source, set_by, set_at from ledger.rate
where mall_id = %(mall)s and (%(currency)s::text is null or currency = %(currency)s) and id < %(before)s
order by id desc limit %(size)s

-- name: add_rates
insert into ledger.rate (mall_id, id, currency, rate_e8, valid_from, source, set_by, set_at)
select %(mall)s, n.id, n.currency, n.rate, n.valid_from, %(source)s, %(by)s, %(at)s
from unnest(%(ids)s, %(currencies)s, %(rates)s, %(valid_froms)s) as n (id, currency, rate, valid_from)

-- name: limits
select stale_after_s, jump_bp from ledger.rate_limits where mall_id = %(mall)s

-- name: put_limits
insert into ledger.rate_limits (mall_id, stale_after_s, jump_bp, set_by, set_at)
values (%(mall)s, %(stale)s, %(jump)s, %(by)s, %(at)s)
on conflict (mall_id) do update set stale_after_s = excluded.stale_after_s, jump_bp = excluded.jump_bp, set_by = excluded.set_by,
  set_at = excluded.set_at

-- name: owner
select o.id, m.currency from tenancy.mall m join tenancy.organisation o on o.mall_id = m.id and o.kind = 'mall'
where m.id = %(mall)s order by o.id limit 1

-- name: fx_accounts
select kind, sub, currency, id from ledger.account
where home_id = %(home)s and owner_id = %(owner)s and (kind, left(sub, 2)) in (('clearing', 'fx'), ('adjustment', 'fx'))

-- name: add_exchanges
insert into ledger.exchange (home_id, id, currency, foreign_e4, home_e4, result_e4, rate_id, rate_e8, home_transfer_id,
  result_transfer_id, at)
select %(home)s, n.id, n.currency, n.abroad, n.here, n.result, n.rate_id, n.rate, n.home_transfer, n.result_transfer, %(at)s
from unnest(%(ids)s, %(currencies)s, %(foreigns)s, %(homes)s, %(results)s, %(rate_ids)s, %(rates)s, %(home_transfers)s,
  %(result_transfers)s) as n (id, currency, abroad, here, result, rate_id, rate, home_transfer, result_transfer)

-- name: positions
-- As they stood at an instant.
select currency, sum(foreign_e4)::bigint, sum(home_e4 + result_e4)::bigint from ledger.exchange
where home_id = %(home)s and at <= %(at)s group by currency order by currency

-- name: realised
select currency, count(*) filter (where result_e4 <> 0)::integer, sum(result_e4)::bigint from ledger.exchange
where home_id = %(home)s and at >= %(from)s and at < %(to)s group by currency order by currency
