-- The file of a supplier: who it is in law, its papers with dates and hashes, where its goods come from, what keeps it
-- from business, its terms. A supplier's standing is computed from these rows and never typed in.

-- Who the supplier is in law. Without a row: its organisation's name, in China.
create table partners.company (
  mall_id bigint not null,
  supplier_id bigint not null,
  legal_name text not null check (length(legal_name) between 1 and 200),
  registration_no text not null default '' check (length(registration_no) <= 64),
  country text not null check (country ~ '^[A-Z]{2}$'),
  owners bytea,                        -- beneficial owners, personal data: a sealed JSON list of names
  owners_count smallint not null default 0,
  updated_at timestamptz not null,
  primary key (mall_id, supplier_id),
  foreign key (mall_id, supplier_id) references partners.supplier (mall_id, id)
);
select base.declare_mall('partners.company', 'reference');

-- A paper. What was handed in never changes; what became of it does. No row is ever deleted.
create table partners.paper (
  mall_id bigint not null,
  id bigint not null,
  supplier_id bigint not null,
  kind text not null,
  number text not null default '' check (length(number) <= 100),
  issuer text not null default '' check (length(issuer) <= 200),   -- who gave it: an authority, or one link up
  holder text not null default '' check (length(holder) <= 200),   -- to whom: never a private person
  valid_from date not null,
  valid_to date,                       -- its last good day; null: without end
  sha256 bytea not null check (length(sha256) = 32),
  size_bytes bigint not null check (size_bytes > 0),
  file_name text not null default '' check (length(file_name) <= 200),
  replaces bigint,                     -- the paper that this one renews
  state text not null default 'submitted' check (state in ('submitted', 'accepted', 'refused', 'expired', 'withdrawn')),
  submitted_by text not null,
  submitted_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  reason text not null default '',
  primary key (mall_id, id),
  foreign key (mall_id, supplier_id) references partners.supplier (mall_id, id),
  foreign key (mall_id, replaces) references partners.paper (mall_id, id),
  check (valid_to is null or valid_to >= valid_from),
  check (state in ('submitted', 'withdrawn') or (decided_by is not null and decided_at is not null))
);
create index paper_supplier on partners.paper (mall_id, supplier_id, id);
create index paper_end on partners.paper (mall_id, valid_to) where state = 'accepted';
-- The same file is one paper.
create unique index paper_once on partners.paper (mall_id, supplier_id, kind, sha256) where state in ('submitted', 'accepted');
select base.declare_mall('partners.paper', 'reference');

-- Which brands a paper is about.
create table partners.paper_brand (
  mall_id bigint not null,
  paper_id bigint not null,
  brand_id bigint not null,
  primary key (mall_id, paper_id, brand_id),
  foreign key (mall_id, paper_id) references partners.paper (mall_id, id),
  constraint paper_brand_known foreign key (mall_id, brand_id) references catalog.brand (mall_id, id)
);
select base.declare_mall('partners.paper_brand', 'reference');

-- The document itself, sealed; larger ones stay with the mall, which their hash holds to its word.
create table partners.paper_file (
  mall_id bigint not null,
  paper_id bigint not null,
  sealed bytea not null,
  stored_at timestamptz not null,
  primary key (mall_id, paper_id),
  foreign key (mall_id, paper_id) references partners.paper (mall_id, id)
);
alter table partners.paper_file alter column sealed set storage external;
select base.declare_mall('partners.paper_file', 'local');

-- Which warnings of an end were told, so that each is told once.
create table partners.paper_alarm (
  mall_id bigint not null,
  paper_id bigint not null,
  days smallint not null check (days > 0),
  told_at timestamptz not null,
  primary key (mall_id, paper_id, days),
  foreign key (mall_id, paper_id) references partners.paper (mall_id, id)
);
select base.declare_mall('partners.paper_alarm', 'local');

-- What a mall asks for beside, or instead of, the rules that come with the product. Dated: the past keeps its own.
create table partners.paper_rule (
  mall_id bigint not null,
  id bigint not null,
  country text not null check (country ~ '^([A-Z]{2}|\*)$'),
  instrument_class text not null default '',   -- '': whatever the supplier sells
  kind text not null,
  needed boolean not null,
  valid_from date not null,
  valid_to date,                       -- its last day
  source text not null check (length(source) between 1 and 500),
  made_by text not null,
  made_at timestamptz not null,
  primary key (mall_id, id),
  unique (mall_id, country, instrument_class, kind, valid_from),
  check (valid_to is null or valid_to >= valid_from)
);
select base.declare_mall('partners.paper_rule', 'reference');

-- What the papers add up to: for the company (brand 0, no class), for a class of instruments with rules of its own, and
-- for each brand. True from the moment it was computed until `until` (null: without end), whoever asks when.
create table partners.standing (
  mall_id bigint not null,
  supplier_id bigint not null,
  brand_id bigint not null default 0,
  instrument_class text not null default '',
  ok boolean not null,
  ever_ok boolean not null,            -- what never stood cannot lapse
  grade text check (grade in ('A', 'B', 'C', 'X')),
  until timestamptz,
  missing text[] not null default '{}',
  hops bigint[] not null default '{}', -- the papers of the chain, from the brand down
  computed_at timestamptz not null,
  primary key (mall_id, supplier_id, brand_id, instrument_class),
  foreign key (mall_id, supplier_id) references partners.supplier (mall_id, id),
  check (brand_id = 0 or instrument_class = ''),
  check ((grade is not null) = (brand_id <> 0)),
  check (grade is null or ok = (grade <> 'X'))
);
select base.declare_mall('partners.standing', 'reference');

