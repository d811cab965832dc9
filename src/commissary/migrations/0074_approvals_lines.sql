-- What an act of many parts would change, part by part, as it was asked for. Its digest is in what the request's seal is over.
create table approvals.line (
  mall_id bigint not null,
  request_id bigint not null,
  n integer not null check (n > 0),
  subject text not null,
  place text not null,
  before text not null,
  after text not null,
  currency text not null,
  move_bp integer,                            -- null: there is nothing to compare with
  warning text not null default '',           -- why to look at it twice
  primary key (mall_id, request_id, n),
  foreign key (mall_id, request_id) references approvals.request (mall_id, id)
);
select base.declare_mall('approvals.line', 'local');
create index line_warned on approvals.line (mall_id, request_id, n) where warning <> '';

grant select on approvals.line to commissary_app, commissary_vault, commissary_report;
grant insert on approvals.line to commissary_app, commissary_vault;
