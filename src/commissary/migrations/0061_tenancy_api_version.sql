-- A key speaks the version of the API that was the newest when it was made, until a call says another. Keys that are older than versions
-- speak the first.
alter table tenancy.api_key add column api_version text not null default '2026-11-01'
  check (api_version ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$');
