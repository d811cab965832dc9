-- When each key last called, and from where: one row of a key, changed at most once a second of a process.

create table insight.key_use (
  home_id bigint not null,
  key_id text not null,
  at timestamptz not null,
  ip text not null,
  primary key (home_id, key_id)
) with (fillfactor = 70);
select base.declare_distributed('insight.key_use');

grant select on insight.key_use to commissary_app, commissary_vault, commissary_report;
grant insert, update on insight.key_use to commissary_app;
