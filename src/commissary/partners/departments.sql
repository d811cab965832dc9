-- name: company
-- The buying company of whoever is signed in for it.
select b.id, o.name, o.status, b.tier_id, b.account_id, o.home_id, b.low_balance_e4, b.notes, b.updated_at,
  b.business, b.version
from partners.buyer b join tenancy.organisation o on o.mall_id = b.mall_id and o.id = b.id
where b.mall_id = %(mall)s and b.id = %(id)s

-- name: add_department
insert into partners.department (mall_id, id, organisation_id, name, cost_centre, account_id, month_budget_e4, returns_rest,
  order_limit_e4, month_limit_e4, created_at, updated_at)
values (%(mall)s, %(id)s, %(organisation)s, %(name)s, %(cost_centre)s, %(account)s, %(month_budget_e4)s, %(returns_rest)s,
  %(order_limit_e4)s, %(month_limit_e4)s, %(at)s, %(at)s)

-- name: department
select id, organisation_id, name, cost_centre, account_id, state, month_budget_e4, returns_rest, order_limit_e4, month_limit_e4,
  turned_on, created_at, updated_at, version
from partners.department where mall_id = %(mall)s and organisation_id = %(organisation)s and id = %(id)s

-- name: lock_department
-- Before its accounts.
select id, organisation_id, name, cost_centre, account_id, state, month_budget_e4, returns_rest, order_limit_e4, month_limit_e4,
  turned_on, created_at, updated_at, version
from partners.department where mall_id = %(mall)s and organisation_id = %(organisation)s and id = %(id)s for no key update

-- name: departments
-- Of a company; with `person`, those he belongs to, in the order in which he joined them.
select d.id, d.organisation_id, d.name, d.cost_centre, d.account_id, d.state, d.month_budget_e4, d.returns_rest, d.order_limit_e4,
  d.month_limit_e4, d.turned_on, d.created_at, d.updated_at, d.version
from partners.department d
left join partners.department_member m
  on m.mall_id = d.mall_id and m.department_id = d.id and m.person_id = %(person)s
where d.mall_id = %(mall)s and d.organisation_id = %(organisation)s and (%(person)s::bigint is null or m.person_id is not null)
order by d.state desc, m.joined_at nulls first, d.id limit 500

-- name: set_department
update partners.department set name = %(name)s, cost_centre = %(cost_centre)s, state = %(state)s,
  month_budget_e4 = %(month_budget_e4)s, returns_rest = %(returns_rest)s, order_limit_e4 = %(order_limit_e4)s,
  month_limit_e4 = %(month_limit_e4)s, turned_on = %(turned_on)s, updated_at = %(at)s, version = %(version)s
where mall_id = %(mall)s and id = %(id)s

-- name: due_departments
-- Whose budget of this month is not allotted yet, and the month, in the mall's zone.
select d.id, d.organisation_id, date_trunc('month', %(now)s at time zone m.zone)::date
from partners.department d join tenancy.mall m on m.id = d.mall_id
where d.mall_id = %(mall)s and d.state = 'open' and d.month_budget_e4 is not null
  and (d.turned_on is null or d.turned_on < date_trunc('month', %(now)s at time zone m.zone)::date)
order by d.id

-- name: members
select m.department_id, m.person_id, p.name, m.head, m.order_limit_e4, m.month_limit_e4, m.joined_at
from partners.department_member m join tenancy.person p on p.mall_id = m.mall_id and p.id = m.person_id
where m.mall_id = %(mall)s and m.department_id = %(department)s order by m.head desc, m.joined_at, m.person_id limit 1000

-- name: member
select m.department_id, m.person_id, p.name, m.head, m.order_limit_e4, m.month_limit_e4, m.joined_at
from partners.department_member m join tenancy.person p on p.mall_id = m.mall_id and p.id = m.person_id
where m.mall_id = %(mall)s and m.department_id = %(department)s and m.person_id = %(person)s

-- name: lock_member
select m.department_id, m.person_id, p.name, m.head, m.order_limit_e4, m.month_limit_e4, m.joined_at
from partners.department_member m join tenancy.person p on p.mall_id = m.mall_id and p.id = m.person_id
where m.mall_id = %(mall)s and m.department_id = %(department)s and m.person_id = %(person)s for no key update of m

-- name: is_colleague
select 1 from tenancy.member where mall_id = %(mall)s and organisation_id = %(organisation)s and person_id = %(person)s

-- name: set_member
insert into partners.department_member (mall_id, department_id, person_id, organisation_id, head, order_limit_e4, month_limit_e4,
  joined_at)
values (%(mall)s, %(department)s, %(person)s, %(organisation)s, %(head)s, %(order_limit_e4)s, %(month_limit_e4)s, %(at)s)
on conflict (mall_id, department_id, person_id) do update
set head = excluded.head, order_limit_e4 = excluded.order_limit_e4, month_limit_e4 = excluded.month_limit_e4

-- name: drop_member
delete from partners.department_member
where mall_id = %(mall)s and department_id = %(department)s and person_id = %(person)s
