-- Time stamps of a third party (RFC 3161) on checkpoints: at most one a day and home is asked for.

create table provenance.stamp (
  home_id bigint not null,
  size bigint not null,                -- of the checkpoint that was stamped
  at timestamptz not null,             -- what the authority says
  response bytea not null check (length(response) between 1 and 65536),   -- as it came: a TimeStampResp
  authority text not null,             -- its address
  primary key (home_id, size),
  foreign key (home_id, size) references provenance.checkpoint (home_id, size)
);
select base.declare_distributed('provenance.stamp');

-- Who asks next, and why the last request brought nothing.
create table provenance.stamping (
  home_id bigint not null primary key,
  due_at timestamptz not null,
  trouble text not null default ''     -- a code, never the authority's text
) with (fillfactor = 60);
select base.declare_distributed('provenance.stamping');

grant select on provenance.stamp, provenance.stamping to commissary_app, commissary_report;
grant insert on provenance.stamp, provenance.stamping to commissary_app;
grant update (due_at, trouble) on provenance.stamping to commissary_app;
