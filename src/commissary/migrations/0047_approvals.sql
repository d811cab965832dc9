-- What waits for a second person. A request, its comments and its one decision are written once and never changed: the runtime's
-- roles may not update them.

create schema approvals;
grant usage on schema approvals to commissary_app, commissary_vault, commissary_report;

-- When an act needs a second person. An act without a row has the default of `approvals/rules.py`.
create table approvals.rule (
  mall_id bigint not null,
  act text not null,
  mode text not null check (mode in ('off', 'above', 'always')),
  above_e4 bigint check (above_e4 >= 0),                  -- in the mall's currency
  above_count integer check (above_count >= 0),           -- SKUs, codes, rights
  above_bp integer check (above_bp >= 0),                 -- how far a price moves
  role text not null default '',                          -- who decides, besides owners; '': whoever may decide at all
  due_minutes integer not null check (due_minutes between 1 and 43200),
  version integer not null check (version > 0),
  set_by text not null,
  set_at timestamptz not null,
  primary key (mall_id, act),
  check (mode <> 'above' or coalesce(above_e4, above_count::bigint, above_bp::bigint) is not null)
);
select base.declare_mall('approvals.rule', 'local');

create table approvals.request (
  mall_id bigint not null,
  id bigint not null,
  act text not null,                                      -- whose rule asks
  kind text not null,                                     -- what applies the payload
  subject text not null,
  maker_id bigint not null,
  organisation_id bigint not null,
  maker_ip text not null default '',
  reason text not null check (length(reason) <= 500),
  payload text not null,                                  -- canonical JSON: exactly what will be done
  holds text not null,                                    -- canonical JSON: what must still be true then
  before jsonb not null,
  after jsonb not null,
  amount_e4 bigint,
  currency text,
  weight_e4 bigint,                                       -- the amount in the mall's currency
  count integer,
  unit text,
  move_bp integer,
  role text not null,                                     -- as the rule said when it asked
  seal bytea not null check (length(seal) = 32),          -- keyed: over everything that is decided about
  asked_at timestamptz not null,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, id, maker_id),
  check ((amount_e4 is null) = (currency is null)),
  check ((count is null) = (unit is null)),
  check (expires_at > asked_at)
);
select base.declare_mall('approvals.request', 'local');
create index request_maker on approvals.request (mall_id, maker_id, id);

-- One per request: that is its key. Nobody decides about his own, neither himself nor in his own stead.
create table approvals.decision (
  mall_id bigint not null,
  request_id bigint not null,
  maker_id bigint not null,
  state text not null check (state in ('approved', 'refused', 'withdrawn', 'expired', 'failed')),
  decided_by bigint,
  instead_of bigint,                                      -- whose right it was, if he delegated it
  comment text not null default '' check (length(comment) <= 2000),
  failure text,                                           -- the code of the refusal that the act met
  result jsonb,
  decided_at timestamptz not null,
  primary key (mall_id, request_id),
  foreign key (mall_id, request_id, maker_id) references approvals.request (mall_id, id, maker_id),
  check (decided_by is null or (decided_by = maker_id) = (state = 'withdrawn')),
  check ((decided_by is null) = (state = 'expired')),
  check (instead_of is null or instead_of <> maker_id),
  check ((failure is not null) = (state = 'failed')),
  check (result is null or state = 'approved')
);
select base.declare_mall('approvals.decision', 'local');

create table approvals.comment (
  mall_id bigint not null,
  id bigint not null,
  request_id bigint not null,
  person_id bigint not null,
  words text not null check (length(words) between 1 and 2000),
  at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, request_id) references approvals.request (mall_id, id)
);
select base.declare_mall('approvals.comment', 'local');
create index comment_request on approvals.comment (mall_id, request_id, id);

-- Who decides in somebody's stead, for a while.
create table approvals.delegate (
  mall_id bigint not null,
  person_id bigint not null,
  delegate_id bigint not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  set_at timestamptz not null,
  primary key (mall_id, person_id),
  check (person_id <> delegate_id),
  check (until_at > from_at)
);
select base.declare_mall('approvals.delegate', 'local');

grant select on approvals.rule, approvals.request, approvals.decision, approvals.comment, approvals.delegate
  to commissary_app, commissary_vault, commissary_report;
grant insert on approvals.request, approvals.decision to commissary_app, commissary_vault;
grant insert on approvals.comment to commissary_app;
grant insert, update on approvals.rule to commissary_app;
grant insert, update, delete on approvals.delegate to commissary_app;
