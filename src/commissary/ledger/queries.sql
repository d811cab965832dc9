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
where h.home_id = %(home)s and h.id = any (%(ids)s) and h.id = s.id

-- name: system_account
select id from ledger.account
where home_id = %(home)s and kind = %(kind)s and sub = '' and currency = %(currency)s order by id limit 1

-- name: list_accounts
select id, balance_e4, held_e4, floor_e4, state, currency, owner_id, sub, kind, limit_e4, lock_reason
from ledger.account
where home_id = %(home)s and (%(owner)s::bigint is null or owner_id = %(owner)s)
  and (%(kind)s::text is null or kind = %(kind)s) and (%(after)s::bigint is null or id > %(after)s)
order by id limit %(size)s

-- name: list_transfers
select id, dr_id, cr_id, amount_e4, currency, kind, order_id, memo, at
from ledger.transfer
where home_id = %(home)s and (dr_id = %(account)s or cr_id = %(account)s)
  and (%(before)s::bigint is null or id < %(before)s)
order by id desc limit %(size)s

-- name: list_transfers_between
select id, dr_id, cr_id, amount_e4, currency, kind, order_id, memo, at
from ledger.transfer
where home_id = %(home)s and (dr_id = %(account)s or cr_id = %(account)s) and at >= %(from)s and at < %(to)s
order by at, id

-- name: transfer
select id, dr_id, cr_id, amount_e4, currency, kind, order_id, memo, at
from ledger.transfer where home_id = %(home)s and id = %(id)s

-- name: add_reference
insert into ledger.reference (home_id, kind, reference, account_id, amount_e4, transfer_id, returns, at)
values (%(home)s, %(kind)s, %(reference)s, %(account)s, %(amount)s, %(transfer)s, %(returns)s, %(at)s)
on conflict (home_id, kind, reference) do nothing

-- name: reference
select account_id, amount_e4, transfer_id, returns from ledger.reference
where home_id = %(home)s and kind = %(kind)s and reference = %(reference)s

-- name: returned
-- What went back to the payer of one recharge so far, and what was turned back of it as a mistake.
select coalesce((select sum(amount_e4) from ledger.reference
    where home_id = %(home)s and kind = %(kind)s and account_id = %(account)s and returns = %(returns)s), 0)::bigint
  + coalesce((select sum(amount_e4) from ledger.reversal
    where home_id = %(home)s and transfer_id = %(transfer)s), 0)::bigint

-- name: reversed
select coalesce(sum(amount_e4), 0)::bigint from ledger.reversal
where home_id = %(home)s and transfer_id = %(transfer)s

-- name: add_reversal
insert into ledger.reversal (home_id, transfer_id, id, amount_e4, at)
values (%(home)s, %(transfer)s, %(id)s, %(amount)s, %(at)s)

-- name: set_credit_line
insert into ledger.credit_line (home_id, account_id, limit_e4, terms_days, grace_days, updated_at)
values (%(home)s, %(account)s, %(limit)s, %(terms)s, %(grace)s, %(at)s)
on conflict (home_id, account_id) do update
set limit_e4 = excluded.limit_e4, terms_days = excluded.terms_days, grace_days = excluded.grace_days,
  updated_at = excluded.updated_at, version = credit_line.version + 1

-- name: credit_line
select account_id, limit_e4, terms_days, grace_days, version from ledger.credit_line
where home_id = %(home)s and account_id = %(account)s

-- name: set_account
update ledger.account
set floor_e4 = %(floor)s, limit_e4 = %(limit)s, state = %(state)s, lock_reason = %(reason)s, updated_at = %(at)s
where home_id = %(home)s and id = %(id)s

-- name: sums
-- Before the period and in it. Debits are what the account gave, credits what it got.
select
  coalesce(sum(case when at < %(from)s then case when cr_id = %(account)s then amount_e4 else -amount_e4 end end), 0)::bigint,
  coalesce(sum(amount_e4) filter (where at >= %(from)s and dr_id = %(account)s), 0)::bigint,
  coalesce(sum(amount_e4) filter (where at >= %(from)s and cr_id = %(account)s), 0)::bigint,
  (count(*) filter (where at >= %(from)s))::integer
from (
  select at, amount_e4, dr_id, cr_id from ledger.transfer where home_id = %(home)s and dr_id = %(account)s and at < %(to)s
  union all
  select at, amount_e4, dr_id, cr_id from ledger.transfer where home_id = %(home)s and cr_id = %(account)s and at < %(to)s
) t

-- name: last_statement_end
select max(to_at) from ledger.statement where home_id = %(home)s and account_id = %(account)s

-- name: add_statement
insert into ledger.statement (home_id, id, account_id, from_at, to_at, opening_e4, closing_e4, debits_e4, credits_e4,
  transfers, due_e4, due_at, paid_at, made_at)
