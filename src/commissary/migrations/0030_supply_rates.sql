-- A purchase in another currency keeps the rate at which it was chosen; the shelf knows by which rates it was laid out.

alter table supply.attempt add column rate_id bigint;
alter table supply.attempt add column rate_e8 bigint;   -- null: in the mall's own currency
-- Whatever is older has neither; it need not be read through for that.
alter table supply.attempt add constraint attempt_rate check ((rate_id is null) = (rate_e8 is null) and rate_e8 > 0) not valid;

-- Per currency of a connection the rate by which the shelf was laid out last; null: there was none that is not stale.
create table supply.laid_rate (
  mall_id bigint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  rate_id bigint,
  primary key (mall_id, currency)
);
select base.declare_mall('supply.laid_rate', 'reference');

grant select (rate_id, rate_e8) on supply.attempt to commissary_app, commissary_report;
grant select on supply.laid_rate to commissary_app, commissary_vault, commissary_report;
grant insert, update on supply.laid_rate to commissary_app;
