-- Which of a supplier's people has a purchase in hand that waits for them.
create table fulfilment.in_hand (
  home_id bigint not null,
  attempt_id bigint not null,
  holder text not null check (length(holder) between 1 and 80),
  until_at timestamptz not null,
  primary key (home_id, attempt_id)
);
select base.declare_distributed('fulfilment.in_hand');

grant select, insert, update on fulfilment.in_hand to commissary_vault;
grant select on fulfilment.in_hand to commissary_app, commissary_report;