values (%(home)s, %(id)s, %(account)s, %(from)s, %(to)s, %(opening)s, %(closing)s, %(debits)s, %(credits)s,
  %(transfers)s, %(due)s, %(due_at)s, %(paid_at)s, %(made_at)s)

-- name: statement
select id, account_id, from_at, to_at, opening_e4, closing_e4, debits_e4, credits_e4, transfers, due_e4, due_at, paid_at,
  made_at
from ledger.statement where home_id = %(home)s and id = %(id)s

-- name: list_statements
select id, account_id, from_at, to_at, opening_e4, closing_e4, debits_e4, credits_e4, transfers, due_e4, due_at, paid_at,
  made_at
from ledger.statement
where home_id = %(home)s and (%(account)s::bigint is null or account_id = %(account)s)
  and (%(before)s::bigint is null or id < %(before)s)
order by id desc limit %(size)s

-- name: mark_paid
-- A statement is paid when what came in after its end covers what was due. A refund counts when its order was sold
-- before that end: it takes back a debt of the statement; a refund of a later order only takes back a later one.
update ledger.statement s
set paid_at = %(at)s
where s.home_id = %(home)s and s.account_id = %(account)s and s.paid_at is null and s.due_e4 <= (
  select coalesce(sum(t.amount_e4), 0) from ledger.transfer t
  where t.home_id = s.home_id and t.cr_id = s.account_id and t.at >= s.to_at and (t.kind <> %(refund)s or exists (
    select from ledger.transfer o
    where o.home_id = t.home_id and o.dr_id = s.account_id and o.order_id = t.order_id and o.at < s.to_at)))

-- name: is_overdue
select exists (
  select from ledger.statement s
  left join ledger.credit_line c on c.home_id = s.home_id and c.account_id = s.account_id
  where s.home_id = %(home)s and s.account_id = %(account)s and s.paid_at is null and s.due_e4 > 0
    and s.due_at + coalesce(c.grace_days, 0) * interval '1 day' < %(now)s)

-- name: accounts_to_review
-- Whose lock may have to come or go: something overdue, or locked for money.
select a.id from ledger.account a
where a.home_id = %(home)s and a.kind = 'wallet' and (
  (a.state = 'locked' and a.lock_reason <> 'manual')
  or exists (select from ledger.statement s where s.home_id = a.home_id and s.account_id = a.id
    and s.paid_at is null and s.due_e4 > 0 and s.due_at < %(now)s))
order by a.id

-- name: rebuild
-- Every balance once more, from the transfers and holds alone; the accounts whose cache says otherwise.
select a.id, a.balance_e4, coalesce(t.balance, 0)::bigint, a.held_e4, coalesce(h.held, 0)::bigint
from ledger.account a
left join (
  select id, sum(amount) as balance from (
    select cr_id as id, amount_e4 as amount from ledger.transfer where home_id = %(home)s
    union all
    select dr_id, -amount_e4 from ledger.transfer where home_id = %(home)s
  ) x group by id
) t on t.id = a.id
left join (
  select account_id as id, sum(amount_e4 - captured_e4 - released_e4) as held
  from ledger.hold where home_id = %(home)s and captured_e4 + released_e4 < amount_e4 group by account_id
) h on h.id = a.id
where a.home_id = %(home)s
  and (a.balance_e4 <> coalesce(t.balance, 0) or a.held_e4 <> coalesce(h.held, 0))
order by a.id

-- name: rearm_low_balances
delete from ledger.low_balance l
where l.home_id = %(home)s and not exists (
  select from ledger.account a
  join partners.buyer b on b.mall_id = %(mall)s and b.account_id = a.id
  where a.home_id = l.home_id and a.id = l.account_id and a.balance_e4 - a.held_e4 - a.floor_e4 < b.low_balance_e4)

-- name: tell_low_balances
-- One row per wallet that is low and was not told of; a copy of this statement at the same time finds nothing new.
insert into ledger.low_balance (home_id, account_id, told_at)
select a.home_id, a.id, %(at)s
from partners.buyer b
join ledger.account a on a.home_id = %(home)s and a.id = b.account_id
where b.mall_id = %(mall)s and b.low_balance_e4 is not null and a.state <> 'closed'
  and a.balance_e4 - a.held_e4 - a.floor_e4 < b.low_balance_e4
order by a.id
on conflict (home_id, account_id) do nothing
returning account_id

-- name: low_facts
-- With the mall's own organisation: the owner of its revenue.
select a.id, a.owner_id, a.balance_e4 - a.held_e4 - a.floor_e4, b.low_balance_e4, a.currency,
  (select r.owner_id from ledger.account r
   where r.home_id = a.home_id and r.kind = 'revenue' and r.currency = a.currency limit 1)
from ledger.account a join partners.buyer b on b.mall_id = %(mall)s and b.account_id = a.id
where a.home_id = %(home)s and a.id = any (%(ids)s) order by a.id
