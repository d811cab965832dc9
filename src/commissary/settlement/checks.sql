-- The suppliers' side of the daily proof: purchases = transfers = what we hold at suppliers, and days that were closed.
-- Each query returns the rows that break it.

-- name: purchases_are_paid
-- en: A purchase from a supplier is not paid as the books say, or paid without having been made
-- zh: 供应商采购与入账不符：未入账、金额或账户不一致，或未采购却已入账
-- Kind 8: purchase. One that was turned back later keeps its transfer.
select a.home_id, a.id as attempt_id, a.connection_id, a.state, coalesce(a.cost_e4, a.unit_cost_e4 * a.quantity) as cost_e4,
  t.amount_e4 as paid_e4
from supply.attempt a
left join ledger.transfer t on t.home_id = a.home_id and t.id = a.id
left join ledger.account p on p.home_id = t.home_id and p.id = t.dr_id
where (a.state in ('succeeded', 'surplus')
    and coalesce(a.cost_e4, a.unit_cost_e4 * a.quantity) <> coalesce(t.amount_e4, 0))
  or (t.id is not null and (a.state in ('calling', 'accepted', 'unknown')
    or t.kind <> 8 or p.kind <> 'prepaid' or p.sub <> a.connection_id::text))

-- name: refunds_of_purchases_are_posted
-- en: What came back of a connection's purchases is not what was posted
-- zh: 某供应商连接的采购退款与入账不符
select coalesce(b.home_id, r.home_id) as home_id, coalesce(b.connection_id, r.connection_id) as connection_id, b.back_e4, r.posted_e4
from (
  select a.home_id, a.connection_id::text as connection_id,
    sum(least(coalesce(nullif(a.refunded_e4, 0), t.amount_e4), t.amount_e4))::bigint as back_e4
  from supply.attempt a join ledger.transfer t on t.home_id = a.home_id and t.id = a.id
  where a.state = 'failed' group by 1, 2
) b
full join (
  select t.home_id, p.sub as connection_id, sum(t.amount_e4)::bigint as posted_e4
  from ledger.transfer t join ledger.account p on p.home_id = t.home_id and p.id = t.cr_id and p.kind = 'prepaid'
  where t.kind = 7 group by 1, 2
) r on r.home_id = b.home_id and r.connection_id = b.connection_id
where b.back_e4 is distinct from r.posted_e4

-- name: supplier_transfers_have_a_reason
-- en: Money moved on a supplier’s account without a purchase, a payment or a decision
-- zh: 供应商账户存在无采购、付款或差异处理依据的转账
select t.home_id, t.id as transfer_id, p.sub as connection_id, t.kind, t.amount_e4
from ledger.account p
join ledger.transfer t on t.home_id = p.home_id and p.id in (t.dr_id, t.cr_id)
where p.kind = 'prepaid' and t.kind <> 7
  and not exists (select from supply.attempt a where a.home_id = t.home_id and a.id = t.id)
  and not exists (select from settlement.payment x where x.home_id = t.home_id and x.id = t.id)
  and not exists (select from settlement.difference x where x.home_id = t.home_id and x.transfer_id = t.id)
  and not exists (select from settlement.claim x where x.home_id = t.home_id and x.transfer_id = t.id)
  and not exists (select from ledger.reference x where x.home_id = t.home_id and x.transfer_id = t.id)

-- name: payments_to_suppliers_are_posted
-- en: A payment to a supplier is not in the ledger as it was told
-- zh: 对供应商的付款与总账不符
select x.home_id, x.id, x.connection_id, x.amount_e4, t.amount_e4 as posted_e4
from settlement.payment x
left join ledger.transfer t on t.home_id = x.home_id and t.id = x.id
left join ledger.account p on p.home_id = t.home_id and p.id = case when x.amount_e4 > 0 then t.cr_id else t.dr_id end
where t.id is null or t.amount_e4 <> abs(x.amount_e4) or p.kind <> 'prepaid' or p.sub <> x.connection_id::text

-- name: resolutions_are_posted
-- en: What was decided about a difference is not what was posted
-- zh: 差异处理结果与入账不符
select d.home_id, d.id, d.connection_id, d.day, d.resolution, d.theirs_e4 - d.ours_e4 as difference_e4, t.amount_e4 as posted_e4
from settlement.difference d
left join ledger.transfer t on t.home_id = d.home_id and t.id = d.id
left join ledger.account p on p.home_id = t.home_id and p.id = case when d.theirs_e4 > d.ours_e4 then t.dr_id else t.cr_id end
where case
  when d.state = 'open' or d.resolution = 'late' or d.theirs_e4 = d.ours_e4 then t.id is not null
  else t.id is null or t.amount_e4 <> abs(d.theirs_e4 - d.ours_e4) or p.kind <> 'prepaid' or p.sub <> d.connection_id::text end

