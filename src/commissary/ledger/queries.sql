-- name: revenue_account
select id from ledger.account
where home_id = %(home)s and kind = 'revenue' and sub = '' and currency = %(currency)s order by id limit 1

-- name: open_account
-- The same account once, however often it is asked for; nothing when it stands already.
insert into ledger.account (home_id, id, owner_id, sub, kind, currency, floor_e4, limit_e4, updated_at)
values (%(home)s, %(id)s, %(owner)s, %(sub)s, %(kind)s, %(currency)s, %(floor)s, %(limit)s, %(at)s)
on conflict (home_id, owner_id, sub, kind, currency) do nothing
returning id

-- name: find_account
select id from ledger.account
where home_id = %(home)s and owner_id = %(owner)s and sub = %(sub)s and kind = %(kind)s and currency = %(currency)s

-- name: lock_accounts
-- In id order, like every lock on accounts.
select id, balance_e4, held_e4, floor_e4, state, currency, owner_id, sub, kind, limit_e4, lock_reason
from ledger.account
where home_id = %(home)s and id = any (%(ids)s)
order by id
for no key update

-- name: account
select id, balance_e4, held_e4, floor_e4, state, currency, owner_id, sub, kind, limit_e4, lock_reason
from ledger.account where home_id = %(home)s and id = %(id)s

-- name: post_batch
select ledger.post_batch(%(home)s, %(at)s, %(accounts)s, %(deltas)s, %(helds)s,
  %(ids)s, %(drs)s, %(crs)s, %(amounts)s, %(kinds)s, %(orders)s, %(currency)s, %(memo)s)

-- name: open_holds
select ledger.open_holds(%(home)s, %(at)s, %(ids)s, %(accounts)s, %(tos)s, %(amounts)s, %(orders)s)

-- name: lock_holds
-- Holds before accounts, each in id order. Placing an order only adds holds, so it never waits for one.
select id, account_id, to_id, amount_e4, captured_e4, released_e4, order_id
from ledger.hold
where home_id = %(home)s and id = any (%(ids)s)
order by id
for no key update

-- name: settle_holds
update ledger.hold h
set captured_e4 = h.captured_e4 + s.captured, released_e4 = h.released_e4 + s.released
from unnest(%(ids)s, %(captured)s, %(released)s) as s (id, captured, released)
where h.home_id = %(home)s and h.id = s.id
