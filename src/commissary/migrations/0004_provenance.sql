-- Custody events: what happened to which codes, each with its salt and leaf, written in the transaction of the deed.
-- Sequencing and signed checkpoints are laid over these rows; the rows themselves never change.

create schema provenance;
grant usage on schema provenance to commissary_app, commissary_vault, commissary_report;

create table provenance.event (
  home_id bigint not null,
  subject_id bigint not null,          -- the order, or the batch before its codes are sold
  n smallint not null,                 -- number of the event within its subject; a sale's n is its line
  kind smallint not null,              -- provenance.types.Kind
  at timestamptz not null,
  body bytea not null,                 -- canonical event; parties and codes only as salted commitments
  salt bytea not null check (length(salt) = 16),
  leaf bytea not null check (length(leaf) = 32),  -- sha256(0x00 || body)
  primary key (home_id, subject_id, n)
);
select base.declare_distributed('provenance.event');
grant select, insert on provenance.event to commissary_app, commissary_vault;
grant select on provenance.event to commissary_report;

create function provenance.append(
  p_home bigint, p_at timestamptz, p_subjects bigint[], p_ns smallint[], p_kinds smallint[],
  p_bodies bytea[], p_salts bytea[], p_leaves bytea[]
) returns void language plpgsql as $$
begin
  insert into provenance.event (home_id, subject_id, n, kind, at, body, salt, leaf)
  select p_home, e.subject, e.n, e.kind, p_at, e.body, e.salt, e.leaf
  from unnest(p_subjects, p_ns, p_kinds, p_bodies, p_salts, p_leaves) as e (subject, n, kind, body, salt, leaf);
end $$;

create function provenance.next_n(p_home bigint, p_subject bigint) returns smallint language sql stable as
$$ select (coalesce(max(n), 0) + 1)::smallint from provenance.event where home_id = p_home and subject_id = p_subject $$;