-- name: claims_are_posted
-- en: What we claim from a supplier is not what the account of claims holds
-- zh: 对供应商的争议款与争议账户余额不符
select a.home_id, a.sub, a.balance_e4, coalesce(c.waiting_e4, 0) as waiting_e4
from ledger.account a
left join (
  select home_id, connection_id, sum(amount_e4)::bigint as waiting_e4 from settlement.claim where state = 'waiting' group by 1, 2
) c on c.home_id = a.home_id and a.sub = 'claims:' || c.connection_id
where a.kind = 'clearing' and a.sub like 'claims:%' and a.balance_e4 <> coalesce(c.waiting_e4, 0)

-- name: closed_days_stand
-- en: A day that was closed does not equal the ledger, or its evidence was changed
-- zh: 已结账日期与总账不符，或其证据包被改动
select d.home_id, d.connection_id, d.day, d.opening_e4, d.closing_e4, l.opening, l.closing
from settlement.day d
join tenancy.mall m on m.id = d.home_id >> 10
join ledger.account a on a.home_id = d.home_id and a.kind = 'prepaid' and a.sub = d.connection_id::text
cross join lateral (
  select coalesce(sum(case when t.cr_id = a.id then t.amount_e4 else -t.amount_e4 end)
      filter (where t.at < d.day::timestamp at time zone m.zone), 0)::bigint as opening,
    coalesce(sum(case when t.cr_id = a.id then t.amount_e4 else -t.amount_e4 end), 0)::bigint as closing
  from ledger.transfer t
  where t.home_id = d.home_id and a.id in (t.dr_id, t.cr_id) and t.at < (d.day + 1)::timestamp at time zone m.zone
) l
where d.state = 'closed' and ((d.opening_e4, d.closing_e4) is distinct from (l.opening, l.closing)
  or d.pack_sha256 is distinct from sha256(d.pack))

-- name: foreign_purchases_at_their_rate
-- en: A purchase in another currency does not stand in the books at the rate it was chosen at
-- zh: 外币采购未按其锁定汇率入账
-- And only those have one. What came back stands at the same rate.
select a.home_id, a.id as attempt_id, a.currency, a.rate_e8, x.foreign_e4, x.home_e4
from supply.attempt a
join tenancy.mall m on m.id = a.home_id >> 10
left join ledger.exchange x on x.home_id = a.home_id and x.id = a.id
where (a.currency <> m.currency) <> (a.rate_e8 is not null)
  or (a.rate_e8 is null and x.id is not null)
  or (a.rate_e8 is not null and a.state in ('succeeded', 'surplus')
    and (coalesce(x.foreign_e4, 0), coalesce(x.home_e4, 0)) <> (coalesce(a.cost_e4, a.unit_cost_e4 * a.quantity),
      -ceil(coalesce(a.cost_e4, a.unit_cost_e4 * a.quantity)::numeric * a.rate_e8 / 100000000)::bigint))

-- name: payments_abroad_were_spent
-- en: A payment in another currency did not take from the bank what was told
-- zh: 外币付款的本币支出与入账不符
select p.home_id, p.id, p.connection_id, p.amount_e4, p.spent_e4, x.foreign_e4, x.home_e4
from settlement.payment p
left join ledger.exchange x on x.home_id = p.home_id and x.id = p.id
where (p.spent_e4 is null) <> (x.id is null) or x.foreign_e4 <> -p.amount_e4 or x.home_e4 <> p.spent_e4

-- name: positions_are_what_is_open_abroad
-- en: What stands open in another currency is not what is owed to suppliers in it
-- zh: 外币敞口与以该币种结算的供应商往来不符
-- Every such account beside its position: together they are zero, so that whatever is paid closes both. Where money of that
-- currency is in the till itself, it stands for a part of them.
select a.home_id, a.currency, sum(a.balance_e4) filter (where a.kind <> 'cash')::bigint as sum_e4
from ledger.account a
where a.kind in ('prepaid', 'clearing', 'cash')
  and exists (select from ledger.exchange x where x.home_id = a.home_id and x.currency = a.currency)
group by a.home_id, a.currency
having sum(a.balance_e4) filter (where a.kind <> 'cash') <> 0
  and coalesce(sum(a.balance_e4) filter (where a.kind = 'cash'), 0) = 0
