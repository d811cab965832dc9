-- Looking through the books: transfers with both their sides, owners with their accounts, who owes since when, and whether it all
-- comes to nothing. Lists are put together of what was asked for. Reads tenancy.organisation and partners.department for names.

-- name: journal_page
select t.id, t.dr_id, t.cr_id, t.amount_e4, t.currency, t.kind, t.order_id, t.memo, t.at
from ledger.transfer t
where {where}
order by {order} limit %(size)s

-- name: own_page
-- Of one account: what it gave and what it got, each by its own index from the newest, so that a long history costs nothing.
select t.id, t.dr_id, t.cr_id, t.amount_e4, t.currency, t.kind, t.order_id, t.memo, t.at
from (
  (select * from ledger.transfer t where t.dr_id = %(account)s and {where} order by {order} limit %(size)s)
  union all
  (select * from ledger.transfer t where t.cr_id = %(account)s and {where} order by {order} limit %(size)s)
) t
order by {order} limit %(size)s

-- name: journal_matching
select {what} from ledger.transfer t where {where}

-- name: of_home
t.home_id = %(home)s

-- name: of_account
(t.dr_id = %(account)s or t.cr_id = %(account)s)

-- name: of_order
t.order_id = %(order)s

-- name: of_kinds
t.kind = any (%(kinds)s::smallint[])

-- name: at_from
t.at >= %(at_from)s

-- name: at_to
t.at < %(at_to)s

-- name: typed
-- A reference, whole.
t.id in (select r.transfer_id from ledger.reference r where r.home_id = %(home)s and r.kind = any (%(named)s::smallint[]) and r.reference = %(q)s)

-- name: typed_number
-- Or the number of a transfer or of an order.
(t.id = %(number)s or t.order_id = %(number)s
  or t.id in (select r.transfer_id from ledger.reference r where r.home_id = %(home)s and r.kind = any (%(named)s::smallint[]) and r.reference = %(q)s))

-- name: beside
-- Under which reference each was posted, and how much of it was turned back.
select t.id, r.reference, coalesce((select sum(v.amount_e4) from ledger.reversal v
  where v.home_id = %(home)s and v.transfer_id = t.id), 0)::bigint
from unnest(%(ids)s::bigint[]) as t (id)
left join ledger.reference r on r.home_id = %(home)s and r.transfer_id = t.id

-- name: named
select a.id, a.owner_id, o.name, o.kind, a.kind, a.sub, d.name, a.currency
from ledger.account a
left join tenancy.organisation o on o.mall_id = %(mall)s and o.id = a.owner_id
left join partners.department d on d.mall_id = %(mall)s and d.organisation_id = a.owner_id and a.sub = 'dept:' || d.id
where a.home_id = %(home)s and a.id = any (%(ids)s::bigint[])

-- name: owners_page
select o.id, o.name, o.kind, o.status
from tenancy.organisation o
where {where}
order by {order} limit %(size)s

-- name: owners_matching
select {what} from tenancy.organisation o where {where}

-- name: has_accounts
o.mall_id = %(mall)s and exists (select from ledger.account a where a.home_id = %(home)s and a.owner_id = o.id)

-- name: owner_kinds
o.kind = any (%(kinds)s::text[])

-- name: owner_typed
position(lower(%(q)s) in lower(o.name)) > 0

-- name: owner_locked
exists (select from ledger.account a where a.home_id = %(home)s and a.owner_id = o.id and a.state = 'locked')

-- name: owner_owes
exists (select from ledger.account a where a.home_id = %(home)s and a.owner_id = o.id and a.kind = 'wallet' and a.balance_e4 < 0)

-- name: accounts_of
select a.id, a.balance_e4, a.held_e4, a.floor_e4, a.state, a.currency, a.owner_id, a.sub, a.kind, a.limit_e4, a.lock_reason,
  d.name, c.terms_days, c.grace_days, c.version
from ledger.account a
left join partners.department d on d.mall_id = %(mall)s and d.organisation_id = a.owner_id and a.sub = 'dept:' || d.id
left join ledger.credit_line c on c.home_id = a.home_id and c.account_id = a.id
where a.home_id = %(home)s and a.owner_id = any (%(owners)s::bigint[])
order by a.owner_id, a.sub, a.kind, a.currency, a.id

