-- The transparency log over custody events: one per home. Its sequencer gives each event one gap-free position, off the
-- order path: placement locks none of these rows and writes none of them.

-- The log's head. Whoever appends or signs holds this row: the fence of the sequencer.
create table provenance.head (
  home_id bigint not null primary key,
  origin text not null check (length(origin) between 1 and 200),  -- the log's name, for ever
  size bigint not null default 0 check (size >= 0),
  signed bigint not null default 0,    -- the size of the last checkpoint
  swept_to bigint default 0,           -- events from before the log: subjects up to this one are in it; null: all are
  founded_at timestamptz not null,
  check (signed between 0 and size)
) with (fillfactor = 40);
select base.declare_distributed('provenance.head');

create table provenance.leaf (
  home_id bigint not null,
  position bigint not null check (position >= 0),
  subject_id bigint not null,
  n smallint not null,
  primary key (home_id, position),
  unique (home_id, subject_id, n)
);
select base.declare_distributed('provenance.leaf');

-- Hashes of the tree: at level 0 of leaves, above of full tiles of the level below. A tile only ever gets longer.
create table provenance.tile (
  home_id bigint not null,
  level smallint not null check (level between 0 and 7),
  number bigint not null check (number >= 0),
  hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
  primary key (home_id, level, number)
);
alter table provenance.tile alter column hashes set storage external;
select base.declare_distributed('provenance.tile');

create table provenance.checkpoint (
  home_id bigint not null,
  size bigint not null check (size > 0),
  root bytea not null check (length(root) = 32),
  note text not null,                  -- as signed by the log, without cosignatures
  at timestamptz not null,
  primary key (home_id, size)
);
select base.declare_distributed('provenance.checkpoint');

-- Ed25519 keys of a home: `log` signs its checkpoints, `witness` cosigns those of others.
create table provenance.signer (
  home_id bigint not null,
  part text not null check (part in ('log', 'witness')),
  name text not null,
  public bytea not null check (length(public) = 32),
  sealed bytea not null,               -- the private key
  made_at timestamptz not null,
  primary key (home_id, part)
);
select base.declare_distributed('provenance.signer');

-- Who cosigns our checkpoints, and how far he has seen the log.
create table provenance.witness (
  home_id bigint not null,
  id bigint not null,
  url text not null check (length(url) between 1 and 2048),
  vkey text not null,
  size bigint not null default 0 check (size >= 0),
  asked_at timestamptz,
  trouble text not null default '',    -- why the last request brought nothing
  primary key (home_id, id),
  unique (home_id, vkey)
) with (fillfactor = 60);
select base.declare_distributed('provenance.witness');

create table provenance.cosignature (
  home_id bigint not null,
  size bigint not null,
  witness_id bigint not null,
  line text not null,
  at timestamptz not null,
  primary key (home_id, size, witness_id)
);
select base.declare_distributed('provenance.cosignature');

-- Whose checkpoints we cosign, and the last one that we did.
create table provenance.watched (
  home_id bigint not null,
  origin text not null,
  vkey text not null,
  size bigint not null default 0 check (size >= 0),
  root bytea,
  note text not null default '',
  at timestamptz not null,
  primary key (home_id, origin)
);
select base.declare_distributed('provenance.watched');

grant select on provenance.head, provenance.leaf, provenance.tile, provenance.checkpoint, provenance.signer,
  provenance.witness, provenance.cosignature, provenance.watched to commissary_app, commissary_report;
grant select on provenance.head, provenance.leaf to commissary_vault;
grant insert on provenance.head, provenance.leaf, provenance.tile, provenance.checkpoint, provenance.signer,
  provenance.witness, provenance.cosignature, provenance.watched to commissary_app;
grant update (size, signed, swept_to) on provenance.head to commissary_app;
grant update (hashes) on provenance.tile to commissary_app;
grant update (size, asked_at, trouble) on provenance.witness to commissary_app;
grant update (size, root, note, at) on provenance.watched to commissary_app;

-- Which homes have something to do for the log. Runs before any mall is known, hence security definer.
create function provenance.homes_behind() returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  select h.home_id from base.homes_with_events('transparency') h
  union
  select h.home_id from provenance.head h where h.swept_to is not null or h.size > h.signed
$$;

create function provenance.homes_unwitnessed() returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  select h.home_id from provenance.head h
  where exists (select from provenance.witness w where w.home_id = h.home_id and w.size < h.signed)
$$;

create function provenance.homes_signed() returns table (home_id bigint, origin text, signed bigint)
language sql stable security definer set search_path = '' as
$$ select h.home_id, h.origin, h.signed from provenance.head h where h.signed > 0 $$;

revoke all on function provenance.homes_behind(), provenance.homes_unwitnessed(), provenance.homes_signed() from public;
grant execute on function provenance.homes_behind(), provenance.homes_unwitnessed(), provenance.homes_signed()
  to commissary_app;

-- For the audit, which recomputes the tree in the database: the roots of the perfect subtrees over a tile's hashes,
-- largest first.
create function provenance.peaks(p_hashes bytea) returns bytea[]
language plpgsql immutable set search_path = '' as $$
declare
  v_peaks bytea[] := '{}';
  v_top bytea;
  v_full integer;
begin
  for i in 0 .. length(p_hashes) / 32 - 1 loop
    v_top := substring(p_hashes from i * 32 + 1 for 32);
    v_full := i;
    while v_full & 1 = 1 loop
      v_top := sha256('\x01'::bytea || v_peaks[array_length(v_peaks, 1)] || v_top);
      v_peaks := trim_array(v_peaks, 1);
      v_full := v_full >> 1;
    end loop;
    v_peaks := v_peaks || v_top;
  end loop;
  return v_peaks;
end $$;

-- The root of the first p_size leaves, from the tiles; null when one is missing.
create function provenance.root_at(p_home bigint, p_size bigint) returns bytea
language plpgsql stable set search_path = '' as $$
declare
  v_peaks bytea[] := '{}';
  v_hashes bytea;
  v_width integer;
  v_root bytea;
begin
  for v_level in reverse 7 .. 0 loop
    v_width := (p_size >> (8 * v_level)) & 255;
    if v_width > 0 then
      select substring(t.hashes for v_width * 32) into v_hashes from provenance.tile t
        where t.home_id = p_home and t.level = v_level
          and t.number = case when v_level = 7 then 0 else p_size >> (8 * v_level + 8) end;
      if v_hashes is null or length(v_hashes) < v_width * 32 then
        return null;
      end if;
      v_peaks := v_peaks || provenance.peaks(v_hashes);
    end if;
  end loop;
  v_root := v_peaks[array_length(v_peaks, 1)];
  for i in reverse coalesce(array_length(v_peaks, 1), 0) - 1 .. 1 loop
    v_root := sha256('\x01'::bytea || v_peaks[i] || v_root);
  end loop;
  return coalesce(v_root, sha256(''::bytea));
end $$;