-- When something of it begins or ends next, and it must be computed anew.
alter table partners.supplier add column look_again_at timestamptz;
comment on column partners.supplier.grade is 'not used: the grade is computed, see partners.standing';
comment on column partners.supplier.settlement_days is 'what held before partners.terms had a row';

-- Lists of names with whom nobody may trade, as uploaded. The newest of a title counts.
create table partners.name_list (
  mall_id bigint not null,
  id bigint not null,
  title text not null check (length(title) between 1 and 200),
  source text not null check (length(source) between 1 and 500),
  dated date not null,
  names integer not null check (names > 0),
  sha256 bytea not null check (length(sha256) = 32),
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  replaced_at timestamptz,
  primary key (mall_id, id)
);
create unique index name_list_current on partners.name_list (mall_id, title) where replaced_at is null;
select base.declare_mall('partners.name_list', 'local');

create table partners.listed_name (
  mall_id bigint not null,
  list_id bigint not null,
  blind bytea not null check (length(blind) = 32),   -- keyed hash of the normalised name
  name text not null check (length(name) between 1 and 300),
  primary key (mall_id, list_id, blind),
  foreign key (mall_id, list_id) references partners.name_list (mall_id, id)
);
select base.declare_mall('partners.listed_name', 'local');

-- The names a supplier is looked up by: its own, its legal one, its owners'.
create table partners.screened_name (
  mall_id bigint not null,
  supplier_id bigint not null,
  blind bytea not null check (length(blind) = 32),
  primary key (mall_id, supplier_id, blind),
  foreign key (mall_id, supplier_id) references partners.supplier (mall_id, id)
);
select base.declare_mall('partners.screened_name', 'local');

-- While one is open (or confirmed) and not past its end, nothing is bought from the supplier.
create table partners.quarantine (
  mall_id bigint not null,
  id bigint not null,
  supplier_id bigint not null,
  cause text not null check (cause in ('by_hand', 'slow_topup', 'complaints', 'redeemed_early', 'name_list')),
  subject text not null default '',    -- of a name list: its title and the name's blind
  evidence jsonb not null default '{}',
  reason text not null check (length(reason) between 1 and 500),
  state text not null default 'open' check (state in ('open', 'released', 'confirmed')),
  until timestamptz,
  opened_by text not null,
  opened_at timestamptz not null,
  closed_by text,
  closed_at timestamptz,
  closing text not null default '',
  primary key (mall_id, id),
  foreign key (mall_id, supplier_id) references partners.supplier (mall_id, id),
  check ((state = 'open') = (closed_at is null)),
  check (state <> 'confirmed' or cause = 'name_list')
);
create index quarantine_supplier on partners.quarantine (mall_id, supplier_id, id);
create index quarantine_blocking on partners.quarantine (mall_id, supplier_id) where state <> 'released';
-- A name that somebody has looked at is not raised again by the next edition of its list.
create unique index quarantine_name on partners.quarantine (mall_id, supplier_id, subject) where cause = 'name_list';
select base.declare_mall('partners.quarantine', 'local');

-- What was agreed with a supplier, from a day on.
create table partners.terms (
  mall_id bigint not null,
  supplier_id bigint not null,
  valid_from date not null,
  valid_to date,                       -- its last day; null: until others follow
  settlement_days smallint not null check (settlement_days between 0 and 180),
  hold_days smallint not null default 0 check (hold_days between 0 and 180),
  deposit_e4 bigint not null default 0 check (deposit_e4 between 0 and 1000000000000000),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  set_by text not null,
  set_at timestamptz not null,
  primary key (mall_id, supplier_id, valid_from),
  foreign key (mall_id, supplier_id) references partners.supplier (mall_id, id),
  check (valid_to is null or valid_to >= valid_from)
);
select base.declare_mall('partners.terms', 'reference');

grant select on partners.paper, partners.paper_brand, partners.paper_rule, partners.standing, partners.quarantine, partners.terms,
  partners.company to commissary_app, commissary_vault, commissary_report;
grant select on partners.paper_file, partners.name_list, partners.listed_name, partners.screened_name, partners.paper_alarm to commissary_app;
grant insert, update on partners.company, partners.standing, partners.terms to commissary_app;
grant insert on partners.paper, partners.paper_brand, partners.paper_file, partners.paper_alarm, partners.name_list,
  partners.listed_name, partners.screened_name, partners.quarantine, partners.paper_rule to commissary_app;
grant update (state, decided_by, decided_at, reason) on partners.paper to commissary_app;
grant update (replaced_at) on partners.name_list to commissary_app;
grant update (state, closed_by, closed_at, closing) on partners.quarantine to commissary_app;
grant update (valid_to) on partners.paper_rule to commissary_app;
grant delete on partners.screened_name to commissary_app;
