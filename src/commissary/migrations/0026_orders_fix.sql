-- A line that waits for its buyer to correct a field: which, and until when. It is one as long as its state is waiting and
-- its reason says so. What it held before a correction is kept, as sealed as it was.

alter table orders.line add column fix_field text, add column fix_by timestamptz;

create table orders.line_before (
  home_id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  n smallint not null check (n > 0),   -- the how-manieth correction replaced it
  fields bytea,
  target_index bytea,
  target_last text,
  at timestamptz not null,             -- when
  primary key (home_id, order_id, line_no, n)
);
select base.declare_distributed('orders.line_before');

grant update (fix_field, fix_by) on orders.line to commissary_vault;
grant select on orders.line_before to commissary_app, commissary_vault, commissary_report;
grant insert on orders.line_before to commissary_vault;
