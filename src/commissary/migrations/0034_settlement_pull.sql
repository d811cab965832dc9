-- Statements that are asked for: when, of whom, and what came of it. A day without orders has a statement without lines.

-- squawk-ignore ban-drop-constraint -- it only allows more; `stored` between 0 and `lines` holds on
alter table settlement.statement drop constraint statement_lines_check;

-- How a connection's statements come. `pulled_to`: days up to this one have their row in settlement.pull.
create table settlement.source (
  mall_id bigint not null,
  connection_id bigint not null,
  by text not null check (by in ('file', 'api')),
  hour smallint not null check (hour between 0 and 23),   -- of the day after, in `zone`; null: the mall's
  zone text,
  pulled_to date not null,
  set_by text not null,
  set_at timestamptz not null,
  primary key (mall_id, connection_id)
);
select base.declare_mall('settlement.source', 'reference');

-- A day whose statement is to come. Whoever asks for it holds the lease; `since` is when it was first expected.
create table settlement.pull (
  home_id bigint not null,
  connection_id bigint not null,
  day date not null,
  state text not null check (state in ('waiting', 'done')),
  tries integer not null default 0 check (tries >= 0),
  due_at timestamptz not null,
  since timestamptz not null,
  lease bigint not null default 0,
  leased_until timestamptz,
  error text not null default '',      -- a code, never a supplier's text
  told_at timestamptz,                 -- when its absence was told of
  ended_at timestamptz,
  primary key (home_id, connection_id, day),
  check ((state = 'done') = (ended_at is not null))
);
create index pull_due on settlement.pull (home_id, due_at) where state = 'waiting';
select base.declare_distributed('settlement.pull');

grant select on settlement.source, settlement.pull to commissary_app, commissary_vault, commissary_report;
grant insert, update on settlement.source, settlement.pull to commissary_app;
