-- Accounts of top-ups: what a mall knows of numbers, whom it asks about them.

-- A mall's own number segments, finer or newer than the table in the package: the longest prefix counts.
create table catalog.number_segment (
  mall_id bigint not null,
  prefix text not null check (prefix ~ '^1[0-9]{2,10}$'),
  carrier text check (carrier in ('mobile', 'unicom', 'telecom', 'broadnet', 'virtual')),   -- null: as the table says
  region text check (region ~ '^CN-[A-Z]{2}$'),                                             -- null: not known
  valid_from timestamptz not null,
  source text not null check (length(source) between 1 and 200),
  primary key (mall_id, prefix, valid_from)
);
select base.declare_mall('catalog.number_segment', 'reference');

-- Single numbers: dead (空号), ported to another carrier (携号转网), or plain again. The newest row that holds counts. Kept as
-- blind index only: a list of telephone numbers is personal data.
create table catalog.number_note (
  mall_id bigint not null,
  number bytea not null check (length(number) = 16),
  state text not null check (state in ('dead', 'ported', 'plain')),
  carrier text check (carrier in ('mobile', 'unicom', 'telecom', 'broadnet', 'virtual')),   -- of a ported one, now
  valid_from timestamptz not null,
  source text not null check (length(source) between 1 and 200),
  primary key (mall_id, number, valid_from)
);
select base.declare_mall('catalog.number_note', 'reference');

-- Somebody who knows more about accounts than we do: asked before an order is taken.
create table catalog.account_checker (
  mall_id bigint primary key,
  url text not null check (length(url) between 1 and 500),
  secret bytea not null,               -- sealed; signs what we ask
  on_silence text not null check (on_silence in ('pass', 'refuse')),
  changed_at timestamptz not null
);
select base.declare_mall('catalog.account_checker', 'reference');

grant select on catalog.number_segment, catalog.number_note to commissary_app, commissary_vault, commissary_report;
grant select on catalog.account_checker to commissary_app;
grant insert, update on catalog.number_segment, catalog.number_note, catalog.account_checker to commissary_app;
grant delete on catalog.account_checker to commissary_app;
