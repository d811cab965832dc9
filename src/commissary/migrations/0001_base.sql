-- The words every schema uses: which class a table has, row-level security, nodes, homes, the outbox.

create schema base;
grant usage on schema base to commissary_app, commissary_vault, commissary_report;

-- Every table is declared distributed (has home_id), reference (small, read-mostly) or local.
create table base.table_class (
  table_name text primary key,
  class text not null check (class in ('distributed', 'reference', 'local'))
);

-- The mall of the transaction, or null when none was set: then every policy below is false and no row is seen.
create function base.mall() returns bigint language sql stable
  return nullif(current_setting('app.mall', true), '')::bigint;

-- A range on home_id, not a shift: int8 comparison is leakproof and can use the index.
create function base.declare_distributed(p_table regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format(
    'create policy mall on %s
       using (home_id >= nullif(current_setting(''app.mall'', true), '''')::bigint << 10
          and home_id < (nullif(current_setting(''app.mall'', true), '''')::bigint + 1) << 10)
       with check (home_id >= nullif(current_setting(''app.mall'', true), '''')::bigint << 10
          and home_id < (nullif(current_setting(''app.mall'', true), '''')::bigint + 1) << 10)', p_table);
  insert into base.table_class values (p_table::text, 'distributed');
end $$;

-- Reference and local tables of one mall carry mall_id and an equality policy; tables of the platform carry neither.
create function base.declare_mall(p_table regclass, p_class text, p_column text default 'mall_id')
returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format(
    'create policy mall on %s
       using (%I = nullif(current_setting(''app.mall'', true), '''')::bigint)
       with check (%I = nullif(current_setting(''app.mall'', true), '''')::bigint)',
    p_table, p_column, p_column);
  insert into base.table_class values (p_table::text, p_class);
end $$;

create function base.declare_platform(p_table regclass, p_class text) returns void language sql as
$$ insert into base.table_class values (p_table::text, p_class) $$;

select base.declare_platform('base.table_class', 'local');
grant select on base.table_class to commissary_app, commissary_vault, commissary_report;

-- Node numbers of id generators. high_water keeps a restarted node from ever going backwards.
create table base.node (
  node integer primary key check (node between 0 and 1023),
  holder text not null,
  address text not null default '',
  high_water bigint not null default 0,
  expires_at timestamptz not null
);
select base.declare_platform('base.node', 'local');
grant select, insert, update on base.node to commissary_app, commissary_vault;
grant select on base.node to commissary_report;

-- The number of a home's last outbox row. Whoever publishes holds this row until commit, so seq order is commit order.
create table base.outbox_head (
  home_id bigint not null primary key,
  last_seq bigint not null
) with (fillfactor = 40);
select base.declare_distributed('base.outbox_head');

-- One row per transaction that published: `events` is a JSON array of events, each with its own per-order number.
create table base.outbox (
  home_id bigint not null,
  seq bigint not null,
  at timestamptz not null,
  events bytea not null,
  primary key (home_id, seq)
);
alter table base.outbox alter column events set storage external;
select base.declare_distributed('base.outbox');

create table base.outbox_position (
  home_id bigint not null,
  consumer text not null,
  seq bigint not null,
  primary key (home_id, consumer)
);
select base.declare_distributed('base.outbox_position');

grant select, insert, update on base.outbox_head to commissary_app, commissary_vault;
grant select, insert, delete on base.outbox to commissary_app, commissary_vault;
grant select, insert, update on base.outbox_position to commissary_app, commissary_vault;
grant select on base.outbox_head, base.outbox, base.outbox_position to commissary_report;

create function base.publish(p_home bigint, p_at timestamptz, p_events bytea) returns bigint
language plpgsql as $$
declare v_seq bigint;
begin
  update base.outbox_head set last_seq = last_seq + 1 where home_id = p_home returning last_seq into v_seq;
  if v_seq is null then
    insert into base.outbox_head values (p_home, 1)
      on conflict (home_id) do update set last_seq = outbox_head.last_seq + 1 returning last_seq into v_seq;
  end if;
  insert into base.outbox values (p_home, v_seq, p_at, p_events);
  return v_seq;
end $$;

-- Which homes have events that a consumer has not seen. Runs before any mall is known, hence security definer.
create function base.homes_with_events(p_consumer text)
returns table (home_id bigint, seq bigint, last_seq bigint)
language sql stable security definer set search_path = '' as $$
  select h.home_id, coalesce(p.seq, 0), h.last_seq
  from base.outbox_head h
  left join base.outbox_position p on p.home_id = h.home_id and p.consumer = p_consumer
  where h.last_seq > coalesce(p.seq, 0)
$$;
revoke all on function base.homes_with_events(text) from public;
grant execute on function base.homes_with_events(text) to commissary_app;

-- What a statement of the order path touched must be what it locked; anything else ends the transaction.
create function base.expect(p_got integer, p_wanted integer, p_what text) returns integer language plpgsql as $$
begin
  if p_got is distinct from p_wanted then
    raise exception '% % touched, % expected', p_got, p_what, p_wanted using errcode = 'triggered_action_exception';
  end if;
  return p_got;
end $$;
