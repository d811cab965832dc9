-- Which files were applied and when, for whoever looks at the installation: a copy of the record in `public`, where no role of
-- the application comes. Every migration ends by bringing it up to date.
create table base.applied (
  name text primary key,
  at timestamptz not null
);
select base.declare_platform('base.applied', 'local');
grant select on base.applied to commissary_app, commissary_report;
