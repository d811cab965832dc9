-- Work by hand: who took a line, and what buyers may read about it.

create schema fulfilment;
grant usage on schema fulfilment to commissary_app, commissary_vault, commissary_report;

create table fulfilment.claim (
  home_id bigint not null,
  order_id bigint not null,
  line_no smallint not null,
  person_id bigint not null,
  until_at timestamptz not null,
  primary key (home_id, order_id, line_no)
);
select base.declare_distributed('fulfilment.claim');

create table fulfilment.log (
  home_id bigint not null,
  order_id bigint not null,
  id bigint not null,
  line_no smallint not null,
  action text not null,
  detail_zh text not null default '',
  detail_en text not null default '',
  at timestamptz not null,
  primary key (home_id, order_id, id)
);
select base.declare_distributed('fulfilment.log');

grant select, insert, update, delete on fulfilment.claim to commissary_vault;
grant select, insert on fulfilment.log to commissary_vault;
grant select on fulfilment.claim, fulfilment.log to commissary_app, commissary_report;
