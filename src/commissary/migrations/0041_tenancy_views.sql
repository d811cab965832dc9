-- Saved views: the search of a page of the console under a name, of one person or shared in his organisation.

create table tenancy.saved_view (
  mall_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  person_id bigint not null,                              -- who made it
  shared boolean not null,
  page text not null check (length(page) between 1 and 60),
  name text not null check (length(name) between 1 and 60),
  search text not null check (length(search) <= 2000),    -- the page's own parameters, as its address has them
  is_default boolean not null,
  position integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (mall_id, id),
  foreign key (mall_id, organisation_id) references tenancy.organisation (mall_id, id),
  foreign key (mall_id, person_id) references tenancy.person (mall_id, id)
);
select base.declare_mall('tenancy.saved_view', 'local');
create unique index view_default_own on tenancy.saved_view (mall_id, organisation_id, person_id, page) where is_default and not shared;
create unique index view_default_shared on tenancy.saved_view (mall_id, organisation_id, page) where is_default and shared;
create index view_list on tenancy.saved_view (mall_id, organisation_id, page);

grant select on tenancy.saved_view to commissary_app, commissary_vault, commissary_report;
grant insert, update, delete on tenancy.saved_view to commissary_app;
