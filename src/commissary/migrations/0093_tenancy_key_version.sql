-- Two who change a key's addresses do not overwrite each other. Counted up by whatever an editor sees; a new secret, or the key's
-- end, leaves it.

alter table tenancy.api_key add column version int not null default 1;
