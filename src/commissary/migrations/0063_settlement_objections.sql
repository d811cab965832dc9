-- What a supplier's own people say against a line of a day, and what the mall answers.

-- About a line of the day's statement, or about a purchase that it has not.
create table settlement.objection (
  home_id bigint not null,
  id bigint not null,
  connection_id bigint not null,
  supplier_id bigint not null,
  day date not null,
  statement_id bigint,
  line_no integer,
  attempt_id bigint,
  note text not null check (length(note) between 1 and 2000),
  file_name text not null default '' check (length(file_name) <= 200),
  file_sha256 bytea check (length(file_sha256) = 32),
  file_bytes integer not null default 0,
  file bytea,                            -- sealed
  state text not null default 'open' check (state in ('open', 'accepted', 'refused')),
  reply text not null default '' check (length(reply) <= 2000),
  opened_by text not null,
  opened_at timestamptz not null,
  answered_by text,
  answered_at timestamptz,
  primary key (home_id, id),
  check ((line_no is null) = (statement_id is null)),
  check ((line_no is null) <> (attempt_id is null)),
  check ((file is null) = (file_sha256 is null)),
  check ((state = 'open') = (answered_at is null)),
  check ((answered_by is null) = (answered_at is null))
);
alter table settlement.objection alter column file set storage external;
-- One at a time about one thing.
create unique index objection_line on settlement.objection (home_id, statement_id, line_no)
  where state = 'open' and line_no is not null;
create unique index objection_purchase on settlement.objection (home_id, connection_id, day, attempt_id)
  where state = 'open' and attempt_id is not null;
create index objection_day on settlement.objection (home_id, connection_id, day);
create index objection_supplier on settlement.objection (home_id, supplier_id, id);
create index objection_open on settlement.objection (home_id, id) where state = 'open';
select base.declare_distributed('settlement.objection');
grant select, insert, update (file_name, file_sha256, file_bytes, file, state, reply, answered_by, answered_at)
  on settlement.objection to commissary_app;
grant select on settlement.objection to commissary_report;
