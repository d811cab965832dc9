-- Two who change one record do not overwrite each other. Counted up by whatever an editor sees; what the machinery writes
-- beside it (health, stock, the turn of a month) leaves it.

alter table notify.endpoint add column version int not null default 1;