-- name: wallets_of
-- What the wallets of all owners that match come to.
select a.currency, sum(a.balance_e4)::bigint, sum(a.held_e4)::bigint, sum(a.limit_e4)::bigint, sum(greatest(0, -a.balance_e4))::bigint
from ledger.account a
where a.home_id = %(home)s and a.kind = 'wallet' and a.owner_id in (select o.id from tenancy.organisation o where {where})
group by a.currency order by a.currency

-- name: debtors_page
select a.id, a.owner_id, o.name, d.name, a.currency, a.balance_e4, a.held_e4, a.limit_e4, a.state, a.lock_reason
from ledger.account a
join tenancy.organisation o on o.mall_id = %(mall)s and o.id = a.owner_id
left join partners.department d on d.mall_id = %(mall)s and d.organisation_id = a.owner_id and a.sub = 'dept:' || d.id
where {where}
order by {order} limit %(size)s

-- name: debtors_matching
select {what} from ledger.account a
join tenancy.organisation o on o.mall_id = %(mall)s and o.id = a.owner_id
where {where}

-- name: owes
a.home_id = %(home)s and a.kind = 'wallet' and a.balance_e4 < 0

-- name: debtor_locked
a.state = 'locked'

-- name: debtor_overdue
exists (select from ledger.statement s where s.home_id = %(home)s and s.account_id = a.id and s.paid_at is null and s.due_e4 > 0
  and s.due_at < %(now)s)

-- name: unpaid
-- Of each statement that is not paid, what is left of it: by the rule that marks one as paid.
select s.account_id, s.due_at, greatest(0, s.due_e4 - (
  select coalesce(sum(t.amount_e4), 0) from ledger.transfer t
  where t.home_id = s.home_id and t.cr_id = s.account_id and t.at >= s.to_at and (t.kind <> %(refund)s or exists (
    select from ledger.transfer o
    where o.home_id = t.home_id and o.dr_id = s.account_id and o.order_id = t.order_id and o.at < s.to_at))))::bigint
from ledger.statement s
where s.home_id = %(home)s and s.account_id = any (%(accounts)s::bigint[]) and s.paid_at is null and s.due_e4 > 0
order by s.account_id, s.to_at

-- name: balance_at
-- From now backwards: what was lately is asked for more often than what was long ago.
select a.balance_e4 - coalesce((select sum(t.amount_e4) from ledger.transfer t
    where t.home_id = a.home_id and t.cr_id = a.id and t.at > %(at)s), 0)::bigint
  + coalesce((select sum(t.amount_e4) from ledger.transfer t
    where t.home_id = a.home_id and t.dr_id = a.id and t.at > %(at)s), 0)::bigint
from ledger.account a where a.home_id = %(home)s and a.id = %(account)s

-- name: trial
-- Our own books and those of principals each for itself; a side is what is below zero, or above.
select a.currency, a.id < 0, a.kind, count(*)::integer, sum(greatest(0, -a.balance_e4))::bigint, sum(greatest(0, a.balance_e4))::bigint
from ledger.account a where a.home_id = %(home)s
group by 1, 2, 3 order by 1, 2, 3

-- name: trial_at
with later as (
  select id, sum(amount) as amount from (
    select t.cr_id as id, t.amount_e4 as amount from ledger.transfer t where t.home_id = %(home)s and t.at > %(at)s
    union all
    select t.dr_id, -t.amount_e4 from ledger.transfer t where t.home_id = %(home)s and t.at > %(at)s
  ) x group by id
), stood as (
  select a.currency, a.id < 0 as agent, a.kind, (a.balance_e4 - coalesce(l.amount, 0))::bigint as balance_e4
  from ledger.account a left join later l on l.id = a.id
  where a.home_id = %(home)s
)
select currency, agent, kind, count(*)::integer, sum(greatest(0, -balance_e4))::bigint, sum(greatest(0, balance_e4))::bigint
from stood group by 1, 2, 3 order by 1, 2, 3
