-- Purchase requests inside a buying company. What was asked is never changed; one decision, by another than who asked; at most
-- one order, which its number is the key of.

create schema requests;
grant usage on schema requests to commissary_app, commissary_vault, commissary_report;

create table requests.request (
  home_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  department_id bigint not null,
  asked_by bigint not null,
  request_no text not null check (length(request_no) between 1 and 64),   -- the page's key
  body bytea not null,                         -- hash of what was asked: the same number with another is refused
  reason text not null check (length(reason) <= 500),
  sealed bytea not null,                       -- top-up fields and recipients: personal data
  recipients integer not null check (recipients >= 0),
  currency text not null,
  amount_e4 bigint not null check (amount_e4 >= 0),   -- at the unit prices of its lines
  most_e4 bigint not null check (most_e4 >= 0),       -- what it may come to at the moment of the order
  state text not null check (state in ('asked', 'approved', 'placed', 'refused', 'withdrawn', 'failed')),
  alone boolean not null,                      -- within what the asker buys alone
  decided_by bigint,
  decided_at timestamptz,
  comment text not null default '' check (length(comment) <= 500),
  order_id bigint,
  failure text not null default '',            -- the refusal's code
  asked_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (home_id, id),
  unique (home_id, organisation_id, asked_by, request_no),
  unique (home_id, order_id),
  constraint request_second_person check (decided_by <> asked_by),
  constraint request_decided check (state not in ('refused', 'approved', 'placed', 'failed') or alone or decided_by is not null),
  constraint request_placed check ((state = 'placed') = (order_id is not null)),
  constraint request_within check (amount_e4 <= most_e4 or state <> 'placed')
);
select base.declare_distributed('requests.request');
create index request_list on requests.request (home_id, organisation_id, id);
create index request_approved on requests.request (home_id, id) where state = 'approved';
create index request_month on requests.request (home_id, department_id, asked_by, asked_at) where alone;

create table requests.line (
  home_id bigint not null,
  request_id bigint not null,
  line_no smallint not null check (line_no > 0),
  sku_id bigint not null,
  quantity integer not null check (quantity > 0),
  unit_price_e4 bigint not null check (unit_price_e4 >= 0),
  primary key (home_id, request_id, line_no),
  foreign key (home_id, request_id) references requests.request (home_id, id)
);
select base.declare_distributed('requests.line');

grant select on requests.request, requests.line to commissary_app, commissary_vault, commissary_report;
grant insert on requests.request, requests.line to commissary_app;
grant update (amount_e4, most_e4, state, alone, decided_by, decided_at, comment, order_id, failure, updated_at)
  on requests.request to commissary_app;
grant update (unit_price_e4) on requests.line to commissary_app;
