-- Who saw what in clear: one row per look, written before anything is shown; no right that the mall runs with changes or removes one.

create table tenancy.reveal (
  mall_id bigint not null,
  id bigint not null,
  at timestamptz not null,
  person_id bigint not null,
  organisation_id bigint not null,                        -- for whom he acted
  owner_id bigint not null,                               -- whose it is: he may read who looked
  ip text not null,
  kind text not null check (kind in ('code', 'fields', 'contact', 'file')),
  subject text not null check (length(subject) between 1 and 80),
  place text not null default '' check (length(place) <= 40),
  reason text not null check (length(reason) between 1 and 200),
  primary key (mall_id, id)
);
select base.declare_mall('tenancy.reveal', 'local');
create index reveal_person on tenancy.reveal (mall_id, person_id, at);
create index reveal_subject on tenancy.reveal (mall_id, subject, id);
create index reveal_owner on tenancy.reveal (mall_id, owner_id, id);

-- Held while a look is counted, so that looks at the same moment are counted one after the other.
create table tenancy.reveal_pace (
  mall_id bigint not null,
  person_id bigint not null,
  locked_until timestamptz,
  primary key (mall_id, person_id)
);
select base.declare_mall('tenancy.reveal_pace', 'local');

grant select, insert on tenancy.reveal to commissary_app, commissary_vault;
grant select, insert, update on tenancy.reveal_pace to commissary_app, commissary_vault;
grant select on tenancy.reveal, tenancy.reveal_pace to commissary_report;
