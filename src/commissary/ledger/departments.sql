-- name: left_in_closed
-- What came back to the wallets of closed departments, with their company's wallet. Reads partners.
select a.id, b.account_id
from partners.department d
join partners.buyer b on b.mall_id = d.mall_id and b.id = d.organisation_id
join ledger.account a on a.home_id = %(home)s and a.id = d.account_id
where d.mall_id = %(mall)s and d.state = 'closed' and a.balance_e4 - a.held_e4 > 0
order by a.id limit 500

-- name: spent
-- By wallet, since the month began in the mall's zone: sales (1) and captures (2), less refunds (3).
with since as (
  select date_trunc('month', %(now)s at time zone m.zone) at time zone m.zone as at from tenancy.mall m where m.id = %(mall)s
), moved as (
  select t.dr_id as id, t.amount_e4 as e4 from ledger.transfer t, since
  where t.home_id = %(home)s and t.dr_id = any (%(ids)s) and t.kind in (1, 2) and t.at >= since.at
  union all
  select t.cr_id, -t.amount_e4 from ledger.transfer t, since
  where t.home_id = %(home)s and t.cr_id = any (%(ids)s) and t.kind = 3 and t.at >= since.at
)
select id, sum(e4)::bigint from moved group by id
