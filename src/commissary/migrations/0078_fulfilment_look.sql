-- Where there is something to buy, to release or to end, of all malls in one look, so that malls in which nothing happens cost
-- nothing. It only says where: whoever hears of it asks again inside that mall and decides there. Closed malls are left out. It
-- runs before any mall is known, hence security definer, and tells homes and nothing else.
-- A walk goes from home to home, as in notify.homes_due: the backlog of one is not read.
-- `p_malls` have clocks of their own, which stand at `p_nows`; everybody else's stands at `p_now`.

-- Lines that wait for a supplier, but for those that wait for their buyer and those of (`p_homes`, `p_skus`), which nobody can
-- serve just now. Asked many times a second: as long as they are few they are read in one go, and only behind a backlog is
-- there a walk, which opens every month's partition at each home.
create function fulfilment.homes_to_buy(p_homes bigint[], p_skus bigint[]) returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  with recursive few as materialized (
    select l.home_id, l.sku_id, l.reason from orders.line l
    where l.state = 'waiting' and l.mode = 'supply' order by l.home_id limit 1000
  ), h (home) as (
    (select l.home_id from orders.line l
     where (select count(*) from few) = 1000 and l.state = 'waiting' and l.mode = 'supply' order by l.home_id limit 1)
    union all
    select (select l.home_id from orders.line l
            where l.state = 'waiting' and l.mode = 'supply' and l.home_id > h.home order by l.home_id limit 1)
    from h where h.home is not null
  ), found (home) as (
    select f.home_id from few f
    where (select count(*) from few) < 1000 and f.reason <> 'wrong_account'
      and not exists (select from unnest(p_homes, p_skus) as b (home, sku) where b.home = f.home_id and b.sku = f.sku_id)
    union
    select h.home from h
    where h.home is not null and exists (
      select from orders.line l
      where l.home_id = h.home and l.state = 'waiting' and l.mode = 'supply' and l.reason <> 'wrong_account'
        and not exists (select from unnest(p_homes, p_skus) as b (home, sku) where b.home = l.home_id and b.sku = l.sku_id))
  )
  select f.home from found f join tenancy.mall m on m.id = f.home >> 10 and m.status <> 'closed'
$$;

-- Plans with a part to look at.
create function fulfilment.homes_to_restock(p_now timestamptz, p_malls bigint[], p_nows timestamptz[])
returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  with recursive h (home) as (
    (select p.home_id from fulfilment.restock_part p where p.next_at is not null order by p.home_id limit 1)
    union all
    select (select p.home_id from fulfilment.restock_part p
            where p.next_at is not null and p.home_id > h.home order by p.home_id limit 1)
    from h where h.home is not null
  )
  select h.home from h join tenancy.mall m on m.id = h.home >> 10 and m.status <> 'closed'
  where h.home is not null and exists (
    select from fulfilment.restock_part p
    where p.home_id = h.home and p.next_at <= coalesce(p_nows[array_position(p_malls, h.home >> 10)], p_now))
$$;

-- Lines whose date has come.
create function fulfilment.homes_to_release(p_now timestamptz, p_malls bigint[], p_nows timestamptz[])
returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  with recursive h (home) as (
    (select l.home_id from orders.line l where l.state in ('review', 'scheduled', 'waiting', 'working')
     order by l.home_id limit 1)
    union all
    select (select l.home_id from orders.line l
            where l.state in ('review', 'scheduled', 'waiting', 'working') and l.home_id > h.home order by l.home_id limit 1)
    from h where h.home is not null
  )
  select h.home from h join tenancy.mall m on m.id = h.home >> 10 and m.status <> 'closed'
  where h.home is not null and exists (
    select from orders.line l
    where l.home_id = h.home and l.state = 'scheduled'
      and l.release_at <= coalesce(p_nows[array_position(p_malls, h.home >> 10)], p_now))
$$;

-- Corrections whose time is over, or whose line waits no more.
create function fulfilment.homes_to_end_fixes(p_now timestamptz, p_malls bigint[], p_nows timestamptz[])
returns table (home_id bigint)
language sql stable security definer set search_path = '' as $$
  select d.home_id from (
    select distinct r.home_id from fulfilment.fix_request r
    join orders.line l on l.home_id = r.home_id and l.order_id = r.order_id and l.line_no = r.line_no
    where r.state = 'open' and (l.state <> 'waiting' or l.reason <> 'wrong_account'
      or r.deadline <= coalesce(p_nows[array_position(p_malls, r.home_id >> 10)], p_now))
  ) d join tenancy.mall m on m.id = d.home_id >> 10 and m.status <> 'closed'
$$;

revoke all on function fulfilment.homes_to_buy(bigint[], bigint[]),
  fulfilment.homes_to_restock(timestamptz, bigint[], timestamptz[]),
  fulfilment.homes_to_release(timestamptz, bigint[], timestamptz[]),
  fulfilment.homes_to_end_fixes(timestamptz, bigint[], timestamptz[]) from public;
grant execute on function fulfilment.homes_to_buy(bigint[], bigint[]),
  fulfilment.homes_to_restock(timestamptz, bigint[], timestamptz[]),
  fulfilment.homes_to_release(timestamptz, bigint[], timestamptz[]),
  fulfilment.homes_to_end_fixes(timestamptz, bigint[], timestamptz[]) to commissary_app;
