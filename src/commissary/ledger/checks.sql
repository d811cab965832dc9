-- The ledger's invariants. Each query returns the rows that break one; none is the only good answer. Run them in one
-- snapshot and as a role that sees all malls. Numbers are those of the list of invariants.

-- name: i1_balances_sum_to_zero
-- en: The balances of a home and currency do not sum to zero
-- zh: 某账套某币种的余额合计不为零
-- Per home and currency, and for our own books and the agent books each for itself.
select home_id, currency, id < 0 as agent_books, sum(balance_e4)::bigint as sum_e4
from ledger.account
group by home_id, currency, id < 0
having sum(balance_e4) <> 0

-- name: i1_balance_is_its_transfers
-- en: An account does not hold what its transfers say
-- zh: 账户余额与其转账流水不符
select a.home_id, a.id, a.balance_e4, coalesce(t.balance, 0)::bigint as by_transfers_e4
from ledger.account a
left join (
  select home_id, id, sum(amount) as balance from (
    select home_id, cr_id as id, amount_e4 as amount from ledger.transfer
    union all
    select home_id, dr_id, -amount_e4 from ledger.transfer
  ) x group by home_id, id
) t on t.home_id = a.home_id and t.id = a.id
where a.balance_e4 <> coalesce(t.balance, 0)

-- name: i1_transfers_join_accounts
-- en: A transfer names an account that is missing, of another currency, or another company’s wallet
-- zh: 转账涉及不存在、币种不同或他人钱包的账户
-- Both sides exist and hold the transfer's currency; a wallet is never passed to another owner's wallet.
select t.home_id, t.id, t.dr_id, t.cr_id, t.currency
from ledger.transfer t
left join ledger.account d on d.home_id = t.home_id and d.id = t.dr_id
left join ledger.account c on c.home_id = t.home_id and c.id = t.cr_id
where d.id is null or c.id is null or d.currency <> t.currency or c.currency <> t.currency
  or (d.kind = 'wallet' and c.kind = 'wallet' and d.owner_id <> c.owner_id)

-- name: i2_free_money_above_floor
-- en: An account has fallen under its floor
-- zh: 账户可用余额低于下限
select home_id, id, balance_e4, held_e4, floor_e4
from ledger.account
where floor_e4 is not null and balance_e4 - held_e4 < floor_e4

-- name: i2_holds_are_what_is_held
-- en: What an account holds back is not the sum of its open holds
-- zh: 账户冻结金额与未结冻结记录不符
select a.home_id, a.id, a.held_e4, coalesce(h.rest, 0)::bigint as by_holds_e4
from ledger.account a
left join (
  select home_id, account_id, sum(amount_e4 - captured_e4 - released_e4) as rest
  from ledger.hold where captured_e4 + released_e4 < amount_e4
  group by home_id, account_id
) h on h.home_id = a.home_id and h.account_id = a.id
where a.held_e4 <> coalesce(h.rest, 0)

-- name: i2_limit_and_floor
-- en: An open account may fall further than its credit limit
-- zh: 未锁定账户的下限超出授信额度
-- A floor under the agreed limit is only for accounts that are locked because of it.
select home_id, id, limit_e4, floor_e4, state, lock_reason
from ledger.account
where kind = 'wallet' and floor_e4 < -limit_e4 and not (state = 'locked' and lock_reason like '%over_limit%')

-- name: i7_refunds_within_payments
-- en: More was refunded for an order than was paid
-- zh: 订单退款超过已付金额
-- Kinds: 1 sale, 2 capture, 3 refund.
select home_id, order_id,
  coalesce(sum(amount_e4) filter (where kind in (1, 2)), 0)::bigint as paid_e4,
  coalesce(sum(amount_e4) filter (where kind = 3), 0)::bigint as refunded_e4
from ledger.transfer
where order_id is not null
group by home_id, order_id
having coalesce(sum(amount_e4) filter (where kind = 3), 0) > coalesce(sum(amount_e4) filter (where kind in (1, 2)), 0)

-- name: i7_reversals_within_transfers
-- en: More of a transfer was reversed than it moved
-- zh: 转账冲正超过原金额
select t.home_id, t.id, t.amount_e4, r.reversed_e4
from (select home_id, transfer_id, sum(amount_e4)::bigint as reversed_e4 from ledger.reversal group by 1, 2) r
join ledger.transfer t on t.home_id = r.home_id and t.id = r.transfer_id
where r.reversed_e4 > t.amount_e4

