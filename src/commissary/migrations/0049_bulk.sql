-- What people do to many things at once: files that come in, files that go out, and one act on many.

create schema bulk;
grant usage on schema bulk to commissary_app, commissary_vault, commissary_report;

-- A file that came in, from its first byte to what became of its rows.
create table bulk.upload (
  mall_id bigint not null,
  id bigint not null,
  kind text not null check (kind in ('codes', 'skus', 'prices')),
  state text not null default 'open'
    check (state in ('open', 'committing', 'done', 'failed', 'cancelled', 'discarded', 'expired')),
  has_source boolean not null default true,   -- its bytes, sealed, are still here
  file_name text not null check (length(file_name) <= 200),
  sha256 bytea not null check (length(sha256) = 32),
  size bigint not null check (size > 0),
  dialect jsonb not null,                      -- how the file is written
  layout jsonb not null,                       -- its columns, what each is, and where its header stands
  options jsonb not null default '{}',         -- what the file does not say itself
  version integer not null default 1,          -- raised by whatever changes what a commit would do
  report jsonb,                                -- of the last dry run, without any cell of the file
  report_version integer,                      -- of which version it speaks
  how jsonb,                                   -- how it was committed
  result jsonb,
  job_id bigint,
  made_by bigint not null,
  organisation_id bigint not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  undone_at timestamptz,
  primary key (mall_id, id),
  check ((state in ('open', 'committing')) = (ended_at is null)),
  check (state <> 'committing' or (job_id is not null and how is not null)),
  check (undone_at is null or state = 'done')
);
select base.declare_mall('bulk.upload', 'local');
create index upload_file on bulk.upload (mall_id, kind, sha256);
create index upload_due on bulk.upload (mall_id, expires_at) where has_source;

-- A row that a person mended or left out (null), sealed.
create table bulk.repair (
  mall_id bigint not null,
  upload_id bigint not null,
  line integer not null check (line > 0),
  cells bytea,
  primary key (mall_id, upload_id, line),
  foreign key (mall_id, upload_id) references bulk.upload (mall_id, id)
);
select base.declare_mall('bulk.repair', 'local');

-- What became of each row that a sheet of goods or prices held. Written in the transaction of its effect.
create table bulk.upload_row (
  mall_id bigint not null,
  upload_id bigint not null,
  line integer not null,
  outcome text not null check (outcome in ('created', 'updated', 'same', 'skipped', 'rejected')),
  subject_id bigint,
  reason text not null default '',             -- of a rejected one: the code of a refusal or of a fault
  detail text not null default '',
  before jsonb,                                -- what undo brings back
  version integer,                             -- of the subject as this row left it
  primary key (mall_id, upload_id, line),
  foreign key (mall_id, upload_id) references bulk.upload (mall_id, id)
);
select base.declare_mall('bulk.upload_row', 'local');

-- Which column is what, as it was said last time of a file with these headers.
create table bulk.mapping (
  mall_id bigint not null,
  kind text not null,
  headers bytea not null check (length(headers) = 32),
  roles jsonb not null,
  at timestamptz not null,
  primary key (mall_id, kind, headers)
);
select base.declare_mall('bulk.mapping', 'local');

-- One act on many subjects, resolved once: who they are does not depend on when the job runs.
create table bulk.act (
  mall_id bigint not null,
  id bigint not null,
  list text not null check (list in ('skus', 'batches', 'buyers', 'orders', 'work')),
  action text not null check (length(action) between 1 and 40),
  args jsonb not null,
  query jsonb,                                 -- the filter that named them; null: they were named one by one
  total integer not null check (total > 0),
  job_id bigint not null,
  made_by bigint not null,
  organisation_id bigint not null,
  made_at timestamptz not null,
  primary key (mall_id, id)
);
select base.declare_mall('bulk.act', 'local');

create table bulk.act_item (
  mall_id bigint not null,
  act_id bigint not null,
  n integer not null,
  subject_id bigint not null,
  line_no smallint not null default 0,
  -- begun: it may have been done although nobody noted it, when the process died between the two.
  state text not null default 'open' check (state in ('open', 'begun', 'done', 'same', 'refused')),
  reason text not null default '',
  detail text not null default '',
  primary key (mall_id, act_id, n),
  unique (mall_id, act_id, subject_id, line_no),
  foreign key (mall_id, act_id) references bulk.act (mall_id, id)
) with (fillfactor = 80);
select base.declare_mall('bulk.act_item', 'local');

-- A file that goes out. It can be fetched a few times within a day.
create table bulk.export (
  mall_id bigint not null,
  id bigint not null,
  list text not null check (list in ('orders', 'skus', 'buyers', 'transfers', 'audit', 'prices', 'codes')),
  format text not null check (format in ('csv', 'xlsx', 'zip')),
  query jsonb not null,
  file_name text not null,
  rows integer,
  size bigint,
  sha256 bytea,
  job_id bigint not null,
  made_by bigint not null,
  organisation_id bigint not null,
  made_at timestamptz not null,
  ready_at timestamptz,
  expires_at timestamptz not null,
  downloads smallint not null default 0,
  has_file boolean not null default false,
  password bytea,                              -- sealed, until it was shown once
  primary key (mall_id, id),
  check (downloads between 0 and 3)
);
select base.declare_mall('bulk.export', 'local');
create index export_due on bulk.export (mall_id, expires_at) where has_file;

-- Bytes of uploads and exports, sealed, a part a row.
create table bulk.part (
  mall_id bigint not null,
  file_id bigint not null,
  n integer not null,
  sealed bytea not null,
  primary key (mall_id, file_id, n)
);
alter table bulk.part alter column sealed set storage external;
select base.declare_mall('bulk.part', 'local');

grant select on bulk.upload, bulk.upload_row, bulk.mapping, bulk.act, bulk.act_item to commissary_app, commissary_vault, commissary_report;
grant select (mall_id, id, list, format, query, file_name, rows, size, sha256, job_id, made_by, organisation_id, made_at, ready_at,
  expires_at, downloads, has_file) on bulk.export to commissary_app, commissary_report;
grant insert, update on bulk.upload, bulk.mapping, bulk.act, bulk.act_item to commissary_app, commissary_vault;
grant insert on bulk.upload_row to commissary_app, commissary_vault;
grant select, insert, update on bulk.export to commissary_vault;
grant insert on bulk.export to commissary_app;
grant select, insert, delete on bulk.part to commissary_vault;
grant select, insert, update, delete on bulk.repair to commissary_vault;
