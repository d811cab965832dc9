-- A top-up whose account a supplier called wrong waits for its buyer, who may correct it until a deadline.

-- How long a buyer may correct; without a row a day.
create table fulfilment.fix_terms (
  home_id bigint not null,
  open_minutes integer not null check (open_minutes between 5 and 43200),
  version integer not null default 1,
  set_by text not null,
  set_at timestamptz not null,
  primary key (home_id)
);
select base.declare_distributed('fulfilment.fix_terms');

create table fulfilment.fix_request (
  home_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  attempt_id bigint not null,          -- the purchase that failed
  field text not null,                 -- which of the line's fields
  reason text not null,
  corrections smallint not null default 0 check (corrections >= 0),   -- of this line, before this request
  state text not null check (state in ('open', 'corrected', 'expired', 'withdrawn')),
  asked_at timestamptz not null,
  deadline timestamptz not null check (deadline > asked_at),
  ended_at timestamptz,
  ended_by text not null default '',   -- who: a buyer's key, a person; empty: nobody, the time or the order's own end
  primary key (home_id, id),
  check ((state = 'open') = (ended_at is null))
);
-- A line waits for one correction at a time.
create unique index fix_request_open on fulfilment.fix_request (home_id, order_id, line_no) where state = 'open';
create index fix_request_line on fulfilment.fix_request (home_id, order_id, line_no, id);
create index fix_request_deadline on fulfilment.fix_request (home_id, deadline) where state = 'open';
select base.declare_distributed('fulfilment.fix_request');

grant select on fulfilment.fix_terms, fulfilment.fix_request to commissary_app, commissary_vault, commissary_report;
grant insert, update on fulfilment.fix_terms to commissary_app;
grant insert on fulfilment.fix_request to commissary_vault;
-- What was asked stays as it was asked.
grant update (state, ended_at, ended_by) on fulfilment.fix_request to commissary_vault;