-- name: captures_are_transfers
-- en: What holds of an order captured is not what was posted
-- zh: 订单冻结划扣与入账金额不符
select h.home_id, h.order_id, h.captured_e4, coalesce(t.captured_e4, 0)::bigint as by_transfers_e4
from (select home_id, order_id, sum(captured_e4) as captured_e4 from ledger.hold where order_id is not null group by 1, 2) h
left join (select home_id, order_id, sum(amount_e4) as captured_e4 from ledger.transfer where kind = 2 group by 1, 2) t
  on t.home_id = h.home_id and t.order_id = h.order_id
where h.captured_e4 <> coalesce(t.captured_e4, 0)

-- name: statements_equal_the_ledger
-- en: A statement does not equal the ledger
-- zh: 对账单与总账不符
select s.home_id, s.id, s.account_id, s.opening_e4, s.debits_e4, s.credits_e4, s.transfers
from ledger.statement s
cross join lateral (
  select
    coalesce(sum(case when t.cr_id = s.account_id then t.amount_e4 else -t.amount_e4 end)
      filter (where t.at < s.from_at), 0) as opening,
    coalesce(sum(t.amount_e4) filter (where t.dr_id = s.account_id and t.at >= s.from_at), 0) as debits,
    coalesce(sum(t.amount_e4) filter (where t.cr_id = s.account_id and t.at >= s.from_at), 0) as credits,
    count(*) filter (where t.at >= s.from_at) as transfers
  from ledger.transfer t
  where t.home_id = s.home_id and s.account_id in (t.dr_id, t.cr_id) and t.at < s.to_at
) l
where (s.opening_e4, s.debits_e4, s.credits_e4, s.transfers) is distinct from
      (l.opening::bigint, l.debits::bigint, l.credits::bigint, l.transfers::integer)

-- name: i1_exchanges_are_posted
-- en: A movement between currencies is not in the ledger as it was told
-- zh: 外币与本币之间的一笔结转与入账不符
-- Both of its legs, and what it realised, each on its own position.
select x.home_id, x.id, x.currency, x.foreign_e4, f.amount_e4 as posted_e4, x.home_e4, x.result_e4
from ledger.exchange x
join tenancy.mall m on m.id = x.home_id >> 10
left join ledger.transfer f on f.home_id = x.home_id and f.id = x.id
left join ledger.account a on a.home_id = f.home_id and a.id = case when x.foreign_e4 > 0 then f.cr_id else f.dr_id end
left join ledger.transfer h on h.home_id = x.home_id and h.id = x.home_transfer_id
left join ledger.account b on b.home_id = h.home_id and b.id = case when x.home_e4 > 0 then h.cr_id else h.dr_id end
left join ledger.transfer r on r.home_id = x.home_id and r.id = x.result_transfer_id
left join ledger.account c on c.home_id = r.home_id and c.id = case when x.result_e4 > 0 then r.cr_id else r.dr_id end
where f.id is null or f.amount_e4 <> abs(x.foreign_e4) or f.currency <> x.currency
  or a.kind <> 'clearing' or a.sub <> 'fx:' || x.currency
  or coalesce(h.amount_e4, 0) <> abs(x.home_e4) or h.currency <> m.currency or b.sub <> 'fx:' || x.currency
  or coalesce(r.amount_e4, 0) <> abs(x.result_e4) or r.currency <> m.currency or c.sub <> 'fx:' || x.currency

-- name: i1_positions_are_their_exchanges
-- en: A position in another currency is not what moved on it, or is closed and still holds money
-- zh: 外币敞口与其结转不符，或已结清却仍有余额
-- Closed in one currency is closed in both; an open one is in the books with the other sign.
select coalesce(a.home_id, x.home_id) as home_id, coalesce(a.currency, x.currency) as currency, a.foreign_e4, a.home_e4,
  x.foreign_e4 as moved_e4, x.home_e4 as booked_e4
from (
  select p.home_id, substr(p.sub, 4) as currency, sum(p.balance_e4) filter (where p.currency = substr(p.sub, 4))::bigint as foreign_e4,
    sum(p.balance_e4) filter (where p.currency <> substr(p.sub, 4))::bigint as home_e4
  from ledger.account p where p.kind = 'clearing' and p.sub like 'fx:%' group by 1, 2
) a
full join (
  select home_id, currency, sum(foreign_e4)::bigint as foreign_e4, sum(home_e4 + result_e4)::bigint as home_e4
  from ledger.exchange group by 1, 2
) x on x.home_id = a.home_id and x.currency = a.currency
where coalesce(a.foreign_e4, 0) <> coalesce(x.foreign_e4, 0) or coalesce(a.home_e4, 0) <> coalesce(x.home_e4, 0)
  or (a.foreign_e4 = 0 and a.home_e4 <> 0) or sign(a.foreign_e4) * sign(a.home_e4) > 0
