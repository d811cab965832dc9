-- Two who change one record do not overwrite each other. Counted up by whatever an editor sees; what the machinery writes
-- beside it (health, stock, the turn of a month) leaves it.

alter table supply.policy add column version int not null default 1;
alter table supply.offer add column version int not null default 1;
