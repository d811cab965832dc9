-- What the people of an organisation are told of: one row per event that matters to them, for a while.
create table notify.notice (
  home_id bigint not null,
  id bigint not null,
  organisation_id bigint not null,
  kind text not null,
  subject_id bigint not null,
  about jsonb not null,                -- ids, words and money of the event; no code, no personal data
  event_seq bigint not null,           -- the outbox row and the place in it: the same event again adds none
  event_no integer not null,
  at timestamptz not null,
  primary key (home_id, id),
  unique (home_id, event_seq, event_no)
);
select base.declare_distributed('notify.notice');
create index notice_newest on notify.notice (home_id, organisation_id, id desc);

-- Up to which notice somebody has looked, in the organisation for which he acts.
create table notify.notice_seen (
  mall_id bigint not null,
  person_id bigint not null,
  organisation_id bigint not null,
  up_to bigint not null,
  primary key (mall_id, person_id, organisation_id)
);
select base.declare_mall('notify.notice_seen', 'local');

grant select, insert, delete on notify.notice to commissary_app;
grant select, insert, update on notify.notice_seen to commissary_app;
grant select on notify.notice, notify.notice_seen to commissary_report;
