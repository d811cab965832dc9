-- Two who change one rule do not overwrite each other.

alter table risk.rule add column version int not null default 1;
