-- Departments of a buying company: each has a wallet of its own, members who buy from it, and perhaps a budget a month.

create table partners.department (
  mall_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  name text not null check (length(name) between 1 and 80),
  cost_centre text not null default '' check (length(cost_centre) <= 40),
  account_id bigint not null,                  -- its wallet: `sub` is dept:<id>
  state text not null default 'open' check (state in ('open', 'closed')),
  month_budget_e4 bigint check (month_budget_e4 > 0),
  returns_rest boolean not null default false, -- what is left at the month's turn goes back to the company
  order_limit_e4 bigint not null default 0 check (order_limit_e4 >= 0),   -- what a member buys alone: an order,
  month_limit_e4 bigint not null default 0 check (month_limit_e4 >= 0),   -- and all of a month
  turned_on date,                              -- the month whose budget was allotted last
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, organisation_id, id),
  unique (mall_id, account_id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id)
);
select base.declare_mall('partners.department', 'local');
create unique index department_name on partners.department (mall_id, organisation_id, name) where state = 'open';

-- Whoever leaves the company leaves its departments with it.
create table partners.department_member (
  mall_id bigint not null,
  department_id bigint not null,
  person_id bigint not null,
  organisation_id bigint not null,
  head boolean not null,
  order_limit_e4 bigint check (order_limit_e4 >= 0),   -- null: as the department says
  month_limit_e4 bigint check (month_limit_e4 >= 0),
  joined_at timestamptz not null,
  primary key (mall_id, department_id, person_id),
  foreign key (mall_id, organisation_id, department_id) references partners.department (mall_id, organisation_id, id),
  foreign key (mall_id, organisation_id, person_id) references tenancy.member (mall_id, organisation_id, person_id) on delete cascade
);
select base.declare_mall('partners.department_member', 'local');
create index department_member_person on partners.department_member (mall_id, organisation_id, person_id);

grant select on partners.department, partners.department_member to commissary_app, commissary_vault, commissary_report;
grant insert on partners.department, partners.department_member to commissary_app;
grant update (name, cost_centre, state, month_budget_e4, returns_rest, order_limit_e4, month_limit_e4, turned_on, updated_at)
  on partners.department to commissary_app;
grant update (head, order_limit_e4, month_limit_e4) on partners.department_member to commissary_app;
grant delete on partners.department_member to commissary_app;
